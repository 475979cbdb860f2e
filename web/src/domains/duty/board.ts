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

export interface BoardGroup {
  key: 'overdue' | 'next'
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

/** The rows as the board lists them: what is overdue, then the rest by what expires first, whatever its level. */
export function listed(sections: readonly BoardSection[], now: number): BoardGroup[] {
  const of = (late: boolean) =>
    sections.filter((section) => (section.level === 'overdue') === late).flatMap((section) => section.items)
  return [
    { key: 'overdue', items: of(true) },
    { key: 'next', items: of(false).sort(byUrgency(now)) },
  ]
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
