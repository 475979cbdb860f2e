import { shallowRef } from 'vue'
import type { StopMade, Taken } from '@/api/types/intake'

/** What became of the orders of the report that was just taken, for its page to say once. */
const last = shallowRef<{ id: string; stops: StopMade[] } | null>(null)

export function keepTaken(taken: Taken): void {
  last.value = { id: taken.report.id, stops: taken.stops }
}

/** The orders made with a report, if it was taken in this window; asked for once. */
export function takeKept(id: string): StopMade[] | null {
  const found = last.value?.id === id ? last.value.stops : null
  last.value = null
  return found
}
