import { client, content, type TableQuery } from '@/api/client'
import type {
  HandTransferInput,
  Mark,
  Trace,
  TraceEdit,
  TraceInput,
  TraceResult,
  TraceRule,
} from '@/api/types/traces'

const ofTrace = (id: string) => ({ path: { trace_id: id } })
const ofAccount = (id: string, account: string) => ({ path: { trace_id: id, account_id: account } })
type Version = Pick<Trace, 'id' | 'version'>

/** Traces: where the victims' money went, and what officers found. */
export const traces = {
  list: (query: TableQuery, signal?: AbortSignal) =>
    content(client.GET('/api/traces', { params: { query }, signal })),
  create: (body: TraceInput) => content(client.POST('/api/traces', { body })),
  one: (id: string) => content(client.GET('/api/traces/{trace_id}', { params: ofTrace(id) })),
  edit: (id: string, body: TraceEdit) =>
    content(client.PATCH('/api/traces/{trace_id}', { params: ofTrace(id), body })),
  /** Shares come as pairs; the description of the API cannot say that of its lists. */
  result: (id: string, rule: TraceRule) =>
    content(
      client.GET('/api/traces/{trace_id}/result', { params: { ...ofTrace(id), query: { rule } } }),
    ) as Promise<TraceResult>,
  next: (id: string) => content(client.GET('/api/orders/advice', { params: { query: { trace: id } } })),
  step: (one: Version, verb: 'compute' | 'cancel') =>
    content(
      client.POST(`/api/traces/{trace_id}/${verb}`, {
        params: ofTrace(one.id),
        body: { version: one.version },
      }),
    ),
  archive: (one: Version, reason: string) =>
    content(
      client.POST('/api/traces/{trace_id}/archive', {
        params: ofTrace(one.id),
        body: { version: one.version, reason },
      }),
    ),
  account: (id: string, account: string) =>
    content(client.GET('/api/traces/{trace_id}/accounts/{account_id}', { params: ofAccount(id, account) })),
  mark: (id: string, account: string, marks: Mark[]) =>
    content(
      client.PUT('/api/traces/{trace_id}/accounts/{account_id}/marks', {
        params: ofAccount(id, account),
        body: { marks },
      }),
    ),
  note: (id: string, account: string, text: string) =>
    content(
      client.POST('/api/traces/{trace_id}/accounts/{account_id}/notes', {
        params: ofAccount(id, account),
        body: { text },
      }),
    ),
  choose: (id: string, account: string, hub: 'stop' | 'follow' | null, delta_minutes: number | null) =>
    content(
      client.PUT('/api/traces/{trace_id}/accounts/{account_id}/choice', {
        params: ofAccount(id, account),
        body: { hub, delta_minutes },
      }),
    ),
  addTransfer: (id: string, body: HandTransferInput) =>
    content(client.POST('/api/traces/{trace_id}/transfers', { params: ofTrace(id), body })),
  withdraw: (id: string, transfer: string, reason: string) =>
    content(
      client.POST('/api/traces/{trace_id}/transfers/{transfer_id}/withdraw', {
        params: { path: { trace_id: id, transfer_id: transfer } },
        body: { reason },
      }),
    ),
}
