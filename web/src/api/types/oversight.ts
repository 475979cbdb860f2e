import type { Answer, Row } from '../client'

export type AuditEntry = Row<'/api/audit'>
export type AuditDetail = Answer<'/api/audit/{entry_id}', 'get'>
export type Verification = Answer<'/api/audit/verify', 'post'>
export type DailyRoot = Row<'/api/audit/roots'>
export type Purposes = Answer<'/api/reveal/purposes', 'get'>
