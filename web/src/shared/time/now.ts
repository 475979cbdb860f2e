import { onScopeDispose, readonly, ref, type Ref } from 'vue'
import { serverNow } from '@/api/clock'

const now = ref(serverNow())
let watchers = 0
let timer: ReturnType<typeof setInterval> | undefined

function tick(): void {
  now.value = serverNow()
}

function start(): void {
  tick()
  timer = setInterval(tick, 1000)
  document.addEventListener('visibilitychange', tick)
}

function stop(): void {
  clearInterval(timer)
  document.removeEventListener('visibilitychange', tick)
}

/** The server's time, one tick a second, shared by everything on the page that shows time. */
export function useNow(): Readonly<Ref<number>> {
  if (watchers++ === 0) start()
  onScopeDispose(() => {
    if (--watchers === 0) stop()
  })
  return readonly(now)
}
