import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useLive, type LiveEvent } from '@/shared/live/live'

class FakeSource extends EventTarget {
  static CLOSED = 2
  static made: FakeSource[] = []
  readyState = 0
  onopen: (() => void) | null = null
  onerror: (() => void) | null = null
  constructor(readonly url: string) {
    super()
    FakeSource.made.push(this)
  }
  close() {
    this.readyState = 2
  }
  opens() {
    this.readyState = 1
    this.onopen?.()
  }
  fails(readyState: number) {
    this.readyState = readyState
    this.onerror?.()
  }
  says(name: string, data: string) {
    this.dispatchEvent(new MessageEvent(name, { data }))
  }
}
const newest = () => FakeSource.made[FakeSource.made.length - 1]!

describe('the live line', () => {
  let heard: (LiveEvent | null)[] = []
  let live: ReturnType<typeof useLive>

  beforeEach(() => {
    vi.useFakeTimers()
    vi.stubGlobal('EventSource', FakeSource)
    FakeSource.made = []
    heard = []
    setActivePinia(createPinia())
    live = useLive()
    live.listen((event) => heard.push(event))
    live.start()
  })
  afterEach(() => {
    live.stop()
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  it('passes changes on', () => {
    newest().opens()
    newest().says('change', '{"topic":"deadline","subject":{"kind":"deadline","id":"1"}}')
    expect(live.state).toBe('open')
    expect(heard).toEqual([{ topic: 'deadline', subject: { kind: 'deadline', id: '1' } }])
  })

  it('says when it is lost, and leaves the catching up to the server when the browser reconnects', () => {
    newest().opens()
    newest().fails(0)
    expect(live.state).toBe('lost')
    expect(live.lostAt).not.toBeNull()
    newest().opens()
    expect([live.state, live.lostAt, live.returnedAt !== null]).toEqual(['open', null, true])
    expect(FakeSource.made).toHaveLength(1)
    expect(heard).toEqual([])
  })

  it('opens anew after the browser gave up, and has everything read again', () => {
    newest().opens()
    newest().fails(FakeSource.CLOSED)
    vi.advanceTimersByTime(1_000)
    expect(FakeSource.made).toHaveLength(2)
    newest().opens()
    expect(heard).toEqual([null])
  })

  it('waits longer after each failure', () => {
    for (const wait of [1_000, 2_000, 5_000, 10_000, 10_000]) {
      const before = FakeSource.made.length
      newest().fails(FakeSource.CLOSED)
      vi.advanceTimersByTime(wait - 1)
      expect(FakeSource.made).toHaveLength(before)
      vi.advanceTimersByTime(1)
      expect(FakeSource.made).toHaveLength(before + 1)
    }
  })

  it('takes silence for a loss, but not while the heart beats', () => {
    newest().opens()
    for (let beat = 0; beat < 10; beat += 1) {
      vi.advanceTimersByTime(15_000)
      newest().says('ping', '{}')
    }
    expect(live.state).toBe('open')
    vi.advanceTimersByTime(45_000)
    expect(live.state).toBe('lost')
    expect(FakeSource.made).toHaveLength(2)
  })

  it('stays silent once the session is over, until somebody signs in', () => {
    newest().opens()
    newest().says('end', '{}')
    vi.advanceTimersByTime(600_000)
    expect([live.ended, live.state, FakeSource.made.length]).toEqual([true, 'lost', 1])
    live.reconnect()
    newest().opens()
    expect([live.ended, live.state]).toEqual([false, 'open'])
    expect(heard).toEqual([null])
  })
})
