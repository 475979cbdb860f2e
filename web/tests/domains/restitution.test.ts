import { describe, expect, it } from 'vitest'
import type { Claim, Reckoning, Share } from '@/api/types/restitution'
import { lines, quotient, sums } from '@/domains/restitution/arithmetic'
import { clockOf, reliefTone, returnTone, stages } from '@/domains/restitution/states'

function share(part: Partial<Share>): Share {
  const none = { weight_fen: 0, divisor_fen: 0, floor_fen: 0, remainder: 0, extra: 0 }
  return { mode: 'C', fen: 0, ...none, ...part }
}

function claim(name: string, loss: number, own: Share | null, returned = 0): Claim {
  return { id: name, name, loss_fen: loss, returned_fen: returned, share: own } as unknown as Claim
}

const RECKONING = {
  mode: 'C',
  frozen_fen: 10_000,
  pool_fen: 10_000,
  verified_fen: 30_000,
} as unknown as Reckoning

describe('the arithmetic of a return', () => {
  const thirds = { weight_fen: 10_000, divisor_fen: 30_000, floor_fen: 3_333, remainder: 10_000 }

  it('shows pool × weight ÷ divisor, the exact quotient, and who got the fen left over', () => {
    const [first, second] = lines(
      [
        claim('演示一', 10_000, share({ ...thirds, extra: 1, fen: 3_334 })),
        claim('演示二', 10_000, share({ ...thirds, fen: 3_333 })),
      ],
      RECKONING,
    )
    expect(first!.formula).toBe('100.00 × 100.00 ÷ 300.00')
    expect(first!.exact).toBe('33.333333…')
    expect([first!.extra, second!.extra]).toEqual([true, false])
  })

  it('cuts digits, never rounds, and says where a quotient ends', () => {
    expect(quotient({ floor_fen: 250, remainder: 1, divisor_fen: 2 })).toBe('2.505000')
    expect(quotient({ floor_fen: 0, remainder: 2, divisor_fen: 3 })).toBe('0.006666…')
    expect(quotient({ floor_fen: 9, remainder: 10 ** 15 - 1, divisor_fen: 10 ** 15 })).toBe('0.099999…')
  })

  it('has no formula where everybody gets everything, and none for who takes no part', () => {
    const whole = share({ weight_fen: 4_000, divisor_fen: 4_000, floor_fen: 4_000, fen: 4_000 })
    const all = lines([claim('演示一', 5_000, whole, 1_000), claim('演示二', 9_000, null)], RECKONING)
    expect(all).toHaveLength(1)
    expect([all[0]!.formula, all[0]!.whole, all[0]!.outstanding]).toEqual(['', true, 4_000])
    expect(sums(all, RECKONING)).toEqual({ outstanding: 4_000, paid: 4_000, leftover: 6_000 })
  })
})

describe('how far a return has come', () => {
  it('passes the public notice in mode C only', () => {
    expect(stages('TRACED', 'B').map((one) => one.key)).not.toContain('PUBLIC_NOTICE')
    const way = stages('OBJECTION', 'C')
    expect(way.find((one) => one.at === 'here')!.key).toBe('PUBLIC_NOTICE')
    expect(way.filter((one) => one.at === 'past')).toHaveLength(5)
  })

  it('has gone nowhere once it is withdrawn', () => {
    expect(new Set(stages('WITHDRAWN', 'C').map((one) => one.at))).toEqual(new Set(['ahead']))
  })

  it('says by more than colour what is good, waits or needs somebody', () => {
    expect([returnTone('PAID'), returnTone('OBJECTION'), returnTone('BANK_NOTICED')]).toEqual([
      'good',
      'bad',
      'wait',
    ])
    expect([reliefTone('LIFT_PARTIAL'), reliefTone('REJECTED'), reliefTone('SUBMITTED')]).toEqual([
      'good',
      'quiet',
      'wait',
    ])
  })
})

describe('a clock of a record', () => {
  const [from, due] = ['2026-03-02T04:00:00Z', '2026-03-05T04:00:00Z']

  it('runs, is met in time, or is missed', () => {
    expect(clockOf(from, due, null).state).toBe('running')
    expect(clockOf(from, due, '2026-03-05T04:00:00Z').state).toBe('met')
    expect(clockOf(from, due, '2026-03-05T04:00:01Z').state).toBe('missed')
  })

  it('turns louder at a half, a quarter and a tenth left', () => {
    expect(clockOf(from, due, null).steps.map((one) => one.at)).toEqual([
      '2026-03-03T16:00:00.000Z',
      '2026-03-04T10:00:00.000Z',
      '2026-03-04T20:48:00.000Z',
    ])
  })
})
