import type { Answer, Row, Sent } from '../client'

export type Rule = Row<'/api/policy/rules'>
export type RuleHistory = Answer<'/api/policy/rules/{key}', 'get'>
export type RuleForm = Answer<'/api/policy/units', 'get'>
export type Change = Row<'/api/policy/changes'>
export type Consequences = Answer<'/api/policy/changes/preview', 'post'>
export type ProposalIn = Sent<'/api/policy/changes', 'post'>
export type ProposalEdit = Sent<'/api/policy/changes/{change_id}', 'patch'>
export type RuleValue = NonNullable<ProposalIn['value']>

/** A proposal as a form holds it: every field there, the value perhaps not yet. */
export type Proposal = {
  [Field in keyof Required<Omit<ProposalIn, 'value' | 'name' | 'effective_to'>>]: NonNullable<
    ProposalIn[Field]
  >
} & {
  effective_to: string | null
  name: { zh: string; en: string }
  value: RuleValue | null
}
