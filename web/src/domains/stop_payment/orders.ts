import type { Order } from '@/api/types/orders'
import type { Tone } from '@/shared/components/StatusTag.vue'
import type { DeadlineClock } from '@/shared/time/time-left'

export const KINDS = ['stop', 'query', 'freeze'] as const
export type Kind = (typeof KINDS)[number]
export const QUESTIONS = ['query_transactions', 'query_holder', 'query_accounts', 'query_dynamic'] as const
export const STATES = [
  'DRAFT',
  'REVIEWED',
  'APPROVED_COUNTY',
  'APPROVED_CITY',
  'SENT',
  'TIMEOUT',
  'STOPPED',
  'PARTIAL',
  'EXTENDED',
  'FROZEN',
  'RENEWED',
  'QUEUED',
  'WATCHING',
  'ANSWERED',
  'REJECTED',
  'FAILED',
  'CONVERTING',
  'CONVERTED_TO_FREEZE',
  'LIFTED',
  'EXPIRED',
  'AUTO_LIFTED',
  'CONSUMED',
  'ENDED',
  'WITHDRAWN',
] as const
export const ATTENTION = [
  'contradiction',
  'late',
  'foreign',
  'undelivered',
  'silent',
  'not_extended',
  'not_lifted',
  'not_renewed',
  'balance_contradicts',
  'money_returned',
] as const
/** What a bank may say; which of them fits depends on what it was asked. */
export const OUTCOMES = ['done', 'partial', 'mismatch', 'not_found', 'closed', 'queued', 'refused'] as const

const HELD = ['STOPPED', 'EXTENDED', 'FROZEN', 'RENEWED', 'ANSWERED', 'CONVERTED_TO_FREEZE', 'CONSUMED']
const BAD = ['REJECTED', 'FAILED', 'TIMEOUT']
const BUSY = ['SENT', 'WATCHING', 'CONVERTING']

/** How loudly a state is said: red only where somebody must act. */
export function orderTone(state: string): Tone {
  if (HELD.includes(state)) return 'good'
  if (BAD.includes(state)) return 'bad'
  if (BUSY.includes(state)) return 'busy'
  return ['LIFTED', 'EXPIRED', 'AUTO_LIFTED', 'ENDED', 'WITHDRAWN'].includes(state) ? 'quiet' : 'wait'
}

/** The clock that runs on an order, as `TimeLeft` reads it: its level follows what is left of it. */
export function clockOf(order: Pick<Order, 'due_at' | 'due_from' | 'over'>): DeadlineClock | null {
  if (order.over || !order.due_at || !order.due_from) return null
  const start = Date.parse(order.due_from)
  const whole = Date.parse(order.due_at) - start
  const step = (level: string, share: number) => ({
    level,
    at: new Date(start + whole * share).toISOString(),
  })
  return {
    started_at: order.due_from,
    due_at: order.due_at,
    state: 'running',
    level: 'calm',
    steps: [step('notice', 0.5), step('urgent', 0.75), step('critical', 0.95)],
  }
}

const AMOUNT = /^([0-9]{1,12})(?:\.([0-9]{1,2}))?$/
const TEN_THOUSANDS = /^([0-9]{1,8})(?:\.([0-9]{1,6}))?\u4e07$/

/** Yuan as typed (5000, 1,234.50, or in ten thousands) in fen; null where it cannot be read with certainty. */
export function fenOf(text: string): number | null {
  const plain = text
    .replace(/[,\uff0c\s\u5143]/g, '')
    .replace(/[\uff10-\uff19]/g, (c) => String(c.charCodeAt(0) - 0xff10))
  const wan = plain.match(TEN_THOUSANDS)
  if (wan) return Number(`${wan[1]}${(wan[2] ?? '').padEnd(6, '0')}`)
  const found = plain.match(AMOUNT)
  if (!found) return null
  return Number(`${found[1]}${(found[2] ?? '').padEnd(2, '0')}`)
}

/** What a `datetime-local` field holds, as a moment of the centre's civil time; null while it is empty. */
export function momentOf(local: string): string | null {
  if (!local) return null
  return `${local.length === 16 ? `${local}:00` : local}+08:00`
}

/** A moment as a `datetime-local` field shows it, in the centre's civil time. */
export function localOf(moment: string | null): string {
  if (!moment) return ''
  return new Date(Date.parse(moment) + 8 * 3600_000).toISOString().slice(0, 19)
}
