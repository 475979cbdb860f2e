import { client, content, type TableQuery } from '@/api/client'
import type { CheckInput, NewReport, ReportStep } from '@/api/types/intake'

const of = (id: string) => ({ path: { report_id: id } })

/** Reports: taken, checked while typed, and what becomes of them. */
export const intake = {
  list: (query: TableQuery, signal?: AbortSignal) =>
    content(client.GET('/api/reports', { params: { query }, signal })),
  lists: () => content(client.GET('/api/reports/lists')),
  check: (body: CheckInput, signal: AbortSignal) =>
    content(client.POST('/api/reports/check', { body, signal })),
  extract: (text: string) => content(client.POST('/api/reports/extract', { body: { text } })),
  take: (body: NewReport) => content(client.POST('/api/reports', { body })),
  report: (id: string) => content(client.GET('/api/reports/{report_id}', { params: of(id) })),
  form: (id: string) => content(client.GET('/api/reports/{report_id}/form', { params: of(id) })),
  edit: (id: string, body: Omit<NewReport, 'stops'>, version: number) =>
    content(client.PATCH('/api/reports/{report_id}', { params: of(id), body: { ...body, version } })),
  move: (id: string, body: ReportStep) =>
    content(client.POST('/api/reports/{report_id}/move', { params: of(id), body })),
  stops: (id: string, version: number, send: boolean) =>
    content(client.POST('/api/reports/{report_id}/stops', { params: of(id), body: { version, send } })),
  accept: (id: string, version: number, unit_id: string | null) =>
    content(
      client.POST('/api/reports/{report_id}/accept', {
        params: of(id),
        body: { version, unit_id, jurisdiction: 'first_acceptor' },
      }),
    ),
}
