import type { BilingualText } from '../problem'

export type RuleValue = number | string | boolean | number[] | CodeEntry[]

export interface CodeEntry {
  code: string
  zh: string
  en: string
  [more: string]: unknown
}

export interface Rule {
  id: string
  key: string
  name: BilingualText
  group: string
  value: RuleValue
  unit: string
  shown: BilingualText
  effective_from: string
  effective_to: string | null
  legal_basis: string
  tag: string
  certainty: BilingualText
  source: string
  note: string
  origin: string
  change_id: string | null
  closed_by: string | null
  status: string
}

export interface Span {
  from: string
  to: string | null
}

export interface RuleHistory {
  key: string
  name: BilingualText
  versions: Rule[]
  open_changes: Change[]
  gaps: Span[]
  running_deadlines: number
}

export interface RuleUnit {
  unit: string
  name: BilingualText
  kind: string
}

export interface Proposal {
  key: string
  kind: 'replace' | 'end'
  name: BilingualText
  value: RuleValue | null
  unit: string
  effective_from: string
  effective_to: string | null
  legal_basis: string
  tag: string
  source: string
  note: string
  reason: string
}

export interface Consequences {
  applies_from: string
  applies_to: string | null
  retroactive: boolean
  closes: { rule: Rule; ends: string }[]
  overlaps: Rule[]
  gaps: Span[]
  running_deadlines: number
  summary: BilingualText[]
}

export interface ChangeAction {
  action: string
  name: BilingualText
  allowed: boolean
  refusal: BilingualText | null
}

export interface Change {
  id: string
  version: number
  key: string
  kind: string
  state: string
  state_name: BilingualText
  proposal: Proposal
  reason: string
  current: Rule | null
  diff: { field: string; name: BilingualText; before: unknown; after: unknown }[]
  consequences: Consequences
  unit_path: string
  maker: { id: string; name: string }
  submitted_at: string | null
  checker: { id: string; name: string } | null
  decided_at: string | null
  decision_note: string
  created_at: string
  updated_at: string
  actions: ChangeAction[]
}
