/** Times as the centre writes them: always the clock on the wall in China, whatever the computer is set to. */
export const ZONE = 'Asia/Shanghai'

type Instant = string | number | Date
export type Say = (key: string, named?: Record<string, unknown>) => string

const PARTS = new Intl.DateTimeFormat('en-CA', {
  timeZone: ZONE,
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})

function parts(at: Instant): Record<string, string> {
  return Object.fromEntries(PARTS.formatToParts(new Date(at)).map((part) => [part.type, part.value]))
}

function valid(at: Instant | null | undefined): at is Instant {
  return at !== null && at !== undefined && !Number.isNaN(new Date(at).getTime())
}

/** `2026-11-24` on the wall clock in China; empty for no date. */
export function dateOf(at: Instant | null | undefined): string {
  if (!valid(at)) return ''
  const p = parts(at)
  return `${p.year}-${p.month}-${p.day}`
}

/** `09:17`, or `09:17:05` with seconds. */
export function timeOf(at: Instant | null | undefined, seconds = false): string {
  if (!valid(at)) return ''
  const p = parts(at)
  return seconds ? `${p.hour}:${p.minute}:${p.second}` : `${p.hour}:${p.minute}`
}

/** `2026-11-24 09:17`, or with seconds. */
export function dateTime(at: Instant | null | undefined, seconds = false): string {
  return valid(at) ? `${dateOf(at)} ${timeOf(at, seconds)}` : ''
}

/** The hour of the day in China, 0–23. */
export function hourOf(at: Instant): number {
  return Number(parts(at).hour)
}

/**
 * A span in the two units that matter: 2 days 3 hours, 3 hours 12 minutes, 12 minutes; seconds from ten minutes down.
 * Always rounded towards zero, so that what is shown is never more than what is left.
 */
export function span(seconds: number, say: Say): string {
  const whole = Math.max(0, Math.floor(Math.abs(seconds)))
  const d = Math.floor(whole / 86_400)
  const h = Math.floor(whole / 3_600) % 24
  const m = Math.floor(whole / 60) % 60
  const s = whole % 60
  if (d > 0) return h > 0 ? say('time.dh', { d, h }) : say('time.d', { d })
  if (h > 0) return m > 0 ? say('time.hm', { h, m }) : say('time.h', { h })
  if (m >= 10) return say('time.m', { m })
  return m > 0 ? say('time.ms', { m, s: String(s).padStart(2, '0') }) : say('time.s', { s })
}

/** How long ago, or how far ahead, an instant is. */
export function relative(at: Instant | null | undefined, now: number, say: Say): string {
  if (!valid(at)) return ''
  const seconds = (new Date(at).getTime() - now) / 1000
  if (Math.abs(seconds) < 10) return say('time.justNow')
  return say(seconds < 0 ? 'time.ago' : 'time.ahead', { text: span(seconds, say) })
}
