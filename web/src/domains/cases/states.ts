import type { Tone } from '@/shared/components/StatusTag.vue'

export const CASE_STATES = [
  'ACCEPTED',
  'UNDER_REVIEW',
  'FILED',
  'NOT_FILED',
  'TRANSFERRED',
  'INVESTIGATING',
  'CLOSED',
  'WITHDRAWN',
] as const

const TONES: Record<string, Tone> = {
  ACCEPTED: 'busy',
  UNDER_REVIEW: 'wait',
  FILED: 'good',
  INVESTIGATING: 'busy',
}

/** How a case's state is drawn. */
export function caseTone(state: string): Tone {
  return TONES[state] ?? 'quiet'
}
