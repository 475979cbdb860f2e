import type { Deadline } from '@/api/types/duty'
import { byUrgency, readClock, type Level } from '@/shared/time/time-left'

export const LEVEL_ORDER: readonly Level[] = ['overdue', 'critical', 'urgent', 'notice', 'calm']

export interface BoardFilter {
  rule: string
  unit: string
  level: Level | ''
  unacknowledged: boolean
}

export interface BoardSection {
  level: Level
  items: Deadline[]
}

function open(item: Deadline): boolean {
  return item.state === 'running' || item.state === 'paused'
}

/** The open deadlines by urgency, what expires first on top; levels as they stand at `now`. */
export function sectionsOf(items: readonly Deadline[], now: number): BoardSection[] {
  const sorted = items.filter(open).sort(byUrgency(now))
  return LEVEL_ORDER.map((level) => ({
    level,
    items: sorted.filter((item) => readClock(item, now).level === level),
  }))
}

/** What the filters leave, apart from the level. */
export function matching(items: readonly Deadline[], filter: BoardFilter): Deadline[] {
  return items.filter(
    (item) =>
      (!filter.rule || item.rule_key === filter.rule) &&
      (!filter.unit || item.owner_unit?.id === filter.unit) &&
      (!filter.unacknowledged || !item.acknowledged_at),
  )
}
