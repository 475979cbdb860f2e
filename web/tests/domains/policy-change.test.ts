import { describe, expect, it } from 'vitest'
import { readValue, valueText } from '@/domains/policy/change'

describe('values of rules as they are typed', () => {
  it.each([
    ['48', 'number', 48],
    ['48, 24，6', 'number', [48, 24, 6]],
    ['1.5', 'number', null],
    ['', 'number', null],
    ['true', 'flag', true],
    ['city', 'text', 'city'],
    ['[{"code":"a","zh":"甲","en":"A"}]', 'codes', [{ code: 'a', zh: '甲', en: 'A' }]],
    ['not json', 'codes', null],
  ])('%s as %s', (text, kind, value) => {
    expect(readValue(text, kind)).toEqual(value)
  })

  it('come back as they were', () => {
    for (const [value, kind] of [
      [48, 'number'],
      [[48, 24], 'number'],
      [false, 'flag'],
      ['city', 'text'],
    ] as const) {
      expect(readValue(valueText(value as never), kind)).toEqual(value)
    }
  })
})
