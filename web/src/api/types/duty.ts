import type { Answer, Row } from '../client'

export type Deadline = Row<'/api/deadlines'>
export type DeadlineDetail = Answer<'/api/deadlines/{deadline_id}', 'get'>
export type DeadlineAction = DeadlineDetail['actions'][number]
export type Board = Answer<'/api/duty/board', 'get'>
export type BoardNotice = Board['notices'][number]
