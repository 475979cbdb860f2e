import { client, content, type TableQuery } from '@/api/client'
import type { Run, RunInput } from '@/api/types/twin'

const ofRun = (id: string) => ({ path: { run_id: id } })

/** What-if runs: two settings in the same made-up worlds. */
export const twin = {
  list: (query: TableQuery, signal?: AbortSignal) =>
    content(client.GET('/api/twin/runs', { params: { query }, signal })),
  one: (id: string) => content(client.GET('/api/twin/runs/{run_id}', { params: ofRun(id) })),
  story: (id: string, place: number) =>
    content(
      client.GET('/api/twin/runs/{run_id}/worlds/{place}', { params: { path: { run_id: id, place } } }),
    ),
  start: (body: RunInput) => content(client.POST('/api/twin/runs', { body })),
  cancel: (one: Pick<Run, 'id' | 'version'>) =>
    content(
      client.POST('/api/twin/runs/{run_id}/cancel', {
        params: ofRun(one.id),
        body: { version: one.version },
      }),
    ),
}
