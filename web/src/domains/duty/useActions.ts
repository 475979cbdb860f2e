import { ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { notify } from '@/shared/notify'
import type { Language } from '@/api/problem'
import { asProblem } from '@/api/problem'
import type { Deadline } from '@/api/types/duty'
import { problemText } from '@/shared/forms/problem-text'
import { duty, type Verb } from './api'

/** Acting on deadlines: acknowledging needs one key, the rest asks for a word. */
export function useActions(changed: () => void) {
  const { t, locale } = useI18n()
  const asking = ref<{ deadline: Deadline; verb: Verb } | null>(null)

  function complain(thrown: unknown): void {
    const text = problemText(asProblem(thrown), locale.value as Language, t)
    notify.failed(`${text.message} ${text.action}`)
  }

  async function acknowledge(deadline: Deadline): Promise<void> {
    if (deadline.acknowledged_at) return
    try {
      await duty.act(deadline, 'acknowledge')
      notify.done(t('duty.done.acknowledge'))
    } catch (thrown) {
      complain(thrown)
    }
    changed()
  }

  async function acknowledgeAll(deadlines: readonly Deadline[]): Promise<void> {
    const open = deadlines.filter((one) => !one.acknowledged_at)
    const outcomes = await Promise.allSettled(open.map((one) => duty.act(one, 'acknowledge')))
    const refused = outcomes.filter((one) => one.status === 'rejected')
    const n = open.length - refused.length
    if (refused[0]) {
      const reason = problemText(asProblem(refused[0].reason), locale.value as Language, t).message
      notify.partly(t('duty.bulkPartly', { n, failed: refused.length, reason }))
    } else notify.done(t('duty.bulkDone', { n }))
    changed()
  }

  function ask(deadline: Deadline, verb: Verb): void {
    asking.value = { deadline, verb }
  }

  return { asking, ask, acknowledge, acknowledgeAll }
}
