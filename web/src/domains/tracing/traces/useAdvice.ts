import { ref, shallowRef, watch, type Ref } from 'vue'
import { asProblem, type Problem } from '@/api/problem'
import type { Advice } from '@/api/types/advice'
import type { TraceDetail } from '@/api/types/traces'
import { useTopics } from '@/shared/live/useTopics'
import { traces } from './api'

const AGAIN_MS = 60_000

/** What to do next on a trace; reckoned again when an order or the trace moves, and every minute while it is live. */
export function useAdvice(trace: Ref<TraceDetail | null>) {
  const advice = shallowRef<Advice | null>(null)
  const problem = ref<Problem | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined

  async function load(): Promise<void> {
    clearTimeout(timer)
    const one = trace.value
    if (!one?.rules.length) {
      advice.value = null
      return
    }
    try {
      const found = await traces.next(one.id)
      if (one.id !== trace.value?.id) return
      advice.value = found
      problem.value = null
      if (found.live) timer = setTimeout(() => void load(), AGAIN_MS)
    } catch (thrown) {
      problem.value = asProblem(thrown)
    }
  }

  watch(
    () => `${trace.value?.id} ${trace.value?.version}`,
    () => void load(),
    { immediate: true },
  )
  useTopics(['order', 'trace'], () => void load())
  return { advice, problem, load, stop: () => clearTimeout(timer) }
}
