import { onScopeDispose, ref, watch, type Ref } from 'vue'
import type { Checked } from '@/api/types/intake'
import { intake } from './api'
import { toCheck, type ReportForm } from './form'

const PAUSE_MS = 250

/**
 * Asks the server, a breath after each change, what the form says so far. An answer that was overtaken is dropped; a
 * lost line leaves the last answer standing and says so.
 */
export function useCheck(form: Ref<ReportForm>, reportId: string | null) {
  const checked = ref<Checked | null>(null)
  const stale = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: AbortController | undefined

  async function ask(): Promise<void> {
    running?.abort()
    const mine = (running = new AbortController())
    try {
      const answer = await intake.check(toCheck(form.value, reportId), mine.signal)
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
