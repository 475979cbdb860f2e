import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { asProblem, type Problem } from '@/api/problem'
import type { TableQuery } from '@/api/client'
import type { Page } from '@/api/types/common'
import { useTopics } from '@/shared/live/useTopics'
import { defaultState, fromRoute, toRoute, toServer, type TableState } from './state'

export interface TableOptions<Row> {
  load: (query: TableQuery, signal: AbortSignal) => Promise<Page<Row>>
  defaults?: Partial<TableState>
  topics?: readonly string[]
  /** further parameters the address of the table takes, such as a date */
  params?: () => Record<string, string>
}

/** One table's state, bound to the address bar, and the rows that belong to it. */
export function useTable<Row>(options: TableOptions<Row>) {
  const route = useRoute()
  const router = useRouter()
  const own = defaultState(options.defaults)
  const page = shallowRef<Page<Row> | null>(null)
  const problem = ref<Problem | null>(null)
  const loading = ref(false)
  const name = route.name
  let abort: AbortController | null = null

  const state = computed<TableState>(() => fromRoute(route.query, own))
  const asked = computed<TableQuery>(() => ({ ...toServer(state.value), ...options.params?.() }))
  const serverKey = computed(() => JSON.stringify(asked.value))

  async function reload(): Promise<void> {
    abort?.abort()
    const mine = (abort = new AbortController())
    loading.value = true
    try {
      const answer = await options.load(asked.value, mine.signal)
      if (mine.signal.aborted) return
      page.value = answer
      problem.value = null
    } catch (thrown) {
      if (mine.signal.aborted) return
      problem.value = asProblem(thrown)
    }
    loading.value = false
  }

  /** Changes the state; anything but the page itself leads back to the first page. */
  function change(part: Partial<TableState>): void {
    const next: TableState = { ...state.value, ...('page' in part ? {} : { page: 1 }), ...part }
    const kept = Object.entries(route.query).filter(([key]) => !TABLE_KEYS.has(key))
    void router.replace({ query: { ...Object.fromEntries(kept), ...toRoute(next, own) }, hash: route.hash })
  }

  watch(serverKey, () => route.name === name && void reload())
  useTopics(options.topics ?? [], () => void reload())
  onScopeDispose(() => abort?.abort())
  void reload()

  return { state, own, page, problem, loading, reload, change }
}

const TABLE_KEYS = new Set(['page', 'size', 'sort', 'q', 'filter', 'cols'])
