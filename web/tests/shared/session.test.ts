import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Me } from '@/api/types/auth'
import { writeDraft, readDraft } from '@/shared/forms/draft-storage'
import { useSession } from '@/shared/stores/session'

const person = (id: string) => ({ user: { id }, permissions: ['unit.read'], csrf: id }) as unknown as Me

describe('a session that ends under a form', () => {
  beforeEach(() => {
    setActivePinia(createPinia())
    localStorage.clear()
  })

  it('lets every waiting request go on after one login', async () => {
    const session = useSession()
    session.me = person('u1')
    const waiting = [session.reauthenticate(), session.reauthenticate()]
    expect(session.expired).toBe(true)
    await session.accept({ state: 'signed_in', me: person('u1') })
    expect(await Promise.all(waiting)).toEqual([true, true])
    expect(session.expired).toBe(false)
  })

  it('waits on while the second factor is still asked', async () => {
    const session = useSession()
    session.me = person('u1')
    void session.reauthenticate()
    await session.accept({ state: 'second_factor_needed', me: null })
    expect(session.expired).toBe(true)
  })

  it("does not send one person's request as another's", async () => {
    const session = useSession()
    const assign = vi.spyOn(window.location, 'assign').mockImplementation(() => undefined)
    session.me = person('u1')
    const waiting = session.reauthenticate()
    await session.accept({ state: 'signed_in', me: person('u2') })
    expect(await waiting).toBe(false)
    expect(assign).toHaveBeenCalledWith('/')
  })

  it('has nothing to renew when nobody was signed in', async () => {
    expect(await useSession().reauthenticate()).toBe(false)
  })

  it("clears a person's drafts from the computer when they sign out", async () => {
    const session = useSession()
    session.me = person('u1')
    writeDraft('u1', 'f', { value: 1, saved_at: '2026-03-01T00:00:00Z' })
    vi.stubGlobal('fetch', async () => new Response(null, { status: 204 }))
    await session.logout()
    vi.unstubAllGlobals()
    expect(readDraft('u1', 'f')).toBeNull()
    expect(session.signedIn).toBe(false)
  })

  it('grants what the permissions say and nothing else', () => {
    const session = useSession()
    session.me = person('u1')
    expect([session.can('unit.read'), session.can('unit.write'), session.can(undefined)]).toEqual([
      true,
      false,
      true,
    ])
  })
})
