import type { Tone } from '@/shared/components/StatusTag.vue'

export const REPORT_STATES = [
  'RECEIVED',
  'CLASSIFIED',
  'ENTERED',
  'IN_DISPOSAL',
  'CASE_ACCEPTED',
  'REFERRED',
  'CLOSED',
] as const
export const CLASSES = ['consummated', 'attempted', 'enquiry', 'not_fraud', 'duplicate'] as const
export const URGENT = 3

const TONES: Record<string, Tone> = {
  RECEIVED: 'wait',
  CLASSIFIED: 'wait',
  ENTERED: 'busy',
  IN_DISPOSAL: 'busy',
  CASE_ACCEPTED: 'good',
}

/** How a report's state is drawn. */
export function reportTone(state: string): Tone {
  return TONES[state] ?? 'quiet'
}
