import type { Run } from '@/api/types/twin'
import type { Tone } from '@/shared/components/StatusTag.vue'

export const RUN_STATES = ['WAITING', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED'] as const

const TONES: Record<Run['state'], Tone> = {
  WAITING: 'wait',
  RUNNING: 'busy',
  DONE: 'good',
  FAILED: 'bad',
  CANCELLED: 'quiet',
}

export const runTone = (state: Run['state']): Tone => TONES[state]
export const atWork = (run: Pick<Run, 'state'>): boolean => run.state === 'WAITING' || run.state === 'RUNNING'
