import { describe, expect, it } from 'vitest'
import { byUrgency, readClock, type DeadlineClock } from '@/shared/time/time-left'

const NOW = Date.parse('2026-03-02T04:00:00Z')
const base: DeadlineClock = {
  started_at: '2026-03-01T00:00:00Z',
  due_at: '2026-03-03T00:00:00Z',
  state: 'running',
  level: 'notice',
}

describe('reading a clock', () => {
  it('tells what is left of a 48-hour stop 28 hours after it began', () => {
    expect(readClock(base, NOW)).toEqual({
      kind: 'running',
      level: 'notice',
      seconds: 20 * 3600,
      share: 20 / 48,
    })
  })

  it('is overdue from the very second it is due, whatever the server last said', () => {
    const due = Date.parse(base.due_at)
    expect(readClock(base, due - 1000).kind).toBe('running')
    expect(readClock(base, due)).toMatchObject({ kind: 'overdue', level: 'overdue', share: 0 })
    expect(readClock(base, due + 90_000).seconds).toBe(90)
  })

  it('grows louder at the announced steps without asking the server again', () => {
    const steps = [
      { level: 'urgent', at: '2026-03-02T18:00:00Z' },
      { level: 'critical', at: '2026-03-02T23:00:00Z' },
    ]
    const clock = { ...base, steps }
    expect(readClock(clock, Date.parse('2026-03-02T17:59:59Z')).level).toBe('notice')
    expect(readClock(clock, Date.parse('2026-03-02T18:00:00Z')).level).toBe('urgent')
    expect(readClock(clock, Date.parse('2026-03-02T23:30:00Z')).level).toBe('critical')
  })

  it('never grows quieter than the server said', () => {
    const steps = [{ level: 'notice', at: '2026-03-01T10:00:00Z' }]
    expect(readClock({ ...base, level: 'critical', steps }, NOW).level).toBe('critical')
  })

  it('stands still while paused', () => {
    const clock = { ...base, paused: true, remaining_s: 12 * 3600 }
    expect(readClock(clock, NOW)).toMatchObject({ kind: 'paused', seconds: 12 * 3600, share: 0.25 })
    expect(readClock(clock, NOW + 5 * 3600_000).seconds).toBe(12 * 3600)
  })

  it.each(['met', 'missed', 'cancelled'])('says %s when it is closed', (state) => {
    expect(readClock({ ...base, state }, NOW).kind).toBe(state)
  })

  it('keeps the bar between empty and full when the clocks disagree', () => {
    expect(readClock(base, Date.parse('2026-02-27T00:00:00Z')).share).toBe(1)
    expect(readClock({ ...base, started_at: base.due_at }, NOW).share).toBe(0)
  })
})

describe('what expires first stands first', () => {
  it('puts the longest overdue on top and paused clocks last', () => {
    const at = (hours: number, more = {}) => ({
      ...base,
      due_at: new Date(NOW + hours * 3600_000).toISOString(),
      ...more,
    })
    const clocks = [at(5), at(-1), at(1), at(2, { paused: true }), at(-3)]
    const order = [...clocks].sort(byUrgency(NOW)).map((clock) => clocks.indexOf(clock))
    expect(order).toEqual([4, 1, 2, 0, 3])
  })
})
