import { ref } from 'vue'
import type { EarlierMeasure } from '@/api/types/orders'
import { orders } from './api'

/** What was done to the accounts of freezes before them; each is asked for once, for that it was read goes on record. */
export function useEarlier() {
  const earlier = ref<Record<string, EarlierMeasure[]>>({})

  async function read(freezes: readonly string[]): Promise<void> {
    if (!freezes.length) return
    for (const one of await orders.earlier(freezes)) earlier.value[one.order_id] = one.measures
  }

  const readNew = (freezes: readonly string[]) => read(freezes.filter((id) => !(id in earlier.value)))

  return { earlier, read, readNew }
}
