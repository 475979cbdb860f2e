import { effectScope, ref } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { StoryAct, StoryCase, StorySide } from '@/api/types/twin'
import { clockOf } from '@/domains/twin/clock'
import {
  busyAt,
  endOf,
  following,
  later,
  linesOf,
  moneyAt,
  placeOf,
  preceding,
  standingAt,
  stepsOf,
  sumsOf,
  toldBy,
} from '@/domains/twin/story'
import { usePlayer } from '@/domains/twin/usePlayer'

const HOUR = 3_600

function act(part: Partial<StoryAct>): StoryAct {
  const sent = part.sent ?? (part.begun ?? 0) + 60
  const why = { zh: '因为', en: 'because' }
  return {
    action: 'stop',
    account: 0,
    officer: 0,
    begun: 0,
    lands: sent + 120,
    outcome: 'done',
    found_fen: 0,
    why,
    ...part,
    sent,
  }
}

/** The victim sends 1,000 and 500; 600 goes on to a second account, of which 250 leaves as cash in two payments. */
function side(part: Partial<StorySide> = {}): StorySide {
  return {
    starts_at: '2025-03-03T17:00:00+08:00',
    hour: -900,
    reported: 900,
    end: 900 + 48 * HOUR,
    moves: {
      at: [0, 300, 600, 1_000, 1_000],
      payer: [-1, -1, 0, 1, 1],
      payee: [0, 0, 1, -1, -1],
      fen: [100_000, 50_000, 60_000, 15_000, 10_000],
      way: ['', '', '', 'cash', 'cash'],
    },
    acts: [act({ begun: 900, account: 1, found_fen: 35_000 }), act({ begun: 960, outcome: 'refused' })],
    sums: {
      lost_fen: 150_000,
      stealable_fen: 150_000,
      saved_fen: 35_000,
      stops: 2,
      asks: 0,
      minutes: 2,
      innocents: 0,
      innocents_fen: 0,
    },
    ...part,
  }
}

const ACCOUNTS: StoryCase['accounts'] = [
  { tier: 1, bank: '演示工商银行', kind: 'personal', room: true },
  { tier: 2, bank: '演示榕付支付', kind: 'personal', room: true },
]
const found = (part: Partial<StoryCase> = {}): StoryCase => ({
  accounts: ACCOUNTS,
  a: side(),
  b: side({ acts: [] }),
  ...part,
})

describe('the money of a case', () => {
  it('is where it was paid to, moment by moment', () => {
    expect(moneyAt(side(), 2, 0)).toMatchObject({ sent: 100_000, loose: 100_000, there: [100_000, 0] })
    expect(moneyAt(side(), 2, 600)).toMatchObject({ sent: 150_000, there: [90_000, 60_000] })
    expect(moneyAt(side(), 2, 1_000)).toMatchObject({ gone: 25_000, loose: 125_000, held: 0 })
    expect(moneyAt(side(), 2, 1_000).ways.cash).toBe(25_000)
  })

  it('is held from the moment a stop is carried out, not when it is sent, and not where it is refused', () => {
    expect(moneyAt(side(), 2, 1_079).held).toBe(0)
    expect(moneyAt(side(), 2, 1_080)).toMatchObject({ held: 35_000, loose: 90_000, gone: 25_000 })
    expect(moneyAt(side(), 2, 2 * HOUR).held).toBe(35_000)
    const closed = side({ acts: [act({ account: 1, outcome: null })] })
    expect(moneyAt(closed, 2, closed.end).held).toBe(0)
  })

  it('is conserved at every moment: sent is what lies loose, what is held and what is gone', () => {
    for (const at of stepsOf(found())) {
      const { sent, loose, held, gone, ways } = moneyAt(side(), 2, at)
      expect(sent).toBe(loose + held + gone)
      expect(Object.values(ways).reduce((sum, one) => sum + one, 0)).toBe(gone)
    }
  })

  it('comes to what the table says of the world', () => {
    expect(sumsOf([found(), found()], 'a')).toEqual({ lost: 300_000, saved: 70_000 })
    expect(sumsOf([found({ b: null })], 'b')).toEqual({ lost: 0, saved: 0 })
  })
})

describe('the desk', () => {
  it('stops an account when the answer comes', () => {
    expect(standingAt(side(), 1, 899).stop).toBe('')
    expect(standingAt(side(), 1, 900).stop).toBe('underway')
    expect(standingAt(side(), 1, 1_080).stop).toBe('stopped')
    expect(standingAt(side(), 0, 2 * HOUR).stop).toBe('refused')
    const asked = side({ acts: [act({ action: 'ask', begun: 900 })] })
    expect(standingAt(asked, 0, 1_000).statement).toBe(false)
    expect(standingAt(asked, 0, 1_080).statement).toBe(true)
  })

  it('has officers busy with this case or another one of the busy hour', () => {
    const other = found({ a: side({ hour: 0, reported: 0, acts: [act({ begun: 200, officer: 1 })] }) })
    const cases = [found(), other]
    expect(busyAt(cases, 0, 'a', 2, 930)).toEqual([{ act: side().acts[0] }, null])
    expect(busyAt(cases, 0, 'a', 2, 1_100)).toEqual([null, 'elsewhere'])
    expect(busyAt(cases, 1, 'a', 2, 200)[1]).toEqual({ act: other.a!.acts[0] })
  })

  it('tells what happened the latest first, payments out by one way together', () => {
    const told = toldBy(linesOf(side()), 1_000)
    expect(told.map((one) => one.kind)).toEqual(['left', 'sent', 'reported', 'paid', 'paid'])
    expect(told[0]).toMatchObject({ fen: 25_000, count: 2 })
    expect(
      toldBy(linesOf(side()), 2 * HOUR)
        .map((one) => one.kind)
        .slice(0, 2),
    ).toEqual(['answered', 'answered'])
  })
})

describe('the clock', () => {
  const steps = stepsOf(found())

  it('has a place for each moment at which something happens, the last when the case is judged', () => {
    expect(steps).toEqual([0, 300, 600, 900, 960, 1_000, 1_020, 1_080, 1_140, 900 + 48 * HOUR])
    expect(endOf(found({ a: side({ end: 7 }) }))).toBe(900 + 48 * HOUR)
    expect([0, 299, 300, 1e9].map((at) => placeOf(steps, at))).toEqual([0, 0, 1, steps.length - 1])
  })

  it('steps to the next thing and back', () => {
    expect(following(steps, 0)).toBe(300)
    expect(following(steps, 450)).toBe(600)
    expect(following(steps, 1e9)).toBe(endOf(found()))
    expect(preceding(steps, 450)).toBe(300)
    expect(preceding(steps, 300)).toBe(0)
    expect(preceding(steps, 0)).toBe(0)
  })

  it('goes on at its speed and skips what is quiet for long', () => {
    expect(later(steps, 0, 1, 60, false)).toBe(60)
    expect(later(steps, 0, 1, 60, true)).toBe(240)
    expect(later(steps, 240, 0.5, 60, true)).toBe(270)
    expect(later(steps, 1_140, 1, 300, true)).toBe(900 + 48 * HOUR - 300)
    expect(later(steps, endOf(found()) - 1, 1, 300, true)).toBe(endOf(found()))
  })

  it('is written beyond a day', () => {
    expect([0, 2_120, 174_920].map(clockOf)).toEqual(['0:00:00', '0:35:20', '48:35:20'])
  })
})

describe('the player', () => {
  const moving = (calm: boolean) =>
    vi.stubGlobal('matchMedia', () => ({
      matches: calm,
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
    }))
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  function player(calm: boolean) {
    moving(calm)
    const steps = ref(stepsOf(found()))
    const scope = effectScope()
    return { scope, steps, ...scope.run(() => usePlayer(steps))! }
  }

  it('moves in jumps of a second for whoever wants no motion', () => {
    const one = player(true)
    one.speed.value = 60
    one.skip.value = false
    one.toggle()
    vi.advanceTimersByTime(999)
    expect(one.at.value).toBe(0)
    vi.advanceTimersByTime(1)
    expect(one.at.value).toBe(60)
    one.toggle()
    vi.advanceTimersByTime(5_000)
    expect([one.at.value, one.playing.value]).toEqual([60, false])
    one.scope.stop()
  })

  it('runs smoothly otherwise, stops at the end and begins again from there', () => {
    const one = player(false)
    one.toggle()
    vi.advanceTimersByTime(500)
    expect(one.at.value).toBeGreaterThan(100)
    one.go(one.end.value - 1)
    expect(one.playing.value).toBe(false)
    one.toggle()
    vi.advanceTimersByTime(1_000)
    expect([one.at.value, one.playing.value]).toEqual([one.end.value, false])
    one.toggle()
    expect([one.at.value, one.playing.value]).toEqual([0, true])
    one.scope.stop()
    vi.advanceTimersByTime(1_000)
    expect(one.at.value).toBe(0)
  })

  it('steps, slides and begins anew with another case', async () => {
    const one = player(true)
    one.next()
    one.next()
    expect([one.at.value, one.place.value]).toEqual([600, 2])
    one.previous()
    one.place.value = 5
    expect(one.at.value).toBe(1_000)
    one.steps.value = [0, 10]
    await Promise.resolve()
    expect([one.at.value, one.end.value]).toEqual([0, 10])
    one.scope.stop()
  })
})
