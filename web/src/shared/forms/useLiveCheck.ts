import { onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'

const PAUSE_MS = 250

/**
 * Asks the server, a breath after each change, what a form says so far. An answer that was overtaken is dropped; a
 * lost line leaves the last answer standing and says so.
 */
export function useLiveCheck<Form, Answer>(
  form: Ref<Form>,
  read: (value: Form, signal: AbortSignal) => Promise<Answer>,
) {
  const checked = shallowRef<Answer | null>(null)
  const stale = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: AbortController | undefined

  async function ask(): Promise<void> {
    running?.abort()
    const mine = (running = new AbortController())
    try {
      const answer = await read(form.value, mine.signal)
      if (mine.signal.aborted) return
      checked.value = answer
      stale.value = false
    } catch {
      if (!mine.signal.aborted) stale.value = true
    }
  }

  watch(
    form,
    () => {
      clearTimeout(timer)
      timer = setTimeout(() => void ask(), PAUSE_MS)
    },
    { deep: true, immediate: true },
  )
  onScopeDispose(() => {
    clearTimeout(timer)
    running?.abort()
  })

  return { checked, stale, ask }
}
