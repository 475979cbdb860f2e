import type { Say } from '@/shared/time/format'

/** Any JSON value as a person reads it; nothing is «–», a list is joined, a record is shown as JSON. */
export function display(value: unknown, say: Say): string {
  if (value === null || value === undefined || value === '') return '–'
  if (typeof value === 'boolean') return say(value ? 'common.yes' : 'common.no')
  if (Array.isArray(value)) return value.map((one) => display(one, say)).join(say('common.listJoin'))
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
