import { computed, ref } from 'vue'
import type { UnitNode } from '@/api/types/people'
import { useUnitName } from '@/shared/i18n/useUnitName'
import { people } from './api'
import { flatten, ordered } from './tree'

/** The unit tree one may see, for pickers and the tree beside the table. */
export function useUnits() {
  const tree = ref<UnitNode[]>([])
  const unitName = useUnitName()
  const flat = computed(() => flatten(tree.value))

  async function load(): Promise<void> {
    tree.value = ordered(await people.tree())
  }

  function nameOf(id: string | null | undefined): string {
    return unitName(flat.value.find((node) => node.id === id))
  }

  return { tree, flat, load, nameOf }
}
