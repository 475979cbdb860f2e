export const USER_STATES = ['active', 'locked', 'disabled', 'must_change_password'] as const

/** How loudly a person's state speaks. */
export function stateTone(state: string): 'good' | 'bad' | 'wait' | 'quiet' {
  if (state === 'active') return 'good'
  if (state === 'locked') return 'bad'
  return state === 'disabled' ? 'quiet' : 'wait'
}
