import { ref } from 'vue'
import { auth } from '@/api/auth'
import { useSession } from '@/shared/stores/session'
import type { Step } from './api'

const FLAG = 'rongdun.drill'

/** Whether this browser is walking: the bar over the pages is shown to whoever took a call here. */
export const walking = ref(sessionStorage.getItem(FLAG) === 'on')

export function walk(on: boolean): void {
  walking.value = on
  if (on) sessionStorage.setItem(FLAG, 'on')
  else sessionStorage.removeItem(FLAG)
}

/** What everybody watching a drill wants to hear of. */
export const TOPICS = ['report', 'order', 'case', 'trace', 'import', 'return', 'return_order'] as const

/** The first step that is not done; undefined once the money is back. */
export function current(steps: readonly Step[]): Step | undefined {
  return steps.find((step) => !step.done)
}

/** Goes on as the account a step needs, on the page where it is done; the page is loaded anew as somebody else. */
export async function goOnAs(step: Step): Promise<void> {
  const session = useSession()
  if (step.login && step.login !== session.me?.user.login) {
    const { demo_accounts } = await session.loadOptions()
    const account = demo_accounts.find((one) => one.login === step.login)
    if (account) {
      await auth.logout()
      await auth.login(account.login, account.password)
    }
  }
  window.location.assign(step.page)
}
