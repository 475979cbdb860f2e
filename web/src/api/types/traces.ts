import type { Answer, Row, Sent } from '../client'

export type Trace = Row<'/api/traces'>
export type TraceDetail = Answer<'/api/traces/{trace_id}', 'get'>
export type TraceInput = Sent<'/api/traces', 'post'>
export type SeedInput = TraceInput['seeds'][number]
export type TraceEdit = Sent<'/api/traces/{trace_id}', 'patch'>
export type TraceResult = Answer<'/api/traces/{trace_id}/result', 'get'>
export type ResultAccount = TraceResult['accounts'][number]
export type ResultTransfer = TraceResult['transfers'][number]
export type Holding = ResultAccount['holdings'][number]
export type TraceAccount = Answer<'/api/traces/{trace_id}/accounts/{account_id}', 'get'>
export type HandTransferInput = Sent<'/api/traces/{trace_id}/transfers', 'post'>
export type HandTransfer = TraceDetail['hand_transfers'][number]
export type TraceRule = Trace['rule']
export type Mark = ResultAccount['marks'][number]
