import { computed, ref, watch, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import type { TraceResult } from '@/api/types/traces'
import { graphOf, momentsOf } from './graph'
import type { LayoutInput } from './layout'
import { wordsOf } from './naming'
import { sceneOf } from './scene'
import { sumsOfGraph, sumsOfResult } from './sums'
import { useLayout } from './useLayout'

/** The tree of a result: the moment it is shown at, what is folded or hidden, and what is drawn. */
export function useTree(result: Ref<TraceResult | null>) {
  const { t, locale } = useI18n()
  const place = ref(0)
  const collapsed = ref<string[]>([])
  const hidden = ref<string[]>([])
  const moments = computed(() => (result.value ? momentsOf(result.value) : []))
  const atEnd = computed(() => place.value >= moments.value.length - 1)
  const until = computed(() =>
    atEnd.value ? Number.POSITIVE_INFINITY : (moments.value[place.value] ?? Number.POSITIVE_INFINITY),
  )
  /** Positions are those of the whole tree: what appears with time appears where it will stay. */
  const whole = computed(() => (result.value ? graphOf(result.value) : null))
  const graph = computed(() =>
    atEnd.value || !result.value ? whole.value : graphOf(result.value, until.value),
  )
  const asked = computed<LayoutInput | null>(() => {
    if (!whole.value) return null
    const nodes = whole.value.nodes.map(({ id, tier }) => ({ id, tier }))
    const edges = whole.value.edges.map(({ from, to, fen }) => ({ from, to, fen }))
    return { nodes, edges, collapsed: collapsed.value, hidden: hidden.value }
  })
  const layout = useLayout(asked)
  const scene = computed(() =>
    graph.value && layout.value && result.value
      ? sceneOf(graph.value, layout.value, wordsOf(result.value, t, locale.value))
      : null,
  )
  const sums = computed(() => {
    if (!result.value || !graph.value) return null
    return atEnd.value ? sumsOfResult(result.value) : sumsOfGraph(graph.value)
  })

  function fold(id: string): void {
    const known = collapsed.value.includes(id)
    collapsed.value = known ? collapsed.value.filter((one) => one !== id) : [...collapsed.value, id]
  }

  function hide(id: string): void {
    if (!hidden.value.includes(id)) hidden.value = [...hidden.value, id]
  }

  watch(moments, (now, before) => {
    if (now.length !== before?.length || now[0] !== before[0]) place.value = Math.max(now.length - 1, 0)
  })

  return { place, moments, until, atEnd, collapsed, hidden, scene, sums, fold, hide }
}
