import { client, content, type TableQuery } from '@/api/client'
import type { Change, ProposalEdit, ProposalIn } from '@/api/types/policy'

export type ChangeVerb = 'submit' | 'withdraw' | 'confirm' | 'return'

const ofChange = (id: string) => ({ path: { change_id: id } })

/** The rule table, and the changes that alone may alter it. */
export const policy = {
  rules: (query: TableQuery & { on?: string }, signal?: AbortSignal) =>
    content(client.GET('/api/policy/rules', { params: { query }, signal })),
  rule: (key: string) => content(client.GET('/api/policy/rules/{key}', { params: { path: { key } } })),
  form: () => content(client.GET('/api/policy/units')),
  changes: (query: TableQuery, signal?: AbortSignal) =>
    content(client.GET('/api/policy/changes', { params: { query }, signal })),
  change: (id: string) => content(client.GET('/api/policy/changes/{change_id}', { params: ofChange(id) })),
  preview: (body: ProposalIn) => content(client.POST('/api/policy/changes/preview', { body })),
  draft: (body: ProposalIn) => content(client.POST('/api/policy/changes', { body })),
  edit: (id: string, body: ProposalEdit) =>
    content(client.PATCH('/api/policy/changes/{change_id}', { params: ofChange(id), body })),
  act: (change: Pick<Change, 'id' | 'version'>, verb: ChangeVerb, note: string) =>
    content(
      client.POST(`/api/policy/changes/{change_id}/${verb}`, {
        params: ofChange(change.id),
        body: { version: change.version, note },
      }),
    ),
}
