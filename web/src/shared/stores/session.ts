import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { auth } from '@/api/auth'
import { ApiProblem } from '@/api/problem'
import type { Me, SignIn, SignInOptions } from '@/api/types/auth'
import { forgetDrafts } from '@/shared/forms/draft-storage'

/** Who is signed in, what they may do, and the way back in when the session ends under a form. */
export const useSession = defineStore('session', () => {
  const me = ref<Me | null>(null)
  const options = ref<SignInOptions | null>(null)
  const loaded = ref(false)
  const expired = ref(false)
  let waiting: ((ok: boolean) => void)[] = []

  const signedIn = computed(() => me.value !== null)
  const demo = computed(() => me.value?.demo ?? options.value?.demo ?? false)
  const permissions = computed(() => new Set(me.value?.permissions ?? []))

  function can(permission: string | undefined): boolean {
    return !permission || permissions.value.has(permission)
  }

  async function load(): Promise<void> {
    try {
      me.value = await auth.me()
    } catch (thrown) {
      if (!(thrown instanceof ApiProblem) || thrown.status !== 401) throw thrown
      me.value = null
    } finally {
      loaded.value = true
    }
  }

  async function loadOptions(): Promise<SignInOptions> {
    options.value ??= await auth.options()
    return options.value
  }

  async function accept(outcome: SignIn): Promise<SignIn> {
    if (outcome.state === 'signed_in') {
      const before = me.value?.user.id
      me.value = outcome.me ?? (await auth.me())
      if (expired.value) settle(before === undefined || before === me.value.user.id)
    }
    return outcome
  }

  /** Ends the wait for a new login; a different person at the keyboard starts from a fresh page. */
  function settle(ok: boolean): void {
    expired.value = false
    const callers = waiting
    waiting = []
    callers.forEach((resolve) => resolve(ok))
    if (!ok) window.location.assign('/')
  }

  /** Resolves when somebody has signed in again over the page, or given up. */
  function reauthenticate(): Promise<boolean> {
    if (!me.value) return Promise.resolve(false)
    expired.value = true
    return new Promise((resolve) => waiting.push(resolve))
  }

  /** Whether the session holds, as the server sees it; somebody may have signed in again in the meantime. */
  async function holds(): Promise<boolean> {
    try {
      await refreshCsrf()
      return true
    } catch (thrown) {
      return !(thrown instanceof ApiProblem && thrown.status === 401)
    }
  }

  async function refreshCsrf(): Promise<void> {
    me.value = await auth.me()
  }

  async function logout(): Promise<void> {
    const user = me.value?.user.id
    await auth.logout().catch(() => undefined)
    if (user) forgetDrafts(user)
    me.value = null
  }

  return {
    me,
    options,
    loaded,
    expired,
    signedIn,
    demo,
    permissions,
    can,
    load,
    loadOptions,
    accept,
    settle,
    holds,
    reauthenticate,
    refreshCsrf,
    logout,
  }
})
