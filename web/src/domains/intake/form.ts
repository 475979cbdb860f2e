import type { CheckInput, Checked, Extracted, NewReport } from '@/api/types/intake'
import type { Note } from '@/shared/forms/field'

export type ReportForm = Omit<NewReport, 'stops'>
export type TransferLine = ReportForm['transfers'][number]
export type NamedLine = ReportForm['named'][number]
export type NamedKind = NamedLine['kind']

export const FLAGS = ['on_call', 'more_expected', 'screen_shared', 'hardship'] as const
export const NAMED_KINDS: readonly NamedKind[] = ['phone', 'link', 'app', 'chat', 'account']
/** The cells of a transfer an order stands on, in the order they are typed. */
export const CELLS = ['account', 'name', 'institution', 'amount', 'time'] as const
export type Cell = (typeof CELLS)[number]

export function emptyTransfer(): TransferLine {
  return {
    out_institution: '',
    out_account: '',
    out_name: '',
    institution: '',
    account: '',
    name: '',
    kind: 'personal',
    amount: '',
    time: '',
    method: '',
    serial: '',
  }
}

export function emptyForm(source = '96110'): ReportForm {
  return {
    source,
    received_at: null,
    classification: 'consummated',
    fraud_type: '',
    channels: [],
    deceived_at: '',
    story: '',
    reporter: { name: '', phone: '', relation: '' },
    victim: {
      name: '',
      id_number: '',
      phone: '',
      age: null,
      sex: '',
      occupation: '',
      address: '',
      vulnerabilities: [],
    },
    transfers: [emptyTransfer()],
    named: [],
    files: [],
    on_call: false,
    more_expected: false,
    screen_shared: false,
    hardship: false,
  }
}

export function isBlank(line: TransferLine): boolean {
  return ![line.account, line.name, line.institution, line.amount, line.time, line.serial].some((one) =>
    one?.trim(),
  )
}

/** What is sent: the lines that say something, and a received-at that the clock of entering starts from. */
export function toSend(form: ReportForm): ReportForm {
  return {
    ...form,
    transfers: form.transfers.filter((line) => !isBlank(line)),
    named: form.named.filter((line) => line.value.trim()),
  }
}

/** The body of a check: as it stands. */
export function toCheck(form: ReportForm, reportId: string | null): CheckInput {
  return { ...toSend(form), report_id: reportId }
}

/**
 * The server counts only the lines it was sent; here its paths are brought back to the lines of the screen:
 * `transfers.1.amount` may be the third line when the second is blank.
 */
export function toScreen(path: string, form: ReportForm): string {
  const [list, place, ...rest] = path.split('.')
  if ((list !== 'transfers' && list !== 'named') || place === undefined) return path
  const kept =
    list === 'transfers'
      ? form.transfers.flatMap((line, index) => (isBlank(line) ? [] : [index]))
      : form.named.flatMap((line, index) => (line.value.trim() ? [index] : []))
  return [list, kept[Number(place)] ?? place, ...rest].join('.')
}

/** What stands under each field: the fault first, else doubts and how it was read. Faults only where it was left. */
export function notesOf(
  checked: Checked | null,
  form: ReportForm,
  left: ReadonlySet<string>,
  say: (text: { zh: string; en: string }) => string,
): Record<string, Note[]> {
  const notes: Record<string, Note[]> = {}
  const put = (path: string, note: Note) => (notes[path] ??= []).push(note)
  for (const one of checked?.faults ?? []) {
    const path = toScreen(one.path, form)
    if (left.has(path)) put(path, { kind: 'fault', text: say(one.message) })
  }
  for (const one of checked?.hints ?? [])
    put(toScreen(one.path, form), { kind: one.kind, text: say(one.message) })
  return notes
}

/** Puts suggested transfers into the first blank lines; a line with the same account is filled up, not repeated. */
export function withSuggestions(form: ReportForm, found: Extracted): ReportForm {
  const lines = form.transfers.map((line) => ({ ...line }))
  for (const one of found.transfers) {
    const known = lines.find((line) => line.account.replace(/\s/g, '') === one.account)
    const target = known ?? lines.find(isBlank)
    const filled = target ?? emptyTransfer()
    for (const cell of CELLS) if (!filled[cell].trim()) filled[cell] = one[cell]
    if (!target) lines.push(filled)
  }
  return { ...form, transfers: lines, named: [...form.named, ...newNames(form, found)] }
}

function newNames(form: ReportForm, found: Extracted): NamedLine[] {
  const own = new Set([form.victim.phone, form.reporter.phone].map((one) => one.replace(/\D/g, '')))
  const have = new Set(form.named.map((line) => `${line.kind}|${line.value}`))
  const lines: NamedLine[] = []
  for (const one of found.found) {
    if (!['phone', 'link', 'app', 'chat'].includes(one.kind)) continue
    if (one.kind === 'phone' && own.has(one.value)) continue
    const key = `${one.kind}|${one.value}`
    if (have.has(key)) continue
    have.add(key)
    lines.push({ kind: one.kind as NamedKind, value: one.value })
  }
  return lines
}

/** The identity number in a narrative, for the victim's field where that is still empty. */
export function identityIn(found: Extracted): string {
  return found.found.find((one) => one.kind === 'id_number')?.value ?? ''
}
