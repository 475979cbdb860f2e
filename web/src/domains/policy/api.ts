import { http, type Query } from '@/api/http'
import type { Page } from '@/api/types/common'
import type { Change, Consequences, Proposal, Rule, RuleForm, RuleHistory } from '@/api/types/policy'

/** The rule table, and the changes that alone may alter it. */
export const policy = {
  rules: (query: Query, signal?: AbortSignal) => http.get<Page<Rule>>('/api/policy/rules', query, signal),
  rule: (key: string) => http.get<RuleHistory>(`/api/policy/rules/${encodeURIComponent(key)}`),
  form: () => http.get<RuleForm>('/api/policy/units'),
  changes: (query: Query, signal?: AbortSignal) =>
    http.get<Page<Change>>('/api/policy/changes', query, signal),
  change: (id: string) => http.get<Change>(`/api/policy/changes/${id}`),
  preview: (proposal: Partial<Proposal>) => http.post<Consequences>('/api/policy/changes/preview', proposal),
  draft: (proposal: Partial<Proposal>) => http.post<Change>('/api/policy/changes', proposal),
  edit: (id: string, proposal: Partial<Proposal> & { version: number }) =>
    http.patch<Change>(`/api/policy/changes/${id}`, proposal),
  act: (change: Pick<Change, 'id' | 'version'>, verb: string, note: string) =>
    http.post<Change>(`/api/policy/changes/${change.id}/${verb}`, {
      version: change.version,
      ...(note && { note }),
    }),
}
