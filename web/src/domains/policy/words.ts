import type { Say } from '@/shared/time/format'

/** The days a rule applies, in words; `until` is the first day outside them, an open end says so. */
export function spanWords(since: string, until: string | null, say: Say): string {
  return say(until ? 'policy.span' : 'policy.spanOpen', { from: since, to: until ?? '' })
}
