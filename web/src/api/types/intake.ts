import type { Answer, Row, Sent } from '../client'

export type Report = Row<'/api/reports'>
export type ReportDetail = Answer<'/api/reports/{report_id}', 'get'>
export type ReportLists = Answer<'/api/reports/lists', 'get'>
export type NewReport = Required<Sent<'/api/reports', 'post'>>
export type CheckInput = Sent<'/api/reports/check', 'post'>
export type Checked = Answer<'/api/reports/check', 'post'>
export type Extracted = Answer<'/api/reports/extract', 'post'>
export type Taken = Answer<'/api/reports', 'post'>
export type StopMade = Taken['stops'][number]
export type StopPreview = Checked['stops'][number]
export type Hit = Checked['hits'][number]
export type ReportStep = Sent<'/api/reports/{report_id}/move', 'post'>
