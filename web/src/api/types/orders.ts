import type { Answer, Row, Sent } from '../client'

export type Order = Row<'/api/orders'>
export type OrderDetail = Answer<'/api/orders/{order_id}', 'get'>
export type OrderInput = Sent<'/api/orders', 'post'>
export type BatchInput = Sent<'/api/orders/batch', 'post'>
export type Review = Answer<'/api/orders/review', 'get'>[number]
export type SentOrders = Answer<'/api/orders/review', 'post'>
export type RefusedOrder = SentOrders['refused'][number]
export type OrderAction = OrderDetail['actions'][number]
export type OrderStep = OrderDetail['steps'][number]
export type OrderCounts = Answer<'/api/orders/counts', 'get'>
export type BankAnswer = Sent<'/api/orders/{order_id}/answer', 'post'>
export type EarlierMeasure = Answer<'/api/orders/earlier', 'get'>[number]['measures'][number]
