import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createPinia, setActivePinia } from 'pinia'
import { effectScope, nextTick, ref } from 'vue'
import { forgetDrafts, newer, readDraft, writeDraft } from '@/shared/forms/draft-storage'
import { useDraft } from '@/shared/forms/useDraft'
import { useSession } from '@/shared/stores/session'

const sent: { method: string; path: string; body: unknown }[] = []
let serverDraft: unknown = null

async function fakeFetch(request: Request): Promise<Response> {
  const text = await request.text()
  sent.push({
    method: request.method,
    path: new URL(request.url).pathname,
    body: text ? JSON.parse(text) : null,
  })
  if (request.method !== 'GET') return new Response(null, { status: 204 })
  if (serverDraft) return Response.json(serverDraft)
  return Response.json({ code: 'no_draft', message: { zh: '没有', en: 'none' } }, { status: 404 })
}

function begin(initial: object) {
  const model = ref<Record<string, unknown>>({ ...initial })
  const scope = effectScope()
  const draft = scope.run(() => useDraft('unit.7', model, () => ({ ...initial })))!
  return { model, draft, scope }
}

describe('drafts', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: Date.parse('2026-03-01T00:00:00Z') })
    vi.stubGlobal('fetch', fakeFetch)
    setActivePinia(createPinia())
    useSession().me = { user: { id: 'u1' } } as never
    localStorage.clear()
    sent.length = 0
    serverDraft = null
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  it('survives on this computer and on the server', async () => {
    const { model } = begin({ name: '' })
    model.value.name = '半句话'
    await nextTick()
    await vi.advanceTimersByTimeAsync(500)
    expect(readDraft('u1', 'unit.7')?.value).toEqual({ name: '半句话' })
    await vi.advanceTimersByTimeAsync(4000)
    expect(sent).toEqual([{ method: 'PUT', path: '/api/drafts/unit.7', body: { value: { name: '半句话' } } }])
  })

  it('is kept when the page goes away before the timer', async () => {
    const { model, scope } = begin({ name: '' })
    model.value.name = '来不及'
    await nextTick()
    scope.stop()
    expect(readDraft('u1', 'unit.7')?.value).toEqual({ name: '来不及' })
  })

  it('comes back with a notice, whichever copy is newer', async () => {
    writeDraft('u1', 'unit.7', { value: { name: '本机' }, saved_at: '2026-02-28T10:00:00Z' })
    serverDraft = { form_key: 'unit.7', value: { name: '另一台' }, saved_at: '2026-02-28T11:00:00Z' }
    const { model, draft } = begin({ name: '' })
    await draft.restore()
    expect(model.value).toEqual({ name: '另一台' })
    expect(draft.restoredAt.value).toBe('2026-02-28T11:00:00Z')
  })

  it('does not overwrite what somebody already typed', async () => {
    writeDraft('u1', 'unit.7', { value: { name: '旧' }, saved_at: '2026-02-28T10:00:00Z' })
    const { model, draft } = begin({ name: '' })
    model.value.name = '新'
    await draft.restore()
    expect(model.value.name).toBe('新')
  })

  it('is gone once the form is saved, on both sides', async () => {
    const { model, draft, scope } = begin({ name: '' })
    model.value.name = '写完了'
    await nextTick()
    await vi.advanceTimersByTimeAsync(500)
    draft.finish()
    scope.stop()
    await vi.advanceTimersByTimeAsync(5000)
    expect(readDraft('u1', 'unit.7')).toBeNull()
    expect(sent.map((one) => one.method)).toEqual(['DELETE'])
  })

  it('is apart for each person, and leaves the computer when they sign out', () => {
    writeDraft('u1', 'f', { value: 1, saved_at: '2026-03-01T00:00:00Z' })
    writeDraft('u2', 'f', { value: 2, saved_at: '2026-03-01T00:00:00Z' })
    forgetDrafts('u1')
    expect(readDraft('u1', 'f')).toBeNull()
    expect(readDraft('u2', 'f')?.value).toBe(2)
  })

  it('picks the newer of two', () => {
    const old = { value: 1, saved_at: '2026-03-01T00:00:00Z' }
    const late = { value: 2, saved_at: '2026-03-01T00:00:01Z' }
    expect(newer(old, late)).toBe(late)
    expect(newer(late, old)).toBe(late)
    expect(newer(null, old)).toBe(old)
    expect(newer<number>(null, null)).toBeNull()
  })
})
