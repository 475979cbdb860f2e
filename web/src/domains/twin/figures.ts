import type { Figure, Interval } from '@/api/types/twin'
import { grouped } from '@/shared/numbers'

export type Key = Figure['key']
type Kind = 'yuan' | 'share' | 'count' | 'hundred'

interface Measure {
  kind: Kind
  /** which way is better; effort is neither */
  better: 'more' | 'less' | null
}

export const MEASURES: Record<Key, Measure> = {
  saved_fen: { kind: 'yuan', better: 'more' },
  saved_of_lost: { kind: 'share', better: 'more' },
  saved_of_stealable: { kind: 'share', better: 'more' },
  saved_of_oracle: { kind: 'share', better: 'more' },
  stops: { kind: 'count', better: null },
  asks: { kind: 'count', better: null },
  minutes: { kind: 'count', better: null },
  innocents: { kind: 'hundred', better: 'less' },
  innocents_fen: { kind: 'yuan', better: 'less' },
}

/** The shares that the chart shows, on one axis. */
export const CHARTED: readonly Key[] = ['saved_of_lost', 'saved_of_stealable', 'saved_of_oracle']

/** A figure in its unit: fen as whole yuan, a share in per cent, the rest with one decimal. */
export function shown(value: number, key: Key): string {
  const minus = value < 0 ? '−' : ''
  const size = Math.abs(value)
  const text = {
    yuan: () => grouped(size / 100),
    share: () => `${(size * 100).toFixed(1)}%`,
    count: () => size.toFixed(1),
    hundred: () => (size * 100).toFixed(1),
  }[MEASURES[key].kind]()
  return /[1-9]/.test(text) ? minus + text : text
}

/** The same with its sign always there, for differences; nought has none. */
export function signed(value: number, key: Key): string {
  const text = shown(value, key)
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text
}

type Verdict = Figure['verdict']
export type Standing = 'better' | 'worse' | 'other' | 'open' | 'equal'

/** What a verdict means for the one who asks: better or worse where that can be said, open until it is settled. */
export function standing(key: Key, verdict: Verdict): Standing {
  if (verdict === 'unsettled' || verdict === 'too_few') return 'open'
  if (verdict === 'apart') return 'other'
  if (verdict === 'equal') return 'equal'
  const { better } = MEASURES[key]
  if (!better) return 'other'
  return verdict === better ? 'better' : 'worse'
}

/** Where a bar with its whiskers stands on an axis from 0 to `most`, in per cent of its width. */
export function placed(of: Interval, most: number): Interval {
  const at = (value: number) => Math.min(Math.max(value / most, 0), 1) * 100
  return { value: at(of.value), low: at(of.low), high: at(of.high) }
}

/** How far the axis of shares goes: 100 %, or the next quarter above what the highest whisker reaches. */
export function axisOf(figures: readonly Figure[]): number {
  const highest = figures
    .filter((one) => CHARTED.includes(one.key))
    .flatMap((one) => [one.a?.high ?? 0, one.b?.high ?? 0])
  return Math.max(1, Math.ceil(Math.max(0, ...highest) * 4 - 1e-9) / 4)
}

/** Where the axis is marked, as shares: each quarter, or each whole where there are many. */
export function ticks(most: number): number[] {
  const step = most > 2 ? 1 : 0.25
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, place) => place * step)
}
