import type { SeedInput } from '@/api/types/traces'
import zh from '@/locales/zh-CN'

/** A line of the form; everything is text until the server has read it. */
export type SeedLine = Record<keyof SeedInput, string>

export const FIELDS = ['victim', 'institution', 'account', 'amount', 'time'] as const
type Field = (typeof FIELDS)[number]

/** Headings are recognised in both languages, whichever the screen speaks. */
const HEADINGS = Object.fromEntries(
  FIELDS.map((field) => [field, new RegExp(`${zh.traces.headings[field]}|${field}`, 'i')]),
) as Record<Field, RegExp>

export function emptyLine(): SeedLine {
  return { victim: '', institution: '', account: '', amount: '', time: '' }
}

export function isEmpty(line: SeedLine): boolean {
  return FIELDS.every((field) => !line[field].trim())
}

/**
 * Rows pasted from a sheet, a chat or a file: cells between tabs, else commas, or two blanks. A first row of headings
 * says which column is which; without one the columns are victim, institution, account, amount, time. Nothing that was
 * pasted is dropped: cells beyond the fifth are put to the last.
 */
export function linesOf(text: string): SeedLine[] {
  const rows = text
    .split(/\r?\n/)
    .filter((row) => row.trim())
    .map(cellsOf)
  const order = headingsOf(rows[0] ?? [])
  return (order ? rows.slice(1) : rows).map((cells) => lineOf(cells, order ?? orderOf(cells.length)))
}

/** Whether a paste is more than the text of one cell. */
export function isTable(text: string): boolean {
  return /[\t\n]/.test(text.trim())
}

function cellsOf(row: string): string[] {
  const cut = row.includes('\t') ? row.split('\t') : /[,\uff0c]/.test(row) ? commas(row) : row.split(/ {2,}/)
  return cut.map((cell) => cell.trim())
}

/** Commas that group digits (12,345.60) are no borders between cells. */
function commas(row: string): string[] {
  return row.split(/\uff0c|,(?!\d{3}(?:\D|$))/).map((cell) => cell.replace(/^"(.*)"$/, '$1'))
}

function headingsOf(cells: string[]): (Field | null)[] | null {
  const order = cells.map((cell) => FIELDS.find((field) => HEADINGS[field].test(cell)) ?? null)
  const known = new Set(order.filter(Boolean))
  const digits = cells.some((cell) => /\d{6}/.test(cell))
  return known.has('account') && known.has('amount') && !digits ? order : null
}

function orderOf(count: number): (Field | null)[] {
  return count === 4 ? ['victim', 'account', 'amount', 'time'] : [...FIELDS]
}

function lineOf(cells: string[], order: (Field | null)[]): SeedLine {
  const line = emptyLine()
  cells.forEach((cell, place) => {
    const field = place < order.length ? order[place] : 'time'
    if (field) line[field] = [line[field], cell].filter(Boolean).join(' ')
  })
  return line
}
