import type { Answer, Row, Sent } from '../client'

export type Relief = Row<'/api/relief'>
export type ReliefDetail = Answer<'/api/relief/{request_id}', 'get'>
export type ReliefInput = Sent<'/api/relief', 'post'>
export type FindingInput = Sent<'/api/relief/{request_id}/finding', 'post'>
export type DecisionInput = Sent<'/api/relief/{request_id}/decide', 'post'>
export type ReliefFigures = Answer<'/api/relief/figures', 'get'>

export type ReturnRow = Row<'/api/returns'>
export type ReturnDetail = Answer<'/api/returns/{return_id}', 'get'>
export type Claim = ReturnDetail['claims'][number]
export type Share = NonNullable<Claim['share']>
export type Reckoning = NonNullable<ReturnDetail['reckoning']>
export type Candidate = Answer<'/api/returns/candidates', 'get'>[number]
export type Colleague = Answer<'/api/returns/colleagues', 'get'>[number]
export type ClaimInput = Sent<'/api/returns/{return_id}/claims', 'post'>
export type ProgressInput = Sent<'/api/returns/{return_id}/claims/{claim_id}', 'put'>
export type AccountInput = Sent<'/api/returns/{return_id}/claims/{claim_id}/account', 'put'>
export type ReceiptInput = Sent<'/api/returns/{return_id}/receipt', 'post'>
export type StepVerb = Sent<'/api/returns/{return_id}/step', 'post'>['action']
export type BackVerb = Sent<'/api/returns/{return_id}/back', 'post'>['action']
