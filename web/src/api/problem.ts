/** What the server says when it refuses: RFC 9457 problem details with our bilingual extension. */
export interface BilingualText {
  zh: string
  en: string
}

export interface FieldProblem {
  path: string
  message: BilingualText
}

export interface RuleReference {
  key: string
  text: BilingualText
  legal_basis: string
}

export interface Problem {
  type?: string
  title?: string
  status: number
  detail?: string
  code: string
  message: BilingualText
  action?: BilingualText | null
  fields?: FieldProblem[]
  rule?: RuleReference | null
  extra?: Record<string, unknown>
}

const AFTER_CHINESE = /(?<=[\u4e00-\u9fff\u300b\u300d\u201d\u3015])([,;:!?])\s*/g
const BRACKETS = /\(([^()]*[\u4e00-\u9fff][^()]*)\)/g
const TO_WIDE = 0xfee0

function wide(mark: string): string {
  return String.fromCharCode(mark.charCodeAt(0) + TO_WIDE)
}

/** Chinese with the punctuation of Chinese print, whatever keyboard it was typed on. */
export function typeset(chinese: string): string {
  return chinese
    .replace(AFTER_CHINESE, (_, mark: string) => wide(mark))
    .replace(BRACKETS, (_, within: string) => wide('(') + within + wide(')'))
}

export type Language = 'zh-CN' | 'en'

/** A refusal of the server, or a request that never reached it (`code` is then `network`, `status` 0). */
export class ApiProblem extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.message.en || problem.code)
    this.name = 'ApiProblem'
    this.problem = problem
  }

  get status(): number {
    return this.problem.status
  }

  get code(): string {
    return this.problem.code
  }
}

/** The text of one language; the other one stands in where a translation is missing. */
export function pick(text: BilingualText | null | undefined, language: Language): string {
  if (!text) return ''
  return language === 'en' && text.en ? text.en : typeset(text.zh) || text.en
}

/** Field messages by input path: `body.name` and `name` both mean the input `name`. The first one wins. */
export function fieldMessages(problem: Problem | null, language: Language): Record<string, string> {
  const messages: Record<string, string> = {}
  for (const field of problem?.fields ?? []) {
    const path = field.path.replace(/^(body|query|path)\./, '')
    messages[path] ??= pick(field.message, language)
  }
  return messages
}

function isProblem(value: unknown): value is Problem {
  const candidate = value as Partial<Problem> | null
  return typeof candidate === 'object' && candidate !== null && typeof candidate.code === 'string'
}

/** Reads a refused response; a body that is not problem details still gives a code to translate. */
export async function problemOf(response: Response): Promise<ApiProblem> {
  const body: unknown = await response.json().catch(() => null)
  if (isProblem(body) && body.message) return new ApiProblem({ ...body, status: response.status })
  return plainProblem(`http_${response.status}`, response.status)
}

/** A problem known only by its code; the interface supplies the words (`problem.<code>`). */
export function plainProblem(code: string, status = 0): ApiProblem {
  return new ApiProblem({ status, code, message: { zh: '', en: '' } })
}

/** Whatever was thrown, as a problem the interface can render. */
export function asProblem(thrown: unknown): Problem {
  return thrown instanceof ApiProblem ? thrown.problem : plainProblem('unexpected').problem
}
