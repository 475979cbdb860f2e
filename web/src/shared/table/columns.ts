/** A table's columns, as each screen declares them. */
export interface Choice {
  value: string
  label: string
}

export type ColumnFilter =
  | { kind: 'text'; field?: string }
  | { kind: 'choice'; field?: string; options: () => Choice[] }
  | { kind: 'dates'; field?: string }

export interface Column<Row> {
  key: string
  /** i18n key of the heading */
  title: string
  /** plain text of the cell where no slot draws it */
  value?: (row: Row) => string | number | null | undefined
  /** sortable, under this server field (`true`: the key) */
  sort?: string | true
  filter?: ColumnFilter
  align?: 'right'
  width?: string
  /** never broken over two lines: times, codes */
  whole?: true
  /** hidden until somebody chooses it */
  optional?: boolean
  /** its part on a phone's card: the heading, a line (default), or nothing */
  card?: 'title' | 'line' | 'none'
}

export function sortField<Row>(column: Column<Row>): string | null {
  if (!column.sort) return null
  return column.sort === true ? column.key : column.sort
}

export function filterField<Row>(column: Column<Row>): string {
  return column.filter?.field ?? column.key
}

/** The columns to draw: those chosen, in their order, or the table's own choice. */
export function shownColumns<Row>(
  columns: readonly Column<Row>[],
  chosen: readonly string[] | null,
): Column<Row>[] {
  if (!chosen) return columns.filter((column) => !column.optional)
  return chosen.flatMap((key) => columns.find((column) => column.key === key) ?? [])
}

/** The text of a cell that no slot draws. */
export function cellText<Row>(column: Column<Row>, row: Row): string {
  const value = column.value ? column.value(row) : (row as Record<string, unknown>)[column.key]
  return value === null || value === undefined ? '' : String(value)
}
