import { client, content, type TableQuery } from '@/api/client'
import type { CaseStep, NewCase } from '@/api/types/cases'

const of = (id: string) => ({ path: { case_id: id } })

/** Cases, what was done to them, and what is done next. */
export const cases = {
  list: (query: TableQuery, signal?: AbortSignal) =>
    content(client.GET('/api/cases', { params: { query }, signal })),
  accept: (body: NewCase) => content(client.POST('/api/cases', { body })),
  check: (victims: NewCase['victims'], signal: AbortSignal) =>
    content(client.POST('/api/cases/check', { body: { victims }, signal })),
  case: (id: string) => content(client.GET('/api/cases/{case_id}', { params: of(id) })),
  timeline: (id: string, also: string[]) =>
    content(client.GET('/api/cases/{case_id}/timeline', { params: { ...of(id), query: { also } } })),
  move: (id: string, body: CaseStep) =>
    content(client.POST('/api/cases/{case_id}/move', { params: of(id), body })),
  handle: (id: string, version: number, handle: boolean) =>
    content(client.POST('/api/cases/{case_id}/handle', { params: of(id), body: { version, handle } })),
  orders: (field: 'case_id' | 'report_id', id: string) =>
    content(
      client.GET('/api/orders', {
        params: { query: { filter: [`${field}:eq:${id}`], size: 200, sort: '-made_at' } },
      }),
    ),
  reports: (id: string) =>
    content(client.GET('/api/reports', { params: { query: { filter: [`case_id:eq:${id}`], size: 50 } } })),
  /** The id of the trace that was made. */
  follow: (field: 'case_id' | 'report_id', id: string) =>
    content(
      field === 'case_id'
        ? client.POST('/api/reports/of-case/{case_id}/trace', { params: of(id) })
        : client.POST('/api/reports/{report_id}/trace', { params: { path: { report_id: id } } }),
    ),
  traces: (field: 'case_id' | 'report_id', id: string) =>
    content(
      client.GET('/api/traces', {
        params: { query: { filter: [`${field}:eq:${id}`], size: 50, sort: '-created_at' } },
      }),
    ),
  returns: (id: string) =>
    content(client.GET('/api/returns', { params: { query: { filter: [`case_id:eq:${id}`], size: 50 } } })),
  reliefs: (id: string) =>
    content(client.GET('/api/relief', { params: { query: { filter: [`case_id:eq:${id}`], size: 50 } } })),
  clocks: (id: string) =>
    content(client.GET('/api/deadlines', { params: { query: { q: id, size: 50, sort: 'due_at' } } })),
}
