import type { TableQuery } from '@/api/client'
import type { Page } from '@/api/types/common'
import { parseFilter, parseSort, type Filter } from '@/shared/table/state'

/** How the shared table reads rows that are here already: what it sorts and filters by, and what it searches. */
export interface LocalTable<Row> {
  rows: readonly Row[]
  /** the sortable and filterable value of a column */
  value: (row: Row, field: string) => string | number | null | undefined
  searched: (row: Row) => string
}

/** The page of rows a table asks for, as the server would answer. Pure. */
export function pageOf<Row>(table: LocalTable<Row>, query: TableQuery): Page<Row> {
  const words = (query.q ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  const filters = (query.filter ?? []).flatMap((one) => parseFilter(one) ?? [])
  const found = table.rows.filter(
    (row) =>
      words.every((word) => table.searched(row).toLowerCase().includes(word)) &&
      filters.every((one) => holds(table.value(row, one.field), one)),
  )
  const sorted = ordered(found, table, query.sort ?? '')
  const size = query.size ?? 50
  const page = query.page ?? 1
  const items = sorted.slice((page - 1) * size, page * size)
  return { items, total: sorted.length, total_capped: false, page, size }
}

function ordered<Row>(rows: Row[], table: LocalTable<Row>, sort: string): Row[] {
  const keys = parseSort(sort)
  return [...rows].sort((one, two) => {
    for (const { field, desc } of keys) {
      const order = compared(table.value(one, field), table.value(two, field))
      if (order) return desc ? -order : order
    }
    return 0
  })
}

function compared(one: unknown, two: unknown): number {
  if (one === two) return 0
  if (one === null || one === undefined || one === '') return 1
  if (two === null || two === undefined || two === '') return -1
  if (typeof one === 'number' && typeof two === 'number') return one - two
  return String(one).localeCompare(String(two), 'zh-CN', { numeric: true })
}

function holds(value: string | number | null | undefined, one: Filter): boolean {
  const text = String(value ?? '')
  if (one.op === 'like') return text.toLowerCase().includes(one.value.toLowerCase())
  if (one.op === 'eq') return text === one.value
  if (one.op === 'ne') return text !== one.value
  if (one.op === 'in') return one.value.split(',').includes(text)
  if (one.op === 'null') return (text === '') === (one.value === 'true')
  const order = compared(value, typeof value === 'number' ? Number(one.value) : one.value)
  return { lt: order < 0, le: order <= 0, gt: order > 0, ge: order >= 0 }[one.op]
}
