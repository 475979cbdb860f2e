import type { Answer, Row, Sent } from '../client'

export type Case = Row<'/api/cases'>
export type CaseDetail = Answer<'/api/cases/{case_id}', 'get'>
export type CaseAction = CaseDetail['actions'][number]
export type CaseStep = Sent<'/api/cases/{case_id}/move', 'post'>
export type NewCase = Sent<'/api/cases', 'post'>
export type CaseChecked = Answer<'/api/cases/check', 'post'>
export type HistoryLine = Answer<'/api/cases/{case_id}/timeline', 'get'>[number]
