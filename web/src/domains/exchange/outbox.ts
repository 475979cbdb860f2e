export const OUTBOX_STATES = ['pending', 'sending', 'sent', 'dead', 'abandoned'] as const

export function outboxTone(state: string): 'good' | 'busy' | 'wait' | 'bad' | 'quiet' {
  if (state === 'sent') return 'good'
  if (state === 'dead') return 'bad'
  if (state === 'abandoned') return 'quiet'
  return state === 'sending' ? 'busy' : 'wait'
}
