import type { Change, Proposal, ProposalIn, Rule, RuleValue } from '@/api/types/policy'

export const CHANGE_STATES = ['DRAFT', 'SUBMITTED', 'CONFIRMED', 'RETURNED', 'WITHDRAWN'] as const

export function changeTone(state: string): 'good' | 'busy' | 'wait' | 'quiet' {
  if (state === 'CONFIRMED') return 'good'
  if (state === 'SUBMITTED') return 'wait'
  return state === 'WITHDRAWN' ? 'quiet' : 'busy'
}

/** The proposal a draft starts from: the rule as it stands, from `day` on; or a rule that is new. */
export function startFrom(rule: Rule | null, key: string, day: string): Proposal {
  return {
    key: rule?.key ?? key,
    kind: 'replace',
    name: rule ? { ...rule.name } : { zh: '', en: '' },
    value: (rule?.value ?? null) as RuleValue | null,
    unit: rule?.unit ?? 'hour',
    effective_from: day,
    effective_to: null,
    legal_basis: rule?.legal_basis ?? '',
    tag: rule?.tag ?? 'D',
    source: rule?.source ?? '',
    note: rule?.note ?? '',
    reason: '',
  }
}

/** The proposal of a draft, as a form edits it. */
export function proposed(change: Change): Proposal {
  const { shown, value, ...proposal } = change.proposal
  void shown
  return { ...proposal, value: value as RuleValue | null }
}

/** What goes to the server: an end states only its day and reasons, empty fields are left to the rule in force. */
export function proposalOf(form: Proposal, value: RuleValue | null): ProposalIn {
  const { key, kind, effective_from, legal_basis, source, note, reason } = form
  const common = { key, kind, effective_from, legal_basis, source, note, reason }
  if (kind === 'end') return common
  const whole = { ...common, name: form.name, value, unit: form.unit, tag: form.tag }
  return { ...whole, effective_to: form.effective_to || null }
}

/** What a person types for a value: whole numbers, a list of them, yes or no, words, or a code list as JSON. */
export function valueText(value: RuleValue | null): string {
  if (value === null) return ''
  if (Array.isArray(value) && value.some((one) => typeof one === 'object'))
    return JSON.stringify(value, null, 2)
  return Array.isArray(value) ? value.join(', ') : String(value)
}

/** Reads what was typed for a unit's kind; null when it makes no such value. */
export function readValue(text: string, kind: string): RuleValue | null {
  const trimmed = text.trim()
  if (kind === 'flag') return trimmed === 'true'
  if (kind === 'text') return trimmed || null
  if (kind === 'codes') return readCodes(trimmed)
  const numbers = trimmed
    .split(/[,\uff0c\s]+/)
    .filter(Boolean)
    .map(Number)
  if (!numbers.length || !numbers.every(Number.isInteger)) return null
  return numbers.length === 1 ? numbers[0]! : numbers
}

function readCodes(text: string): RuleValue | null {
  try {
    const parsed: unknown = JSON.parse(text)
    return Array.isArray(parsed) ? (parsed as RuleValue) : null
  } catch {
    return null
  }
}
