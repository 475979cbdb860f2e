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
  steps?: DeadlineStep[]
  version: number
}

export interface DeadlineStep {
  level: string
  at: string
}

export interface DeadlineEvent {
  at: string
  kind: string
  actor: string | null
  note: string
  level?: string | null
}

export interface DeadlineDetail extends Deadline {
  events: DeadlineEvent[]
}

export interface Board {
  now: string
  items: Deadline[]
}
