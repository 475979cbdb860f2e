import { noteServerTime } from './clock'
import { plainProblem, problemOf } from './problem'

/** What the transport asks of the session: the token to send, and a way back in when it has ended. */
export interface SessionHooks {
  csrf: () => string | undefined
  refreshCsrf: () => Promise<void>
  reauthenticate: () => Promise<boolean>
}

let hooks: SessionHooks = {
  csrf: () => undefined,
  refreshCsrf: async () => {},
  reauthenticate: async () => false,
}

/** Wires the session in; called once when the application starts. */
export function useSessionHooks(next: SessionHooks): void {
  hooks = next
}

/** The token that a request outside `guardedFetch` must bear. */
export function csrfToken(): string | undefined {
  return hooks.csrf()
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])
const OWN_LOGIN = /^\/api\/auth\/(login|second-factor|options|me|logout|passkeys\/login)/

function dressed(request: Request): Request {
  const headers = new Headers(request.headers)
  const token = hooks.csrf()
  headers.set('Accept-Language', document.documentElement.lang)
  if (!SAFE.has(request.method) && token) headers.set('X-CSRF-Token', token)
  return new Request(request, { headers })
}

async function send(request: Request): Promise<Response> {
  const sentAt = Date.now()
  try {
    const response = await fetch(dressed(request))
    const date = response.headers.get('date')
    if (date) noteServerTime(Date.parse(date), sentAt, Date.now(), 1000)
    return response
  } catch (thrown) {
    if (request.signal.aborted) throw thrown
    throw plainProblem('network')
  }
}

async function csrfFailed(response: Response): Promise<boolean> {
  if (response.status !== 403) return false
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null)
  return (body as { code?: string } | null)?.code === 'csrf_failed'
}

/**
 * `fetch` with the product's manners: the CSRF token goes along, an ended session asks for a new login over the
 * page and the same request is sent again, and every refusal is thrown as `ApiProblem`.
 */
export async function guardedFetch(request: Request): Promise<Response> {
  const again = request.clone()
  let response = await send(request)
  if (await csrfFailed(response)) {
    await hooks.refreshCsrf()
    response = await send(again.clone())
  }
  if (response.status === 401 && !OWN_LOGIN.test(new URL(request.url).pathname)) {
    if (await hooks.reauthenticate()) response = await send(again)
  }
  if (!response.ok) throw await problemOf(response)
  return response
}
