import { describe, expect, it } from 'vitest'
import { dateOf, dateTime, relative, span, timeOf } from '@/shared/time/format'
import { shiftOf } from '@/shared/time/shift'
import { sayEn, sayZh } from '../words'

const MIN = 60
const HOUR = 3600
const DAY = 86_400

describe('span', () => {
  it.each([
    [3 * HOUR + 12 * MIN, '3 小时 12 分', '3 h 12 min'],
    [48 * HOUR, '2 天', '2 d'],
    [47 * HOUR + 59 * MIN + 59, '1 天 23 小时', '1 d 23 h'],
    [HOUR, '1 小时', '1 h'],
    [59 * MIN + 59, '59 分', '59 min'],
    [9 * MIN + 5, '9 分 05 秒', '9 min 05 s'],
    [10 * MIN, '10 分', '10 min'],
    [45, '45 秒', '45 s'],
    [0, '0 秒', '0 s'],
    [1.9, '1 秒', '1 s'],
    [400 * DAY, '400 天', '400 d'],
  ])('%d s', (seconds, zh, en) => {
    expect(span(seconds, sayZh)).toBe(zh)
    expect(span(seconds, sayEn)).toBe(en)
  })

  it('never shows more than is left', () => {
    for (let seconds = 1; seconds < 3 * DAY; seconds += 977) {
      const [d = 0, h = 0, m = 0, s = 0] = ['d', 'h', 'min', 's'].map((unit) =>
        Number(new RegExp(`(\\d+) ${unit}(?![a-z])`).exec(span(seconds, sayEn))?.[1] ?? 0),
      )
      const shown = d * DAY + h * HOUR + m * MIN + s
      expect(shown).toBeLessThanOrEqual(seconds)
      expect(seconds - shown).toBeLessThan(d > 0 ? HOUR : MIN)
    }
  })
})

describe('the clock on the wall in China', () => {
  it('is eight hours ahead of UTC all year', () => {
    expect(dateTime('2026-07-01T16:30:05Z')).toBe('2026-07-02 00:30')
    expect(dateTime('2026-01-01T16:30:05Z', true)).toBe('2026-01-02 00:30:05')
    expect(dateOf('2025-12-31T15:59:59Z')).toBe('2025-12-31')
    expect(timeOf('2025-12-31T16:00:00Z')).toBe('00:00')
  })

  it('is empty for no date or a broken one', () => {
    expect(dateTime(null)).toBe('')
    expect(dateTime('not a date')).toBe('')
  })

  it.each([
    ['2026-03-01T00:00:00Z', 'day'],
    ['2026-03-01T11:59:59Z', 'day'],
    ['2026-03-01T12:00:00Z', 'night'],
    ['2026-03-01T23:59:59Z', 'night'],
  ])('%s is the %s shift', (at, shift) => {
    expect(shiftOf(Date.parse(at))).toBe(shift)
  })
})

describe('relative', () => {
  const now = Date.parse('2026-03-01T00:00:00Z')
  it.each([
    ['2026-02-28T22:00:00Z', '2 小时前'],
    ['2026-03-01T00:30:00Z', '30 分后'],
    ['2026-03-01T00:00:04Z', '刚刚'],
  ])('%s', (at, zh) => {
    expect(relative(at, now, sayZh)).toBe(zh)
  })
})
