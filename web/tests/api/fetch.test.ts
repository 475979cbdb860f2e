import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useSessionHooks } from '@/api/fetch'
import { http } from '@/api/http'
import { ApiProblem } from '@/api/problem'

const refused = (status: number, code: string) =>
  Response.json({ code, message: { zh: '拒绝', en: 'refused' } }, { status })

function answering(...answers: (() => Response | Promise<Response>)[]) {
  const seen: Request[] = []
  vi.stubGlobal('fetch', async (request: Request) => {
    seen.push(request.clone())
    return answers[Math.min(seen.length, answers.length) - 1]!()
  })
  return seen
}

describe('the manners of a request', () => {
  let token = 'first'
  let signIns = 0

  beforeEach(() => {
    token = 'first'
    signIns = 0
    document.documentElement.lang = 'zh-CN'
    useSessionHooks({
      csrf: () => token,
      refreshCsrf: async () => void (token = 'second'),
      reauthenticate: async () => {
        signIns += 1
        token = 'after sign-in'
        return true
      },
    })
  })
  afterEach(() => vi.unstubAllGlobals())

  it('sends the token with what changes something, not with what reads', async () => {
    const seen = answering(() => Response.json({}))
    await http.get('/api/units')
    await http.post('/api/units', { name: 'x' })
    expect(seen.map((request) => request.headers.get('X-CSRF-Token'))).toEqual([null, 'first'])
    expect(seen[0]!.headers.get('Accept-Language')).toBe('zh-CN')
  })

  it('asks for a new login when the session ended, then sends the same body again', async () => {
    const seen = answering(
      () => refused(401, 'unauthenticated'),
      () => Response.json({ id: 1 }),
    )
    expect(await http.post('/api/units', { name: '鼓楼' })).toEqual({ id: 1 })
    expect(signIns).toBe(1)
    expect(await seen[1]!.json()).toEqual({ name: '鼓楼' })
    expect(seen[1]!.headers.get('X-CSRF-Token')).toBe('after sign-in')
  })

  it('does not ask for a login because a password was wrong', async () => {
    answering(() => refused(401, 'bad_credentials'))
    await expect(http.post('/api/auth/login', {})).rejects.toMatchObject({
      code: 'bad_credentials',
      status: 401,
    })
    expect(signIns).toBe(0)
  })

  it('fetches a fresh token once when the old one is refused', async () => {
    const seen = answering(
      () => refused(403, 'csrf_failed'),
      () => Response.json({}),
    )
    await http.put('/api/drafts/a', { value: 1 })
    expect(seen.map((request) => request.headers.get('X-CSRF-Token'))).toEqual(['first', 'second'])
  })

  it('does not retry a plain refusal', async () => {
    const seen = answering(() => refused(403, 'forbidden'))
    await expect(http.post('/api/units', {})).rejects.toBeInstanceOf(ApiProblem)
    expect(seen).toHaveLength(1)
  })

  it('calls a lost line a problem of the network', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')))
    await expect(http.get('/api/units')).rejects.toMatchObject({ code: 'network', status: 0 })
  })

  it('understands an answer that is not problem details', async () => {
    answering(() => new Response('<html>502</html>', { status: 502 }))
    await expect(http.get('/api/units')).rejects.toMatchObject({ code: 'http_502', status: 502 })
  })
})
