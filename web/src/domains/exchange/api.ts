import { client, content, type TableQuery } from '@/api/client'
import type { InboxMessage, OutboxMessage } from '@/api/types/exchange'

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
  inbox: (query: TableQuery, signal?: AbortSignal) =>
    content(client.GET('/api/exchange/inbox', { params: { query }, signal })),
  retake: (message: Pick<InboxMessage, 'id' | 'version'>, reason: string) =>
    content(
      client.POST('/api/exchange/inbox/{message_id}/retake', {
        params: { path: { message_id: message.id } },
        body: { version: message.version, reason },
      }),
    ),
  institutions: () => content(client.GET('/api/exchange/institutions')),
  reconcile: (institution: string, day: string) =>
    content(client.POST('/api/exchange/reconciliations', { body: { institution, day } })),
}
