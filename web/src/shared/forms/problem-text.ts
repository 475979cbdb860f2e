import { pick, type Language, type Problem } from '@/api/problem'
import type { Say } from '@/shared/time/format'

/** What happened and what to do about it, in the language of the interface. */
export interface ProblemText {
  message: string
  action: string
}

/** The server's words where it gave some; our own where the request never arrived or the answer was not ours. */
export function problemText(problem: Problem, language: Language, say: Say): ProblemText {
  const message = pick(problem.message, language)
  if (message) return { message, action: pick(problem.action, language) }
  if (problem.code === 'network')
    return { message: say('problem.network'), action: say('problem.networkAction') }
  if (problem.status > 0) {
    return { message: say('problem.http', { status: problem.status }), action: say('problem.httpAction') }
  }
  return { message: say('problem.unexpected'), action: say('problem.unexpectedAction') }
}
