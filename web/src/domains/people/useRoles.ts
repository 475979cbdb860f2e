import { computed, ref } from 'vue'
import type { RoleTable } from '@/api/types/people'
import { usePick } from '@/shared/i18n/usePick'
import { useWords } from '@/shared/i18n/useWords'
import { people } from './api'

/** Roles and permissions, with their names in the language of the interface; the names everybody may know. */
export function useRoles() {
  const say = usePick()
  const words = useWords()
  const table = ref<RoleTable | null>(null)
  const list = computed(() => table.value?.roles ?? [])

  async function load(): Promise<void> {
    table.value = await people.roles()
  }

  function nameOf(key: string): string {
    const role = list.value.find((one) => one.key === key)
    return role ? say(role.name) : words('people.roleName', key)
  }

  return { table, list, load, nameOf }
}
