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
  group_name: BilingualText
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

/** Days without a rule; `until` is the first day that has one again. */
export interface Span {
  since: string
  until: string | null
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

/** What a form about rules offers. */
export interface RuleForm {
  units: RuleUnit[]
  tags: Record<string, BilingualText>
  kinds: Record<string, BilingualText>
  groups: Record<string, BilingualText>
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
  needs_reason: boolean
  allowed: boolean
  refusal: BilingualText | null
}

export interface Change {
  id: string
  version: number
  key: string
  kind: string
  kind_name: BilingualText
  state: string
  state_name: BilingualText
  proposal: Proposal & { shown: BilingualText }
  reason: string
  current: Rule | null
  diff: { field: string; name: BilingualText; before_shown: BilingualText; after_shown: BilingualText }[]
  consequences: Consequences | null
  problem: BilingualText | null
  unit_path: string
  maker: { id: string | null; name: string }
  submitted_at: string | null
  checker: { id: string | null; name: string } | null
  decided_at: string | null
  decision_note: string
  created_at: string
  updated_at: string
  actions: ChangeAction[]
}
