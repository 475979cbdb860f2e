import { beforeAll, describe, expect, it } from 'vitest'
import type { Figure, RunDetail, Side } from '@/api/types/twin'
import { axisOf, placed, shown, signed, standing, ticks } from '@/domains/twin/figures'
import HeadLine from '@/domains/twin/HeadLine.vue'
import { again, asInput, differing, fresh, LIMITS, PRESETS } from '@/domains/twin/settings'
import { setLanguage } from '@/shared/i18n'
import { mount } from '../mount'

const USUAL: Side = { policy: 'advice', delay: 30, officers: 1, banks: 'usual', mules: 'usual' }

function figure(
  key: Figure['key'],
  verdict: Figure['verdict'],
  low: number,
  value: number,
  high: number,
): Figure {
  const none = { value: 0, low: 0, high: 0 }
  return { key, verdict, a: none, b: none, difference: { value, low, high } }
}

function run(part: Partial<RunDetail>): RunDetail {
  const base = { a: USUAL, b: { ...USUAL, delay: 20 }, worlds: 30, worlds_done: 30, cases: 2, seed: 3000 }
  return { ...base, title: 'q', state: 'DONE', least_worlds: 10, figures: [], ...part } as RunDetail
}

describe('a question', () => {
  it('of each preset changes one thing alone, so that the answer is about it', () => {
    const changed = Object.entries(PRESETS).map(([name, { a, b }]) => [name, differing(a, b)])
    expect(Object.fromEntries(changed)).toEqual({
      sooner: ['delay'],
      officers: ['officers'],
      banks: ['banks'],
      mules: ['mules'],
      policy: ['policy'],
    })
    expect(PRESETS.sooner.a.delay - PRESETS.sooner.b.delay).toBe(10)
    expect(PRESETS.officers.b.officers).toBe(2 * PRESETS.officers.a.officers)
  })

  it('asked again keeps the worlds, and may take twice as many of them up to the bound', () => {
    expect(again(run({}), false)).toEqual({ ...fresh('q'), title: 'q', a: USUAL, b: { ...USUAL, delay: 20 } })
    expect(again(run({ worlds: 20 }), true).worlds).toBe(40)
    expect(again(run({ worlds: 40 }), true).worlds).toBe(LIMITS.worlds[1])
    expect(again(run({ seed: 77 }), true).seed).toBe(77)
  })

  it('is sent without blanks around its title', () => {
    expect(asInput(fresh('  早十分钟  ')).title).toBe('早十分钟')
  })
})

describe('figures', () => {
  it('are written in their unit', () => {
    expect(shown(1_234_567, 'saved_fen')).toBe('12,346')
    expect(shown(0.2449, 'saved_of_lost')).toBe('24.5%')
    expect(shown(14.26, 'stops')).toBe('14.3')
    expect(shown(0.042, 'innocents')).toBe('4.2')
  })

  it('of a difference bear their sign, and nought bears none', () => {
    expect(signed(120_000, 'saved_fen')).toBe('+1,200')
    expect(signed(-0.031, 'saved_of_oracle')).toBe('−3.1%')
    expect(signed(-0.0001, 'saved_of_oracle')).toBe('0.0%')
    expect(signed(0, 'asks')).toBe('0.0')
  })

  it('tell better from worse only where it is settled and where more or less is good', () => {
    expect(standing('saved_fen', 'more')).toBe('better')
    expect(standing('innocents', 'more')).toBe('worse')
    expect(standing('innocents_fen', 'less')).toBe('better')
    expect(standing('stops', 'less')).toBe('other')
    expect(standing('saved_fen', 'unsettled')).toBe('open')
    expect(standing('saved_fen', 'too_few')).toBe('open')
    expect(standing('saved_fen', 'equal')).toBe('equal')
    expect(standing('saved_of_oracle', 'apart')).toBe('other')
  })
})

describe('the chart', () => {
  const share = (high: number): Figure => ({
    ...figure('saved_of_oracle', 'unsettled', 0, 0, 0),
    a: { value: 0.5, low: 0.25, high },
  })

  it('goes to 100 %, or as far as a whisker reaches', () => {
    expect(axisOf([share(0.75)])).toBe(1)
    expect(axisOf([share(1.0)])).toBe(1)
    expect(axisOf([share(1.12)])).toBe(1.25)
    expect(ticks(1)).toEqual([0, 0.25, 0.5, 0.75, 1])
    expect(ticks(1.25)).toEqual([0, 0.25, 0.5, 0.75, 1, 1.25])
    expect(ticks(3.5)).toEqual([0, 1, 2, 3])
  })

  it('puts a figure and its whiskers where they belong', () => {
    expect(placed({ value: 0.5, low: 0.25, high: 0.75 }, 1)).toEqual({ value: 50, low: 25, high: 75 })
    expect(placed({ value: 0.5, low: -0.1, high: 3 }, 2)).toEqual({ value: 25, low: 0, high: 100 })
  })
})

describe('the answer in words', () => {
  beforeAll(() => setLanguage('zh-CN'))

  async function said(part: Partial<RunDetail>, mayRun = true): Promise<string> {
    const { host, end } = await mount(HeadLine, { run: run(part), mayRun })
    const words = host.textContent ?? ''
    end()
    return words
  }
  const harmless = figure('innocents_fen', 'equal', 0, 0, 0)

  it('says that a difference is not settled, and offers more worlds', async () => {
    const words = await said({
      figures: [figure('saved_fen', 'unsettled', -300_000, 120_000, 500_000), harmless],
    })
    expect(words).toContain('差异不显著，需要更多推演：乙比甲每案 +1,200 元，95% 区间 −3,000 至 +5,000')
    expect(words).toContain('用更多世界再推演')
  })

  it('says how much more is saved once that is settled, and offers nothing then', async () => {
    const words = await said({ figures: [figure('saved_fen', 'more', 50_000, 120_000, 200_000), harmless] })
    expect(words).toContain('乙每案多挽回 1,200 元（95% 区间 +500 至 +2,000），差异显著。')
    expect(words).not.toContain('用更多世界再推演')
  })

  it('calls a result of a run at work so far, and settles nothing on few worlds', async () => {
    const few = [figure('saved_fen', 'too_few', 1, 120_000, 2), harmless]
    const words = await said({ state: 'RUNNING', worlds_done: 3, figures: few })
    expect(words).toContain('目前：只推演了 3 个世界，不足以下结论（至少 10 个）')
    expect(words).not.toContain('用更多世界再推演')
  })

  it('offers no further run to whoever may only look', async () => {
    const open = [figure('saved_fen', 'unsettled', -1, 0, 1), harmless]
    expect(await said({ figures: open }, false)).not.toContain('用更多世界再推演')
  })
})
