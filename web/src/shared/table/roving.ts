import { nextTick, ref, type Ref } from 'vue'

const PAGE = 10

/** Where a key leads in a list of `count` rows; null for keys that do not move. */
export function moveTo(key: string, index: number, count: number): number | null {
  const moves: Record<string, number> = {
    ArrowDown: index + 1,
    j: index + 1,
    ArrowUp: index - 1,
    k: index - 1,
    Home: 0,
    End: count - 1,
    PageDown: index + PAGE,
    PageUp: index - PAGE,
  }
  const next = moves[key]
  return next === undefined ? null : Math.max(0, Math.min(count - 1, next))
}

/** One row of a list is in the tab order; the arrows move it. `rows` are the elements with `data-row`. */
export function useRoving(root: Ref<HTMLElement | undefined>) {
  const active = ref(0)

  async function focusRow(index: number): Promise<void> {
    active.value = Math.max(0, index)
    await nextTick()
    const row = root.value?.querySelectorAll<HTMLElement>('[data-row]')[active.value]
    row?.focus()
    row?.scrollIntoView({ block: 'nearest' })
  }

  /** True when the key moved the focus. */
  function onMove(event: KeyboardEvent, index: number, count: number): boolean {
    const next = moveTo(event.key, index, count)
    if (next === null) return false
    event.preventDefault()
    void focusRow(next)
    return true
  }

  return { active, focusRow, onMove }
}
