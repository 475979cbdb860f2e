import type { Mark, Trace, TraceRule } from '@/api/types/traces'
import type { Tone } from '@/shared/components/StatusTag.vue'

export const TRACE_RULES: readonly TraceRule[] = ['fifo', 'lifo', 'pro_rata', 'window', 'poison']
export const TRACE_STATES = ['DRAFT', 'COMPUTING', 'READY', 'FAILED', 'ARCHIVED'] as const
export const TRACE_MARKS: readonly Mark[] = ['cash_out', 'frozen', 'awaiting_reply', 'located', 'struck']

const TONES: Record<string, Tone> = {
  DRAFT: 'wait',
  COMPUTING: 'busy',
  READY: 'good',
  FAILED: 'bad',
  ARCHIVED: 'quiet',
}

export function traceTone(state: string): Tone {
  return TONES[state] ?? 'wait'
}

/** An action a trace offers now, by name. */
export function offered(trace: Trace | null, action: string) {
  return trace?.actions.find((one) => one.action === action && one.allowed)
}

const MOMENT = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T]+(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?$/

/** A moment of the wall clock in China as the server takes it; null for none, undefined where it cannot be read. */
export function momentOf(text: string): string | null | undefined {
  if (!text.trim()) return null
  const found = MOMENT.exec(text.trim())
  if (!found) return undefined
  const [year, month, day, hour, minute, second = '0'] = found.slice(1).map((one) => one?.padStart(2, '0'))
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second.padStart(2, '0')}+08:00`
  return Number.isNaN(Date.parse(iso)) ? undefined : iso
}
