import { http, type Query } from '@/api/http'
import { noteServerTime } from '@/api/clock'
import type { Page } from '@/api/types/common'
import type { Board, Deadline, DeadlineDetail } from '@/api/types/duty'

export type Verb = 'acknowledge' | 'complete' | 'pause' | 'resume'

async function board(horizon: number): Promise<Board> {
  const sentAt = Date.now()
  const answer = await http.get<Board>('/api/duty/board', { horizon })
  noteServerTime(Date.parse(answer.now), sentAt, Date.now())
  return answer
}

export const duty = {
  board,
  deadlines: (query: Query, signal?: AbortSignal) =>
    http.get<Page<Deadline>>('/api/deadlines', query, signal),
  deadline: (id: string) => http.get<DeadlineDetail>(`/api/deadlines/${id}`),
  act: (deadline: Pick<Deadline, 'id' | 'version'>, verb: Verb, note = '') =>
    http.post<Deadline>(`/api/deadlines/${deadline.id}/${verb}`, { version: deadline.version, note }),
}
