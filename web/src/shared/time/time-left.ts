/** Reading a legal clock: what is left of it, and how loudly to say so. Pure; every screen reads through here. */
export type Level = 'calm' | 'notice' | 'urgent' | 'critical' | 'overdue'
export type ClockState = 'running' | 'paused' | 'met' | 'missed' | 'cancelled'

export interface DeadlineClock {
  started_at: string
  due_at: string
  state: string
  level: string
  paused?: boolean
  remaining_s?: number | null
  missed_marked_late?: boolean
  steps?: readonly { level: string; at: string }[] | null
}

export interface Reading {
  kind: ClockState | 'overdue'
  level: Level
  /** seconds left; seconds past the due time when overdue */
  seconds: number
  /** what is left of the whole span, 1 → full, 0 → nothing */
  share: number
}

const LEVELS: readonly Level[] = ['calm', 'notice', 'urgent', 'critical', 'overdue']
const CLOSED: readonly string[] = ['met', 'missed', 'cancelled']

function levelOf(name: string): Level {
  return LEVELS.includes(name as Level) ? (name as Level) : 'notice'
}

/** The louder of what the server said when it answered and what its announced steps say by now. */
function levelNow(clock: DeadlineClock, now: number): Level {
  const reached = (clock.steps ?? [])
    .filter((step) => Date.parse(step.at) <= now)
    .map((step) => levelOf(step.level))
  return [levelOf(clock.level), ...reached].reduce((a, b) => (LEVELS.indexOf(b) > LEVELS.indexOf(a) ? b : a))
}

function shareOf(seconds: number, clock: DeadlineClock): number {
  const whole = (Date.parse(clock.due_at) - Date.parse(clock.started_at)) / 1000
  return whole > 0 ? Math.min(1, Math.max(0, seconds / whole)) : 0
}

function running(clock: DeadlineClock, now: number): Reading {
  const seconds = (Date.parse(clock.due_at) - now) / 1000
  if (seconds <= 0) return { kind: 'overdue', level: 'overdue', seconds: -seconds, share: 0 }
  const level = levelNow(clock, now)
  return {
    kind: 'running',
    level: level === 'overdue' ? 'critical' : level,
    seconds,
    share: shareOf(seconds, clock),
  }
}

function paused(clock: DeadlineClock, now: number): Reading {
  const seconds = Math.max(0, clock.remaining_s ?? (Date.parse(clock.due_at) - now) / 1000)
  return { kind: 'paused', level: 'calm', seconds, share: shareOf(seconds, clock) }
}

/** Reads a clock at an instant of the server's time (ms since the epoch). */
export function readClock(clock: DeadlineClock, now: number): Reading {
  if (CLOSED.includes(clock.state)) {
    const level = clock.state === 'missed' ? 'overdue' : 'calm'
    return { kind: clock.state as ClockState, level, seconds: 0, share: 0 }
  }
  return clock.paused || clock.state === 'paused' ? paused(clock, now) : running(clock, now)
}

/** Sorts what expires first to the top: overdue longest first, then by time left; paused clocks last. */
export function byUrgency(now: number) {
  const key = (clock: DeadlineClock) => {
    const reading = readClock(clock, now)
    if (reading.kind === 'overdue') return -reading.seconds
    return reading.kind === 'paused' ? Number.MAX_SAFE_INTEGER : reading.seconds
  }
  return (a: DeadlineClock, b: DeadlineClock) => key(a) - key(b)
}
