/** Differences between two records, field by field. Pure. */
export interface FieldDiff {
  path: string
  before: unknown
  after: unknown
  kind: 'added' | 'removed' | 'changed'
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Deep equality of JSON values; the order of a record's fields does not matter. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((one, index) => same(one, b[index]))
  if (!isRecord(a) || !isRecord(b)) return false
  const keys = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...keys].every((key) => same(a[key], b[key]))
}

function kindOf(before: unknown, after: unknown): FieldDiff['kind'] {
  if (before === undefined || before === null) return 'added'
  return after === undefined || after === null ? 'removed' : 'changed'
}

/** What changed from `before` to `after`; nested records are compared inside, lists as a whole. */
export function difference(before: unknown, after: unknown, path = ''): FieldDiff[] {
  if (same(before ?? null, after ?? null)) return []
  if (!isRecord(before ?? {}) || !isRecord(after ?? {})) {
    return [{ path: path || '.', before: before ?? null, after: after ?? null, kind: kindOf(before, after) }]
  }
  const a = (before ?? {}) as Record<string, unknown>
  const b = (after ?? {}) as Record<string, unknown>
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])]
  return keys.flatMap((key) => difference(a[key], b[key], path ? `${path}.${key}` : key))
}

/** What somebody else changed under an edit, as the server's conflict tells it. */
export interface StaleEdit {
  current: Record<string, unknown>
  yours: Record<string, unknown>
  changed: string[]
  version: number
}

export type Side = 'mine' | 'theirs'

/** Reads a `stale_version` problem; null for any other. */
export function staleOf(problem: { code: string; extra?: Record<string, unknown> } | null): StaleEdit | null {
  if (problem?.code !== 'stale_version' || !problem.extra) return null
  const { current, yours, changed, version } = problem.extra as Partial<StaleEdit>
  if (!isRecord(current) || !isRecord(yours)) return null
  const fields = (changed ?? Object.keys(yours)).filter(
    (name) => name !== 'version' && !same(current[name], yours[name]),
  )
  return { current, yours, changed: fields, version: version ?? Number(current.version) }
}

/** The values to send after somebody chose a side for each field; unnamed fields stay mine. */
export function merged(stale: StaleEdit, sides: Record<string, Side>): Record<string, unknown> {
  const values = Object.fromEntries(
    stale.changed.map((name) => [name, sides[name] === 'theirs' ? stale.current[name] : stale.yours[name]]),
  )
  return { ...values, version: stale.version }
}
