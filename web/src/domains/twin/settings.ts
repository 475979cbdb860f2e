import type { Pace, Policy, RunDetail, RunInput, Side } from '@/api/types/twin'

/** What a question holds while it is typed; every field of a setting is there. */
export type FullSide = Required<Side>

export interface Question {
  title: string
  a: FullSide
  b: FullSide
  worlds: number
  cases: number
  seed: number
}

export const POLICIES: readonly Policy[] = ['advice', 'tier', 'balance', 'newest', 'none']
export const PACES: readonly Pace[] = ['slow', 'usual', 'fast']
export const FIELDS = ['policy', 'delay', 'officers', 'banks', 'mules'] as const
export type SideField = (typeof FIELDS)[number]
export const LIMITS = { worlds: [2, 60], cases: [1, 6], delay: [1, 1440], officers: [1, 20] } as const

const USUAL: FullSide = { policy: 'advice', delay: 30, officers: 1, banks: 'usual', mules: 'usual' }

/** What leaders ask, by name: the setting as it is, and the one they wonder about. */
export const PRESETS = {
  sooner: { a: USUAL, b: { ...USUAL, delay: 20 } },
  officers: { a: { ...USUAL, delay: 10 }, b: { ...USUAL, delay: 10, officers: 2 } },
  banks: { a: USUAL, b: { ...USUAL, banks: 'slow' } },
  mules: { a: USUAL, b: { ...USUAL, mules: 'fast' } },
  policy: { a: { ...USUAL, policy: 'tier' }, b: USUAL },
} as const satisfies Record<string, { a: FullSide; b: FullSide }>

export type Preset = keyof typeof PRESETS

export function fresh(title: string): Question {
  return { title, ...PRESETS.sooner, worlds: 30, cases: 2, seed: 3000 }
}

/** An earlier run as a question again; with `more`, in twice as many of the same worlds. */
export function again(run: RunDetail, more: boolean): Question {
  const { title, cases, seed } = run
  const worlds = more ? Math.min(run.worlds * 2, LIMITS.worlds[1]) : run.worlds
  return { title, a: { ...USUAL, ...run.a }, b: { ...USUAL, ...run.b }, worlds, cases, seed }
}

export function asInput(question: Question): RunInput {
  return { ...question, title: question.title.trim() }
}

/** The fields in which two settings differ. */
export function differing(a: Side, b: Side): SideField[] {
  return FIELDS.filter((field) => a[field] !== b[field])
}
