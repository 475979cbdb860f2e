import type { Answer, Row } from '../client'

export type OutboxMessage = Row<'/api/outbox'>
export type OutboxDetail = Answer<'/api/outbox/{message_id}', 'get'>
export type InboxMessage = Row<'/api/exchange/inbox'>
export type Institution = Answer<'/api/exchange/institutions', 'get'>[number]
export type Reconciliation = Answer<'/api/exchange/reconciliations', 'post'>
