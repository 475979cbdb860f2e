import type { Say } from './naming'

/** Steps of a short figure, the largest first: yuan it begins at, what it is divided by, and its word. */
const CHINESE = [
  [100_000_000, 100_000_000, 'yi'],
  [10_000, 10_000, 'wan'],
] as const
const WESTERN = [
  [1_000_000, 1_000_000, 'yi'],
  [10_000, 1_000, 'wan'],
] as const

/** Fen as a node shows them, in ten thousands and hundred millions (in English thousands and millions); cut, never
 * rounded up, so that no node shows more than is there. */
export function shortYuan(fen: number, say: Say, language: string): string {
  const yuan = Math.trunc(Math.abs(fen) / 100)
  const step = (language === 'en' ? WESTERN : CHINESE).find(([from]) => yuan >= from)
  const sign = fen < 0 ? '−' : ''
  if (!step) return sign + say('traces.short.yuan', { n: yuan })
  return sign + say(`traces.short.${step[2]}`, { n: cut(yuan / step[1]) })
}

function cut(amount: number): string {
  return String(Math.trunc(amount * 100 + 1e-6) / 100)
}

/** How much of what was taken each sum is, whole percents that add up to a hundred. */
export function parts(sums: readonly number[]): number[] {
  const total = sums.reduce((one, two) => one + two, 0)
  if (total <= 0) return sums.map(() => 0)
  const exact = sums.map((sum) => (100 * sum) / total)
  const whole = exact.map(Math.floor)
  const rest = 100 - whole.reduce((one, two) => one + two, 0)
  const byRest = exact.map((one, place) => [one - whole[place]!, place] as const).sort((a, b) => b[0] - a[0])
  byRest.slice(0, rest).forEach(([, place]) => (whole[place] = whole[place]! + 1))
  return whole
}
