import { computed, ref, shallowRef } from 'vue'
import { asProblem, fieldMessages, type Problem } from '@/api/problem'
import { language } from '@/shared/i18n'

/** Runs acts that may be refused, one at a time, remembers the refusal, and hands each input its own message. */
export function useProblem() {
  const problem = shallowRef<Problem | null>(null)
  const busy = ref(false)
  let looks = 0
  let unseen: Problem | null = null
  const fields = computed(() => fieldMessages(problem.value, language()))

  async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (busy.value) return undefined
    busy.value = true
    problem.value = null
    try {
      return await work()
    } catch (thrown) {
      problem.value = asProblem(thrown)
      return undefined
    } finally {
      busy.value = false
    }
  }

  /** Reads what a page shows: holds up no act, and of several only the last one's answer counts. */
  async function look<T>(read: () => Promise<T>): Promise<T | undefined> {
    const mine = ++looks
    try {
      const found = await read()
      if (mine !== looks) return undefined
      if (problem.value === unseen) problem.value = null
      return found
    } catch (thrown) {
      if (mine === looks) problem.value = unseen = asProblem(thrown)
      return undefined
    }
  }

  return { problem, busy, fields, attempt, look, clear: () => (problem.value = null) }
}
