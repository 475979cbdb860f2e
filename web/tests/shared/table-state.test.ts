import { describe, expect, it } from 'vitest'
import { queryString } from '@/api/download'
import {
  defaultState,
  fromRoute,
  parseFilter,
  parseSort,
  toggleSort,
  toRoute,
  toServer,
  withFilter,
  type TableState,
} from '@/shared/table/state'

const own = defaultState({ sort: [{ field: 'due_at', desc: false }] })

describe('table state and the address bar', () => {
  it('leaves the address bare while the table is as it opens', () => {
    expect(toRoute(own, own)).toEqual({})
    expect(fromRoute({}, own)).toEqual(own)
  })

  it('comes back from the address as it went', () => {
    const states: Partial<TableState>[] = [
      { page: 7 },
      { size: 200 },
      { q: '鼓楼 东街' },
      {
        sort: [
          { field: 'name', desc: true },
          { field: 'due_at', desc: false },
        ],
      },
      { sort: [] },
      { filters: [{ field: 'state', op: 'in', value: 'running,paused' }] },
      { filters: [{ field: 'due_at', op: 'ge', value: '2026-03-01T08:00:00Z' }] },
      { columns: ['state', 'name'] },
    ]
    for (const part of states) {
      const state = { ...own, ...part }
      expect(fromRoute(toRoute(state, own), own)).toEqual(state)
    }
  })

  it('keeps the absence of a filter the table opens with', () => {
    const filtered = defaultState({ filters: [{ field: 'state', op: 'eq', value: 'running' }] })
    const cleared = { ...filtered, filters: [] }
    expect(fromRoute(toRoute(cleared, filtered), filtered).filters).toEqual([])
  })

  it('falls back on nonsense instead of failing', () => {
    const read = fromRoute({ page: '-3', size: '9999', filter: ['broken', 'a:eq:1', 'b:drop:x'] }, own)
    expect(read.page).toBe(1)
    expect(read.size).toBe(200)
    expect(read.filters).toEqual([{ field: 'a', op: 'eq', value: '1' }])
  })

  it('reads a value that holds colons', () => {
    expect(parseFilter('at:ge:2026-03-01T08:00:00Z')).toEqual({
      field: 'at',
      op: 'ge',
      value: '2026-03-01T08:00:00Z',
    })
  })
})

describe('what the server is asked', () => {
  it("is the contract's query string", () => {
    const state = {
      ...own,
      page: 2,
      q: 'a&b',
      filters: [
        { field: 'state', op: 'eq' as const, value: 'running' },
        { field: 'level', op: 'in' as const, value: 'urgent,critical' },
      ],
    }
    expect(queryString(toServer(state))).toBe(
      '?page=2&size=50&sort=due_at&q=a%26b&filter=state%3Aeq%3Arunning&filter=level%3Ain%3Aurgent%2Ccritical',
    )
  })
})

describe('sorting by headings', () => {
  it('goes up, down, off', () => {
    const once = toggleSort([], 'name', false)
    const twice = toggleSort(once, 'name', false)
    expect([once, twice, toggleSort(twice, 'name', false)]).toEqual([
      parseSort('name'),
      parseSort('-name'),
      [],
    ])
  })

  it('adds a key with Shift and starts over without', () => {
    expect(toggleSort(parseSort('due_at'), 'name', true)).toEqual(parseSort('due_at,name'))
    expect(toggleSort(parseSort('due_at,name'), 'state', false)).toEqual(parseSort('state'))
  })
})

describe('setting a filter', () => {
  it('replaces the same field and operator, and an empty value removes it', () => {
    const from = { field: 'at', op: 'ge' as const, value: '2026-01-01' }
    const to = { field: 'at', op: 'le' as const, value: '2026-02-01' }
    expect(withFilter([from, to], { ...from, value: '2026-01-15' })).toEqual([
      to,
      { ...from, value: '2026-01-15' },
    ])
    expect(withFilter([from, to], { ...to, value: '' })).toEqual([from])
  })
})
