import { client, content, type TableQuery } from '@/api/client'

/** The audit: searched, opened, verified; and the reveal that always leaves a record. */
export const oversight = {
  entries: (query: TableQuery, signal?: AbortSignal) =>
    content(client.GET('/api/audit', { params: { query }, signal })),
  entry: (id: string) => content(client.GET('/api/audit/{entry_id}', { params: { path: { entry_id: id } } })),
  verify: (since: string, until: string) =>
    content(client.POST('/api/audit/verify', { body: { since, until } })),
  roots: () => content(client.GET('/api/audit/roots', { params: { query: { page: 1, size: 30 } } })),
  purposes: () => content(client.GET('/api/reveal/purposes')),
  reveal: (subject: { kind: string; id: string }, field: string, purpose: string, note: string) =>
    content(
      client.POST('/api/reveal', {
        body: { subject: { kind: subject.kind, id: subject.id }, field, purpose, note },
      }),
    ),
}
