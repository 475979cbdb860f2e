import type { TableQuery } from '@/api/client'

/** What a table shows, as it stands in the address bar and as the server wants it. Pure. */
export type FilterOp = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge' | 'like' | 'in' | 'null'
const OPS: readonly string[] = ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'like', 'in', 'null']
const MAX_SIZE = 200

export interface SortKey {
  field: string
  desc: boolean
}

export interface Filter {
  field: string
  op: FilterOp
  value: string
}

export interface TableState {
  page: number
  size: number
  sort: SortKey[]
  q: string
  filters: Filter[]
  /** chosen columns in order; null for the table's own choice */
  columns: string[] | null
}

export type RouteQuery = Record<string, string | null | undefined | (string | null)[]>

export function defaultState(part: Partial<TableState> = {}): TableState {
  return { page: 1, size: 50, sort: [], q: '', filters: [], columns: null, ...part }
}

export function parseSort(text: string): SortKey[] {
  const names = text.split(',').filter((name) => name !== '' && name !== '-')
  return names.map((name) =>
    name.startsWith('-') ? { field: name.slice(1), desc: true } : { field: name, desc: false },
  )
}

export function formatSort(sort: readonly SortKey[]): string {
  return sort.map((key) => (key.desc ? `-${key.field}` : key.field)).join(',')
}

/** `field:op:value`; the value may itself hold colons. Anything else is not a filter. */
export function parseFilter(text: string): Filter | null {
  const [field, op, ...rest] = text.split(':')
  if (!field || !op || !OPS.includes(op) || rest.length === 0) return null
  return { field, op: op as FilterOp, value: rest.join(':') }
}

export function formatFilter(filter: Filter): string {
  return `${filter.field}:${filter.op}:${filter.value}`
}

function first(value: RouteQuery[string]): string {
  return (Array.isArray(value) ? value[0] : value) ?? ''
}

function all(value: RouteQuery[string]): string[] {
  const list = Array.isArray(value) ? value : [value]
  return list.filter((one): one is string => typeof one === 'string')
}

function whole(text: string, fallback: number, most: number): number {
  const number = Number(text)
  return Number.isInteger(number) && number >= 1 ? Math.min(number, most) : fallback
}

/** Reads the address bar; what is missing or makes no sense falls back to the table's own state. */
export function fromRoute(query: RouteQuery, own: TableState): TableState {
  return {
    page: whole(first(query.page), 1, Number.MAX_SAFE_INTEGER),
    size: whole(first(query.size), own.size, MAX_SIZE),
    sort: query.sort === undefined ? own.sort : parseSort(first(query.sort)),
    q: first(query.q),
    filters:
      query.filter === undefined ? own.filters : all(query.filter).flatMap((one) => parseFilter(one) ?? []),
    columns: query.cols === undefined ? own.columns : first(query.cols).split(',').filter(Boolean),
  }
}

/** Writes the address bar: only what differs from the table's own state, so that links stay short. */
export function toRoute(state: TableState, own: TableState): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {}
  if (state.page !== 1) query.page = String(state.page)
  if (state.size !== own.size) query.size = String(state.size)
  if (formatSort(state.sort) !== formatSort(own.sort)) query.sort = formatSort(state.sort)
  if (state.q) query.q = state.q
  const filters = state.filters.map(formatFilter)
  if (filters.join() !== own.filters.map(formatFilter).join()) query.filter = filters.length ? filters : ['']
  if (state.columns && state.columns.join() !== own.columns?.join()) query.cols = state.columns.join()
  return query
}

/** What goes to the server for one page. */
export function toServer(state: TableState): TableQuery {
  return { page: state.page, size: state.size, ...toServerAll(state) }
}

/** What goes to the server for every row, as an export wants it. */
export function toServerAll(state: TableState): TableQuery {
  return {
    ...(state.sort.length && { sort: formatSort(state.sort) }),
    ...(state.q && { q: state.q }),
    ...(state.filters.length && { filter: state.filters.map(formatFilter) }),
  }
}

/** The sort after a click on a heading: up, down, none. With `add`, beside the other keys. */
export function toggleSort(sort: readonly SortKey[], field: string, add: boolean): SortKey[] {
  const present = sort.find((key) => key.field === field)
  const others = add ? sort.filter((key) => key.field !== field) : []
  if (!present) return [...others, { field, desc: false }]
  return present.desc ? others : [...others, { field, desc: true }]
}

/** The filters after one field and operator was set; an empty value takes the filter away. */
export function withFilter(filters: readonly Filter[], next: Filter): Filter[] {
  const others = filters.filter((one) => one.field !== next.field || one.op !== next.op)
  return next.value === '' ? others : [...others, next]
}
