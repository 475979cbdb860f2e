import type { Span } from '@/api/types/policy'
import type { Say } from '@/shared/time/format'

/** A span of days in words; the end is the first day outside it, an open end says so. */
export function spanWords(span: Span, say: Say): string {
  return say(span.to ? 'policy.span' : 'policy.spanOpen', { from: span.from, to: span.to ?? '' })
}
