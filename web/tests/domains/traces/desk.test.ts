import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ResultAccount } from '@/api/types/traces'
import { adviceOf } from '@/domains/tracing/traces/advice'
import type { Layout, LayoutInput } from '@/domains/tracing/traces/layout'
import { graphOf, momentsOf } from '@/domains/tracing/traces/graph'
import { accountLines, transferLines } from '@/domains/tracing/traces/lines'
import { sumsOfGraph, sumsOfResult } from '@/domains/tracing/traces/sums'
import { momentOf } from '@/domains/tracing/traces/traces'
import { example } from './example'

describe('what to do next', () => {
  const result = example()
  const [first, second] = result.accounts as [ResultAccount, ResultAccount]

  it('is to freeze what may still be there, and to find who took cash', () => {
    expect(adviceOf(first, ['cash'], result.as_of)).toEqual(['left', 'cash'])
  })

  it('is to mind the freeze where it was done', () => {
    expect(adviceOf({ ...first, marks: ['frozen'] }, [], result.as_of)).toEqual(['frozen'])
  })

  it('is to ask for later statements where ours ended long before', () => {
    const until = new Date(Date.parse(result.as_of) - 48 * 3_600_000).toISOString()
    expect(adviceOf({ ...first, observed_until: until }, [], result.as_of)).toEqual(['stale'])
  })

  it('is to ask for a statement where there is none, and says so of a shared account', () => {
    expect(adviceOf(second, [], result.as_of)).toEqual(['frontier'])
    expect(adviceOf({ ...second, hub: true }, [], result.as_of)).toEqual(['hub'])
  })
})

describe('sums', () => {
  it('of the tree at its end are those of the rule, and add up at every moment', () => {
    const result = example()
    expect(sumsOfGraph(graphOf(result))).toEqual(sumsOfResult(result))
    for (const moment of momentsOf(result)) {
      const { seeds, left, ended, frontier, limit } = sumsOfGraph(graphOf(result, moment))
      expect(left + ended + frontier + limit).toBe(seeds)
    }
  })
})

describe('the twin of the tree in rows', () => {
  it('has what had happened by the moment, a victim standing for the payer', () => {
    const result = example()
    const [first] = momentsOf(result)
    expect(accountLines(result, first!).map((one) => [one.id, one.in, one.left])).toEqual([
      ['a', 10_000_000, 10_000_000],
    ])
    const [line] = transferLines(result, first!)
    expect(line).toMatchObject({ payer: '苏*', share: 10_000_000 })
    expect(accountLines(result, Number.POSITIVE_INFINITY)[1]).toMatchObject({ id: 'b', end: 'frontier' })
  })
})

describe('a moment that is typed', () => {
  it.each([
    ['2026-03-01 12:30', '2026-03-01T12:30:00+08:00'],
    ['2026/3/1 2:05:09', '2026-03-01T02:05:09+08:00'],
    ['', null],
    ['tomorrow', undefined],
    ['2026-13-01 12:30', undefined],
  ])('%s is the clock on the wall in China', (typed, told) => expect(momentOf(typed)).toBe(told))
})

describe('the worker', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('answers each question under its number', async () => {
    const answers: { number: number; layout: Layout }[] = []
    const listeners: ((event: { data: { number: number; input: LayoutInput } }) => void)[] = []
    vi.stubGlobal('self', {
      addEventListener: (_: string, listener: (typeof listeners)[number]) => listeners.push(listener),
      postMessage: (answer: (typeof answers)[number]) => answers.push(answer),
    })
    await import('@/domains/tracing/traces/layout.worker')
    const input = { ...graphOf(example()), collapsed: [], hidden: [] }
    listeners[0]!({ data: { number: 7, input } })
    expect(answers[0]!.number).toBe(7)
    expect(answers[0]!.layout.positions).toHaveLength(5)
  })
})
