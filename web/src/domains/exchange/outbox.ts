export const OUTBOX_STATES = ['pending', 'sending', 'sent', 'dead', 'abandoned'] as const

export function outboxTone(state: string): 'good' | 'busy' | 'wait' | 'bad' | 'quiet' {
  if (state === 'sent') return 'good'
  if (state === 'dead') return 'bad'
  if (state === 'abandoned') return 'quiet'
  return state === 'sending' ? 'busy' : 'wait'
}

export const INBOX_STATES = ['received', 'taken', 'refused'] as const

export function inboxTone(state: string): 'good' | 'bad' | 'wait' {
  if (state === 'taken') return 'good'
  return state === 'refused' ? 'bad' : 'wait'
}
