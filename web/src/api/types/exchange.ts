import type { Answer, Row } from '../client'

export type OutboxMessage = Row<'/api/outbox'>
export type OutboxDetail = Answer<'/api/outbox/{message_id}', 'get'>
