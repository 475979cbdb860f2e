import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import type { Layout, LayoutInput } from './layout'

/** The positions of a tree, reckoned by a worker of the page; an answer to an older question is dropped. */
export function useLayout(input: Ref<LayoutInput | null>) {
  const layout = shallowRef<Layout | null>(null)
  const worker = new Worker(new URL('./layout.worker.ts', import.meta.url), { type: 'module' })
  let asked = 0
  worker.addEventListener('message', (event: MessageEvent<{ number: number; layout: Layout }>) => {
    if (event.data.number === asked) layout.value = event.data.layout
  })
  watch(
    input,
    (now) => {
      asked += 1
      if (now) worker.postMessage({ number: asked, input: JSON.parse(JSON.stringify(now)) as LayoutInput })
      else layout.value = null
    },
    { immediate: true },
  )
  onScopeDispose(() => worker.terminate())
  return layout
}
