import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { clockOffset, noteServerTime, resetClock, serverNow } from '@/api/clock'

const LOCAL = Date.parse('2026-03-01T00:00:00Z')

describe("the server's clock", () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: LOCAL })
    resetClock()
  })
  afterEach(() => vi.useRealTimers())

  it('corrects a desk computer that is ten minutes slow', () => {
    noteServerTime(LOCAL + 600_000, LOCAL - 50, LOCAL + 50)
    expect(serverNow()).toBe(LOCAL + 600_000)
  })

  it('keeps the tighter of two agreeing readings', () => {
    noteServerTime(LOCAL + 600_000, LOCAL - 10, LOCAL + 10)
    noteServerTime(LOCAL + 599_500, LOCAL - 1000, LOCAL + 1000)
    expect(clockOffset()).toBe(600_000)
  })

  it('follows a clock that was set', () => {
    noteServerTime(LOCAL, LOCAL - 10, LOCAL + 10)
    noteServerTime(LOCAL - 3_600_000, LOCAL - 500, LOCAL + 500)
    expect(clockOffset()).toBe(-3_600_000)
  })

  it('ignores a time that cannot be read', () => {
    noteServerTime(Number.NaN, LOCAL, LOCAL)
    expect(serverNow()).toBe(LOCAL)
  })
})
