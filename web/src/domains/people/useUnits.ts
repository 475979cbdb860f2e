import { computed, ref } from 'vue'
import type { UnitNode } from '@/api/types/people'
import { people } from './api'
import { flatten, ordered } from './tree'

/** The unit tree one may see, for pickers and the tree beside the table. */
export function useUnits() {
  const tree = ref<UnitNode[]>([])
  const flat = computed(() => flatten(tree.value))

  async function load(): Promise<void> {
    tree.value = ordered(await people.tree())
  }

  function nameOf(id: string | null | undefined): string {
    return flat.value.find((node) => node.id === id)?.name ?? ''
  }

  return { tree, flat, load, nameOf }
}
