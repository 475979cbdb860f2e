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
 * The live line from the server. A `null` event to listeners means «something may have been missed, read again»:
 * it follows every return after a loss, so that nobody works on a list that silently stood still.
 */
export const useLive = defineStore('live', () => {
  const state = ref<LiveState>('idle')
  const lostAt = ref<number | null>(null)
  const returnedAt = ref<number | null>(null)
  const listeners = new Set<Listener>()
  let source: EventSource | null = null
  let retry: ReturnType<typeof setTimeout> | undefined
  let watchdog: ReturnType<typeof setTimeout> | undefined
  let failures = 0

  function emit(event: LiveEvent | null): void {
    listeners.forEach((listener) => listener(event))
  }

  function heard(): void {
    clearTimeout(watchdog)
    watchdog = setTimeout(() => reconnect(), SILENCE_MS)
  }

  function opened(): void {
    const wasLost = lostAt.value !== null
    state.value = 'open'
    failures = 0
    lostAt.value = null
    heard()
    if (!wasLost) return
    returnedAt.value = Date.now()
    emit(null)
  }

  function lost(): void {
    if (state.value !== 'lost') lostAt.value = Date.now()
    state.value = 'lost'
    if (source?.readyState === EventSource.CLOSED) plan()
  }

  function received(message: MessageEvent<string>): void {
    heard()
    try {
      emit(JSON.parse(message.data) as LiveEvent)
    } catch {
      emit(null)
    }
  }

  function plan(): void {
    clearTimeout(retry)
    retry = setTimeout(() => open(), RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)])
  }

  function open(): void {
    source?.close()
    source = new EventSource('/api/events')
    source.onopen = opened
    source.onerror = lost
    source.onmessage = received
    for (const name of ['change', 'ping', 'heartbeat']) {
      source.addEventListener(name, (event) =>
        name === 'change' ? received(event as MessageEvent<string>) : heard(),
      )
    }
  }

  function reconnect(): void {
    lost()
    open()
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
  }

  /** Hears every event until the returned function is called. */
  function listen(listener: Listener): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  return { state, lostAt, returnedAt, start, stop, reconnect, listen }
})
