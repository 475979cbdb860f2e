import { describe, expect, it } from 'vitest'
import type { Deadline } from '@/api/types/duty'
import { listed, matching, sectionsOf } from '@/domains/duty/board'

const NOW = Date.parse('2026-03-01T00:00:00Z')

function deadline(id: string, hours: number, more: Partial<Deadline> = {}): Deadline {
  const due_at = new Date(NOW + hours * 3600_000).toISOString()
  return {
    id,
    due_at,
    started_at: '2026-02-01T00:00:00Z',
    state: 'running',
    level: 'calm',
    rule_key: 'r',
    ...more,
  } as Deadline
}

describe('the board', () => {
  it('lays every open deadline into one section, what expires first on top', () => {
    const items = [
      deadline('c', 9, { level: 'urgent' }),
      deadline('a', -1, { level: 'critical' }),
      deadline('b', 2, { level: 'urgent' }),
      deadline('closed', 1, { state: 'met' }),
    ]
    const shown = sectionsOf(items, NOW).map((section) => [
      section.level,
      section.items.map((item) => item.id),
    ])
    expect(shown).toEqual([
      ['overdue', ['a']],
      ['critical', []],
      ['urgent', ['b', 'c']],
      ['notice', []],
      ['calm', []],
    ])
  })

  it('lists what expires first on top, whatever its level', () => {
    const items = [
      deadline('gentle', 1, { level: 'notice' }),
      deadline('loud', 2, { level: 'critical' }),
      deadline('resting', 0.5, { state: 'paused', paused: true }),
      deadline('late', -1),
      deadline('later', -3),
    ]
    const groups = listed(sectionsOf(items, NOW), NOW)
    expect(groups.map((group) => group.items.map((item) => item.id))).toEqual([
      ['later', 'late'],
      ['gentle', 'loud', 'resting'],
    ])
  })

  it('moves a deadline to overdue when its hour comes, without the server', () => {
    const items = [deadline('a', 1)]
    expect(sectionsOf(items, NOW + 3_600_000)[0]!.items).toHaveLength(1)
  })

  it('filters by rule, unit and acknowledgement', () => {
    const items = [
      deadline('a', 1, { owner_unit: { id: 'u1', name: '' } }),
      deadline('b', 1, { rule_key: 'other', owner_unit: { id: 'u1', name: '' }, acknowledged_at: 'x' }),
    ]
    const filter = { rule: '', unit: '', level: '' as const, unacknowledged: false }
    const ids = (part: object) => matching(items, { ...filter, ...part }).map((item) => item.id)
    expect(ids({})).toEqual(['a', 'b'])
    expect(ids({ rule: 'other' })).toEqual(['b'])
    expect(ids({ unit: 'u2' })).toEqual([])
    expect(ids({ unacknowledged: true })).toEqual(['a'])
  })
})
