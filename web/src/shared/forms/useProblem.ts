import { computed, ref } from 'vue'
import { asProblem, fieldMessages, type Problem } from '@/api/problem'
import { language } from '@/shared/i18n'

/** Runs what may be refused, remembers the refusal, and hands each input its own message. */
export function useProblem() {
  const problem = ref<Problem | null>(null)
  const busy = ref(false)
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

  return { problem, busy, fields, attempt, clear: () => (problem.value = null) }
}
