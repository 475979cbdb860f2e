import { client, content, type TableQuery } from '@/api/client'
import type { paths } from '@/api/schema'
import type { BankAnswer, BatchInput, Order, OrderInput } from '@/api/types/orders'

type Verb = paths['/api/orders/{order_id}/{action}']['post']['parameters']['path']['action']
type Seen = Pick<Order, 'id' | 'version'>
const of = (id: string) => ({ path: { order_id: id } })

/** Orders to banks: stops, queries and freezes. */
export const orders = {
  list: (query: TableQuery, signal?: AbortSignal) =>
    content(client.GET('/api/orders', { params: { query }, signal })),
  counts: () => content(client.GET('/api/orders/counts')),
  reviews: () => content(client.GET('/api/orders/review')),
  /** Earlier stops and freezes of the accounts of freezes, by whichever unit. */
  earlier: (freezes: readonly string[]) =>
    content(client.GET('/api/orders/earlier', { params: { query: { order: [...freezes] } } })),
  one: (id: string) => content(client.GET('/api/orders/{order_id}', { params: of(id) })),
  make: (body: OrderInput) => content(client.POST('/api/orders', { body })),
  edit: (one: Seen, body: OrderInput) =>
    content(
      client.PUT('/api/orders/{order_id}', { params: of(one.id), body: { ...body, version: one.version } }),
    ),
  batch: (body: BatchInput) => content(client.POST('/api/orders/batch', { body })),
  send: (chosen: readonly Seen[]) =>
    content(
      client.POST('/api/orders/review', {
        body: { orders: chosen.map(({ id, version }) => ({ id, version })) },
      }),
    ),
  act: (one: Seen, action: string, reason = '', months: number | null = null) =>
    content(
      client.POST('/api/orders/{order_id}/{action}', {
        params: { path: { order_id: one.id, action: action as Verb } },
        body: { version: one.version, reason, months },
      }),
    ),
  answer: (id: string, body: BankAnswer) =>
    content(client.POST('/api/orders/{order_id}/answer', { params: of(id), body })),
  /** The case or report a trace was made for, by its number. */
  subjectOf: async ({ case_id, report_id }: { case_id: string | null; report_id: string | null }) => {
    if (case_id) {
      const found = await content(client.GET('/api/cases/{case_id}', { params: { path: { case_id } } }))
      return { kind: 'case' as const, id: found.id, label: found.number }
    }
    if (!report_id) return null
    const told = await content(client.GET('/api/reports/{report_id}', { params: { path: { report_id } } }))
    return { kind: 'report' as const, id: told.id, label: told.number }
  },
  cases: (q: string) => content(client.GET('/api/cases', { params: { query: { q, size: 10 } } })),
  reports: (q: string) => content(client.GET('/api/reports', { params: { query: { q, size: 10 } } })),
}
