import { http, type Query } from '@/api/http'
import type { Page } from '@/api/types/common'
import type { OutboxDetail, OutboxMessage } from '@/api/types/exchange'

/** Messages on their way out, and those that could not be delivered. */
export const exchange = {
  outbox: (query: Query, signal?: AbortSignal) => http.get<Page<OutboxMessage>>('/api/outbox', query, signal),
  message: (id: string) => http.get<OutboxDetail>(`/api/outbox/${id}`),
  decide: (message: Pick<OutboxMessage, 'id' | 'version'>, verb: 'retry' | 'abandon', reason: string) =>
    http.post<OutboxMessage>(`/api/outbox/${message.id}/${verb}`, { version: message.version, reason }),
}
