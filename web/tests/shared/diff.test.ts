import { describe, expect, it } from 'vitest'
import { difference, merged, same, staleOf } from '@/shared/forms/diff'

describe('difference', () => {
  it('names changed, added and removed fields, nested ones by path', () => {
    const before = { name: '旧', unit: { id: 1, name: '甲' }, roles: ['a'], gone: 5, kept: 0 }
    const after = {
      name: '新',
      unit: { id: 1, name: '乙' },
      roles: ['a', 'b'],
      gone: null,
      kept: 0,
      added: '',
    }
    expect(difference(before, after)).toEqual([
      { path: 'name', before: '旧', after: '新', kind: 'changed' },
      { path: 'unit.name', before: '甲', after: '乙', kind: 'changed' },
      { path: 'roles', before: ['a'], after: ['a', 'b'], kind: 'changed' },
      { path: 'gone', before: 5, after: null, kind: 'removed' },
      { path: 'added', before: null, after: '', kind: 'added' },
    ])
  })

  it('treats a record that was not there as empty', () => {
    expect(difference(null, { a: 1 })).toEqual([{ path: 'a', before: null, after: 1, kind: 'added' }])
    expect(difference(null, null)).toEqual([])
  })

  it('does not see the order of fields', () => {
    expect(same({ a: 1, b: [1, { c: 2 }] }, { b: [1, { c: 2 }], a: 1 })).toBe(true)
    expect(same([1, 2], [2, 1])).toBe(false)
  })
})

describe('two editors of one record', () => {
  const problem = {
    code: 'stale_version',
    extra: {
      current: { name: '他改的', phone: '1', version: 4 },
      yours: { name: '我改的', phone: '1', version: 3 },
      changed: ['name', 'version'],
      version: 4,
    },
  }

  it('lists only fields that really differ, and not the version', () => {
    expect(staleOf(problem)?.changed).toEqual(['name'])
    expect(staleOf({ code: 'conflict', extra: problem.extra })).toBeNull()
    expect(staleOf(null)).toBeNull()
  })

  it('sends the chosen side of each field with the newer version', () => {
    const stale = staleOf(problem)!
    expect(merged(stale, { name: 'theirs' })).toEqual({ name: '他改的', version: 4 })
    expect(merged(stale, { name: 'mine' })).toEqual({ name: '我改的', version: 4 })
    expect(merged(stale, {})).toEqual({ name: '我改的', version: 4 })
  })
})
