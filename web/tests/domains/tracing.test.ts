import { describe, expect, it } from 'vitest'
import type { GuessedSheet, StatementRow } from '@/api/types/tracing'
import { fromInput, isLitter } from '@/domains/tracing/drop'
import { formOf, inputOf, saysDirection, withRole } from '@/domains/tracing/mapping'
import { signedYuan, size, yuan } from '@/domains/tracing/money'
import { withGaps } from '@/domains/tracing/statement'

describe('money', () => {
  it.each([
    [0, '0.00'],
    [5, '0.05'],
    [-5, '−0.05'],
    [100_000, '1,000.00'],
    [123_456_789_012_345, '1,234,567,890,123.45'],
    [null, ''],
  ])('%s fen read %s', (fen, text) => expect(yuan(fen)).toBe(text))

  it('shows which way it went', () => {
    expect([signedYuan(150), signedYuan(-150), signedYuan(0)]).toEqual(['+1.50', '−1.50', '0.00'])
  })

  it('tells sizes as people read them', () => {
    expect([size(12), size(2048), size(5 * 1024 ** 2), size(300 * 1024 ** 2)]).toEqual([
      '12 B',
      '2.0 KB',
      '5.0 MB',
      '300 MB',
    ])
  })
})

describe('what is dropped', () => {
  it('keeps the path inside the folder, in an order people expect, without what systems leave behind', () => {
    const files = ['回函/10.csv', '回函/2.csv', '回函/.DS_Store', '回函/~$打开的.xlsx', '回函/__MACOSX/x.csv']
    const picked = fromInput(
      files.map((path) => {
        const file = new File(['x'], path.split('/').pop()!)
        Object.defineProperty(file, 'webkitRelativePath', { value: path })
        return file
      }),
    )
    expect(picked.map((one) => one.path)).toEqual(['回函/2.csv', '回函/10.csv'])
  })

  it('does not take a name that only sounds like litter for litter', () => {
    expect([isLitter('a/Thumbs.db'), isLitter('a/我的Thumbs.db.csv'), isLitter('._a.csv')]).toEqual([
      true,
      false,
      true,
    ])
  })
})

const SHEET = {
  name: '',
  heading_row: 1,
  rows: [],
  columns: [
    { place: 0, heading: '记账日', role: 'time' },
    { place: 1, heading: '金额', role: 'amount' },
    { place: 2, heading: '别', role: null },
  ],
} as unknown as GuessedSheet

describe('a mapping', () => {
  it('begins with what was guessed and is sent by the place of each column', () => {
    const form = formOf(SHEET, '回函/演示农商行.csv')
    expect(inputOf({ ...form, plus: 'in' })).toEqual({
      title: '演示农商行',
      sheet: '',
      heading_row: 1,
      columns: { '0': 'time', '1': 'amount' },
      unit: 'yuan',
      plus: 'in',
      institution: '',
      account_outside: true,
    })
    expect(saysDirection(form)).toBe(false)
  })

  it('gives a meaning to one column only', () => {
    expect(withRole(['time', 'amount', ''], 2, 'amount')).toEqual(['time', '', 'amount'])
    expect(withRole(['', '', ''], 1, '')).toEqual(['', '', ''])
  })
})

describe('a statement', () => {
  it('shows each gap as a line of its own before the row it was found at', () => {
    const gap = { kind: 'missing_page', missing_fen: -15_000 }
    const rows = [
      { id: 'a', gap: null },
      { id: 'b', gap },
    ] as unknown as StatementRow[]
    const page = withGaps({ items: rows, total: 2, total_capped: false, page: 1, size: 50 })
    expect(page.items.map((line) => [line.id, line.gap?.missing_fen ?? null])).toEqual([
      ['a', null],
      ['gap-b', -15_000],
      ['b', null],
    ])
    expect(page.total).toBe(2)
  })
})
