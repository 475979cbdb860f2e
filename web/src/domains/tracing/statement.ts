import type { Gap, StatementRow } from '@/api/types/tracing'
import type { Page } from '@/api/types/common'

/** A line of the statement's table: a row of the ledger, or what the balances say is missing before it. */
export interface StatementLine {
  id: string
  row: StatementRow | null
  gap: Gap | null
}

/** The page's rows, each gap as a line of its own before the row it was found at. Pure. */
export function withGaps(page: Page<StatementRow>): Page<StatementLine> {
  const items = page.items.flatMap((row): StatementLine[] => {
    const line = { id: row.id, row, gap: null }
    return row.gap ? [{ id: `gap-${row.id}`, row: null, gap: row.gap }, line] : [line]
  })
  return { ...page, items }
}
