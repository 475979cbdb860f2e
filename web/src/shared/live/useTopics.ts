import { onScopeDispose } from 'vue'
import { useLive } from './live'

const SETTLE_MS = 250

/** Calls `refresh` soon after any of `topics` changed, once for a burst; and after every return of the live line. */
export function useTopics(topics: readonly string[], refresh: () => void): void {
  const live = useLive()
  let timer: ReturnType<typeof setTimeout> | undefined
  const wanted = (topic: string) => topics.some((one) => topic === one || topic.startsWith(`${one}.`))
  const off = live.listen((event) => {
    if (event && !wanted(event.topic)) return
    clearTimeout(timer)
    timer = setTimeout(refresh, SETTLE_MS)
  })
  onScopeDispose(() => {
    clearTimeout(timer)
    off()
  })
}
