import { client, content, type TableQuery } from '@/api/client'
import type { OutboxMessage } from '@/api/types/exchange'

/** Messages on their way out, and those that could not be delivered. */
export const exchange = {
  outbox: (query: TableQuery, signal?: AbortSignal) =>
    content(client.GET('/api/outbox', { params: { query }, signal })),
  message: (id: string) =>
    content(client.GET('/api/outbox/{message_id}', { params: { path: { message_id: id } } })),
  decide: (message: Pick<OutboxMessage, 'id' | 'version'>, verb: 'retry' | 'abandon', reason: string) =>
    content(
      client.POST(`/api/outbox/{message_id}/${verb}`, {
        params: { path: { message_id: message.id } },
        body: { version: message.version, reason },
      }),
    ),
}
