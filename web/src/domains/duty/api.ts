import { client, content, type TableQuery } from '@/api/client'
import { noteServerTime } from '@/api/clock'
import type { Board, Deadline } from '@/api/types/duty'

export type Verb = 'acknowledge' | 'complete' | 'pause' | 'resume'

async function board(horizon: number): Promise<Board> {
  const sentAt = Date.now()
  const answer = await content(client.GET('/api/duty/board', { params: { query: { horizon } } }))
  noteServerTime(Date.parse(answer.now), sentAt, Date.now())
  return answer
}

/** What is about to expire, and acting on it. */
export const duty = {
  board,
  deadlines: (query: TableQuery, signal?: AbortSignal) =>
    content(client.GET('/api/deadlines', { params: { query }, signal })),
  deadline: (id: string) =>
    content(client.GET('/api/deadlines/{deadline_id}', { params: { path: { deadline_id: id } } })),
  act: (deadline: Pick<Deadline, 'id' | 'version'>, verb: Verb, note = '') =>
    content(
      client.POST(`/api/deadlines/{deadline_id}/${verb}`, {
        params: { path: { deadline_id: deadline.id } },
        body: { version: deadline.version, note },
      }),
    ),
}
