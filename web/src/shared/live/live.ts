import { defineStore } from 'pinia'
import { ref } from 'vue'

export interface LiveEvent {
  topic: string
  subject?: { kind: string; id: string; label?: string }
  unit_path?: string
}

export type LiveState = 'idle' | 'connecting' | 'open' | 'lost'
type Listener = (event: LiveEvent | null) => void

const SILENCE_MS = 45_000
const RETRY_MS = [1_000, 2_000, 5_000, 10_000]

/**
 * The live line from the server. A `null` event to listeners means «something may have been missed, read again», so
 * that nobody works on a list that silently stood still. The browser's own reconnection tells the server where it
 * stood and gets what it missed; a line opened anew reads everything again.
 */
export const useLive = defineStore('live', () => {
  const state = ref<LiveState>('idle')
  const lostAt = ref<number | null>(null)
  const returnedAt = ref<number | null>(null)
  const ended = ref(false)
  const listeners = new Set<Listener>()
  let source: EventSource | null = null
  let retry: ReturnType<typeof setTimeout> | undefined
  let watchdog: ReturnType<typeof setTimeout> | undefined
  let failures = 0
  let anew = false

  function emit(event: LiveEvent | null): void {
    listeners.forEach((listener) => listener(event))
  }

  function heard(): void {
    clearTimeout(watchdog)
    watchdog = setTimeout(reconnect, SILENCE_MS)
  }

  function opened(): void {
    if (lostAt.value !== null) returnedAt.value = Date.now()
    state.value = 'open'
    failures = 0
    lostAt.value = null
    heard()
    if (anew) emit(null)
    anew = false
  }

  function lost(): void {
    if (state.value !== 'lost') lostAt.value = Date.now()
    state.value = 'lost'
    if (source?.readyState === EventSource.CLOSED) plan()
  }

  function received(message: MessageEvent<string>): void {
    heard()
    try {
      emit(JSON.parse(message.data) as LiveEvent | null)
    } catch {
      emit(null)
    }
  }

  /** The session is over: nobody calls again until somebody signs in. */
  function finished(): void {
    lost()
    clearTimeout(watchdog)
    source?.close()
    ended.value = true
  }

  function plan(): void {
    clearTimeout(retry)
    retry = setTimeout(reopen, RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)])
  }

  function reopen(): void {
    anew = true
    open()
  }

  function open(): void {
    source?.close()
    source = new EventSource('/api/events')
    source.onopen = opened
    source.onerror = lost
    source.addEventListener('change', received)
    source.addEventListener('ping', heard)
    source.addEventListener('hello', heard)
    source.addEventListener('end', finished)
  }

  function reconnect(): void {
    ended.value = false
    clearTimeout(retry)
    lost()
    reopen()
  }

  function start(): void {
    if (state.value !== 'idle') return
    state.value = 'connecting'
    open()
  }

  function stop(): void {
    clearTimeout(retry)
    clearTimeout(watchdog)
    source?.close()
    source = null
    state.value = 'idle'
    lostAt.value = null
    ended.value = false
  }

  /** Hears every event until the returned function is called. */
  function listen(listener: Listener): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  return { state, lostAt, returnedAt, ended, start, stop, reconnect, listen }
})
