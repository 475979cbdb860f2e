import type { GuessedSheet, MappingInput } from '@/api/types/tracing'

/** What an officer says of an unknown file while the drawer is open. Columns by their place, `''` for none. Pure. */
export interface MappingForm {
  title: string
  sheet: string
  headingRow: number
  roles: string[]
  unit: MappingInput['unit']
  plus: MappingInput['plus']
  institution: string
  accountOutside: boolean
}

/** A form filled with what was guessed; the title is the file's name without folders and ending. */
export function formOf(sheet: GuessedSheet, path: string): MappingForm {
  const name = path.split('/').pop() ?? path
  return {
    title: name.replace(/\.[^.]+$/, ''),
    sheet: sheet.name,
    headingRow: sheet.heading_row,
    roles: sheet.columns.map((column) => column.role ?? ''),
    unit: 'yuan',
    plus: '',
    institution: '',
    accountOutside: !sheet.columns.some((column) => column.role === 'account'),
  }
}

/** The roles after one column was given a meaning; a meaning belongs to one column. */
export function withRole(roles: readonly string[], place: number, role: string): string[] {
  return roles.map((one, at) => (at === place ? role : role && one === role ? '' : one))
}

/** The form as the server takes it. */
export function inputOf(form: MappingForm): MappingInput {
  const columns = Object.fromEntries(
    form.roles.flatMap((role, place) => (role ? [[String(place), role]] : [])),
  )
  return {
    title: form.title.trim(),
    sheet: form.sheet,
    heading_row: form.headingRow,
    columns,
    unit: form.unit,
    plus: form.plus,
    institution: form.institution.trim(),
    account_outside: form.accountOutside,
  }
}

/** Whether an amount says its own way: by a column, by two amounts, or by its sign. */
export function saysDirection(form: MappingForm): boolean {
  return form.roles.some((role) => ['direction', 'amount_in', 'amount_out'].includes(role))
}
