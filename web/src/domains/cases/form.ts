import type { CaseChecked, NewCase } from '@/api/types/cases'
import type { Note } from '@/shared/forms/field'

export type VictimLine = NewCase['victims'][number]

export const SOURCES = ['found', 'clue', 'referred'] as const
/** The cells of a victim's line, in the order they are typed; the first two must be there. */
export const CELLS = ['name', 'loss', 'phone', 'id_number', 'institution', 'account'] as const

export function emptyVictim(): VictimLine {
  return { name: '', loss: '', phone: '', id_number: '', institution: '', account: '' }
}

export function emptyCase(): NewCase {
  return { source: 'found', fraud_type: '', story: '', victims: [emptyVictim()] }
}

export function isBlank(line: VictimLine): boolean {
  return CELLS.every((cell) => !line[cell].trim())
}

/** The places of the lines that say something; with none, the first one stands for what is missing. */
export function saidIn(lines: readonly VictimLine[]): number[] {
  const said = lines.flatMap((line, place) => (isBlank(line) ? [] : [place]))
  return said.length ? said : [0]
}

export function toSend(form: NewCase): NewCase {
  return { ...form, victims: saidIn(form.victims).map((place) => form.victims[place]!) }
}

/** The server counts the lines it was sent: `victims.1.loss` may be the third line when the second is blank. */
export function toScreen(path: string, lines: readonly VictimLine[]): string {
  const [list, place, ...rest] = path.split('.')
  if (list !== 'victims' || place === undefined) return path
  return [list, saidIn(lines)[Number(place)] ?? place, ...rest].join('.')
}

/** What must be filled in and is not, by the fields' places on the screen. */
export function missingIn(form: NewCase): string[] {
  const plain = (['fraud_type', 'story'] as const).filter((field) => !form[field].trim())
  const cells = saidIn(form.victims).flatMap((place) =>
    (['name', 'loss'] as const)
      .filter((cell) => !form.victims[place]![cell].trim())
      .map((cell) => `victims.${place}.${cell}`),
  )
  return [...plain, ...cells]
}

/** The first field on the screen that something is wrong with. */
export function firstOf(
  errors: Readonly<Record<string, string>>,
  lines: readonly VictimLine[],
): string | null {
  const cells = lines.flatMap((_, place) => CELLS.map((cell) => `victims.${place}.${cell}`))
  return ['fraud_type', 'story', ...cells].find((path) => errors[path]) ?? null
}

/** Whether a field still holds what it held: a refusal of it is shown for as long. */
export function sameAt(path: string, one: NewCase, other: NewCase | null): boolean {
  const at = (form: unknown): unknown =>
    path.split('.').reduce((found, key) => (found as Record<string, unknown> | undefined)?.[key], form)
  return at(one) === at(other ?? undefined)
}

/** What stands under each cell: faults once the cell was left, and how a loss was read. */
export function notesOf(
  checked: CaseChecked | null,
  lines: readonly VictimLine[],
  left: ReadonlySet<string>,
  words: { say: (text: { zh: string; en: string }) => string; read: (fen: number) => string },
): Record<string, Note[]> {
  const notes: Record<string, Note[]> = {}
  for (const one of checked?.faults ?? []) {
    const path = toScreen(one.path, lines)
    if (left.has(path)) notes[path] = [{ kind: 'fault', text: words.say(one.message) }]
  }
  checked?.losses.forEach((fen, sent) => {
    const path = toScreen(`victims.${sent}.loss`, lines)
    if (fen !== null) notes[path] = [{ kind: 'read', text: words.read(fen) }]
  })
  return notes
}
