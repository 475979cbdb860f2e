import { describe, expect, it } from 'vitest'
import { clockOf, fenOf, localOf, momentOf, orderTone } from '@/domains/stop_payment/orders'
import { readClock } from '@/shared/time/time-left'

describe('amounts as officers write them', () => {
  it.each([
    ['50000', 5_000_000],
    ['5万', 5_000_000],
    ['1.25万', 1_250_000],
    ['1,234.5', 123_450],
    ['１００元', 10_000],
    ['0.01', 1],
    ['100.123', null],
    ['五万', null],
    ['-5', null],
    ['', null],
  ])('%s', (text, fen) => {
    expect(fenOf(text)).toBe(fen)
  })
})

describe('the clock of an order', () => {
  const order = { due_from: '2026-03-02T04:00:00Z', due_at: '2026-03-04T04:00:00Z', over: false }

  it('grows louder as its end comes near', () => {
    const at = (hours: number) =>
      readClock(clockOf(order)!, Date.parse(order.due_from) + hours * 3600_000).level
    expect([at(1), at(25), at(37), at(46), at(49)]).toEqual([
      'calm',
      'notice',
      'urgent',
      'critical',
      'overdue',
    ])
  })

  it('does not run on what is over or has none', () => {
    expect(clockOf({ ...order, over: true })).toBeNull()
    expect(clockOf({ ...order, due_at: null })).toBeNull()
  })
})

describe('moments', () => {
  it('are of the civil time of the centre, whatever the machine’s', () => {
    expect(momentOf('2026-03-02T12:30')).toBe('2026-03-02T12:30:00+08:00')
    expect(localOf('2026-03-02T04:30:00Z')).toBe('2026-03-02T12:30:00')
    expect(momentOf('')).toBeNull()
  })
})

it('is red only where somebody must act', () => {
  expect(orderTone('TIMEOUT')).toBe('bad')
  expect(orderTone('STOPPED')).toBe('good')
  expect(orderTone('EXPIRED')).toBe('quiet')
  expect(orderTone('DRAFT')).toBe('wait')
})
