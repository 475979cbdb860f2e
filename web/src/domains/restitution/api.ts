import { client, content, type TableQuery } from '@/api/client'
import type {
  AccountInput,
  BackVerb,
  ClaimInput,
  DecisionInput,
  FindingInput,
  ProgressInput,
  ReceiptInput,
  ReliefInput,
  StepVerb,
} from '@/api/types/restitution'

const ofRequest = (id: string) => ({ path: { request_id: id } })
const ofReturn = (id: string) => ({ path: { return_id: id } })
const ofClaim = (id: string, claim: string) => ({ path: { return_id: id, claim_id: claim } })
interface Seen {
  id: string
  version: number
}
type Without<Body> = Omit<Body, 'version'>

/** Objections to stops and freezes. */
export const relief = {
  list: (query: TableQuery, signal?: AbortSignal) =>
    content(client.GET('/api/relief', { params: { query }, signal })),
  figures: () => content(client.GET('/api/relief/figures')),
  one: (id: string) => content(client.GET('/api/relief/{request_id}', { params: ofRequest(id) })),
  submit: (body: ReliefInput) => content(client.POST('/api/relief', { body })),
  step: (one: Seen, verb: 'accept' | 'verify' | 'tell') =>
    content(
      client.POST(`/api/relief/{request_id}/${verb}`, {
        params: ofRequest(one.id),
        body: { version: one.version },
      }),
    ),
  find: (one: Seen, body: Without<FindingInput>) =>
    content(
      client.POST('/api/relief/{request_id}/finding', {
        params: ofRequest(one.id),
        body: { version: one.version, ...body },
      }),
    ),
  decide: (one: Seen, body: Without<DecisionInput>) =>
    content(
      client.POST('/api/relief/{request_id}/decide', {
        params: ofRequest(one.id),
        body: { version: one.version, ...body },
      }),
    ),
  /** Measures one may object to: those a bank carries out now, of one case where it is given. */
  measures: (q: string, caseId?: string) => {
    const now = 'state:in:STOPPED,PARTIAL,EXTENDED,FROZEN,RENEWED'
    const filter = caseId ? [now, `case_id:eq:${caseId}`] : [now]
    return content(client.GET('/api/orders', { params: { query: { q, size: 20, filter } } }))
  },
}

/** Returns of frozen money to victims. */
export const returns = {
  list: (query: TableQuery, signal?: AbortSignal) =>
    content(client.GET('/api/returns', { params: { query }, signal })),
  one: (id: string) => content(client.GET('/api/returns/{return_id}', { params: ofReturn(id) })),
  candidates: (caseId: string) =>
    content(client.GET('/api/returns/candidates', { params: { query: { case_id: caseId } } })),
  colleagues: () => content(client.GET('/api/returns/colleagues')),
  cases: (q: string) => content(client.GET('/api/cases', { params: { query: { q, size: 20 } } })),
  traces: () =>
    content(
      client.GET('/api/traces', {
        params: { query: { size: 50, sort: '-created_at', filter: ['state:eq:READY'] } },
      }),
    ),
  draft: (orderId: string) => content(client.POST('/api/returns', { body: { order_id: orderId } })),
  step: (one: Seen, action: StepVerb) =>
    content(
      client.POST('/api/returns/{return_id}/step', {
        params: ofReturn(one.id),
        body: { version: one.version, action },
      }),
    ),
  back: (one: Seen, door: 'back' | 'send-back', action: BackVerb, reason: string) =>
    content(
      client.POST(`/api/returns/{return_id}/${door}`, {
        params: ofReturn(one.id),
        body: { version: one.version, action, reason },
      }),
    ),
  enter: (one: Seen, body: Without<ClaimInput>) =>
    content(
      client.POST('/api/returns/{return_id}/claims', {
        params: ofReturn(one.id),
        body: { version: one.version, ...body },
      }),
    ),
  progress: (one: Seen, claim: string, body: Without<ProgressInput>) =>
    content(
      client.PUT('/api/returns/{return_id}/claims/{claim_id}', {
        params: ofClaim(one.id, claim),
        body: { version: one.version, ...body },
      }),
    ),
  account: (one: Seen, claim: string, body: Without<AccountInput>) =>
    content(
      client.PUT('/api/returns/{return_id}/claims/{claim_id}/account', {
        params: ofClaim(one.id, claim),
        body: { version: one.version, ...body },
      }),
    ),
  reckon: (one: Seen, traceId: string | null) =>
    content(
      client.POST('/api/returns/{return_id}/reckon', {
        params: ofReturn(one.id),
        body: { version: one.version, trace_id: traceId },
      }),
    ),
  publish: (one: Seen, place: string) =>
    content(
      client.POST('/api/returns/{return_id}/publish', {
        params: ofReturn(one.id),
        body: { version: one.version, place },
      }),
    ),
  object: (one: Seen, body: { name: string; phone: string; text: string }) =>
    content(
      client.POST('/api/returns/{return_id}/objections', {
        params: ofReturn(one.id),
        body: { version: one.version, ...body },
      }),
    ),
  settle: (one: Seen, objection: string, outcome: 'upheld' | 'dismissed', settlement: string) =>
    content(
      client.POST('/api/returns/{return_id}/objections/{objection_id}', {
        params: { path: { return_id: one.id, objection_id: objection } },
        body: { version: one.version, outcome, settlement },
      }),
    ),
  approve: (one: Seen, note: string) =>
    content(
      client.POST('/api/returns/{return_id}/approve', {
        params: ofReturn(one.id),
        body: { version: one.version, note },
      }),
    ),
  bank: (one: Seen, withOfficer: string) =>
    content(
      client.POST('/api/returns/{return_id}/bank', {
        params: ofReturn(one.id),
        body: { version: one.version, with_officer: withOfficer },
      }),
    ),
  fail: (one: Seen, reason: string) =>
    content(
      client.POST('/api/returns/{return_id}/fail', {
        params: ofReturn(one.id),
        body: { version: one.version, reason },
      }),
    ),
  receipt: (one: Seen, body: Without<ReceiptInput>) =>
    content(
      client.POST('/api/returns/{return_id}/receipt', {
        params: ofReturn(one.id),
        body: { version: one.version, ...body },
      }),
    ),
}
