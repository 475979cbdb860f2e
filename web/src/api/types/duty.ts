import type { BilingualText } from '../problem'
import type { Subject, UnitRef } from './common'

export interface Deadline {
  id: string
  subject: Subject
  rule_key: string
  name: BilingualText
  legal_basis: string
  started_at: string
  due_at: string
  paused: boolean
  paused_total_s: number
  state: string
  level: string
  remaining_s: number | null
  owner_unit: UnitRef | null
  acknowledged_by: string | null
  acknowledged_at: string | null
  outcome: string | null
  missed_marked_late: boolean
  closed_at: string | null
  steps: DeadlineStep[]
  version: number
}

export interface DeadlineStep {
  level: string
  at: string
}

export interface DeadlineEvent {
  at: string
  kind: string
  actor: string
  note: string
  level: string | null
  step_at: string | null
  late_by_s: number | null
  while_down: boolean
}

/** Something that can be done to a deadline now, or why it cannot. */
export interface DeadlineAction {
  action: string
  name: BilingualText
  needs_reason: boolean
  refusal: BilingualText | null
}

/** Trouble with the watching itself: an outage, a clock jump, a failing worker. */
export interface BoardNotice {
  id: string
  at: string
  kind: string
  seconds: number | null
  message: BilingualText
}

export interface DeadlineDetail extends Deadline {
  events: DeadlineEvent[]
  actions: DeadlineAction[]
}

export interface Board {
  now: string
  horizon_h: number
  counts: Record<'overdue' | 'critical' | 'urgent' | 'notice' | 'calm', number>
  capped: boolean
  notices: BoardNotice[]
  items: Deadline[]
}
