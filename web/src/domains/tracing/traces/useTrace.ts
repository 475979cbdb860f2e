import { computed, ref, shallowRef, watch, type Ref } from 'vue'
import { asProblem, type Problem } from '@/api/problem'
import type { TraceDetail, TraceResult, TraceRule } from '@/api/types/traces'
import { useTopics } from '@/shared/live/useTopics'
import { traces } from './api'

/** One trace and what the chosen rule says of it; results are kept for as long as the trace stands as it is. */
export function useTrace(id: Ref<string>, wanted: Ref<TraceRule | null>) {
  const trace = ref<TraceDetail | null>(null)
  const result = shallowRef<TraceResult | null>(null)
  const problem = ref<Problem | null>(null)
  const resultProblem = ref<Problem | null>(null)
  const kept = new Map<TraceRule, TraceResult>()
  const rule = computed<TraceRule>(() => wanted.value ?? trace.value?.rule ?? 'fifo')
  let keptFor = ''

  async function load(): Promise<void> {
    const asked = id.value
    try {
      const found = await traces.one(asked)
      if (asked === id.value) await take(found)
    } catch (thrown) {
      problem.value = asProblem(thrown)
    }
  }

  async function take(found: TraceDetail): Promise<void> {
    trace.value = found
    problem.value = null
    const name = `${found.id} ${found.version}`
    if (name !== keptFor) kept.clear()
    keptFor = name
    await show()
  }

  /** Shows what the rule says; what was shown before stays until the new one is there. */
  async function show(): Promise<void> {
    const one = trace.value
    const asked = rule.value
    if (!one?.rules.includes(asked)) {
      result.value = null
      return
    }
    try {
      const found = kept.get(asked) ?? (await traces.result(one.id, asked))
      if (asked !== rule.value || one.id !== id.value) return
      kept.set(asked, found)
      result.value = found
      resultProblem.value = null
    } catch (thrown) {
      resultProblem.value = asProblem(thrown)
    }
  }

  watch(
    id,
    () => {
      trace.value = null
      result.value = null
      void load()
    },
    { immediate: true },
  )
  watch(rule, () => void show())
  useTopics(['trace', 'import'], () => void load())
  return { trace, result, rule, problem, resultProblem, load, take }
}
