import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { UnitName } from '@/api/types/units'
import { units } from '@/api/units'
import { language } from '@/shared/i18n'
import { useTopics } from '@/shared/live/useTopics'
import { useSession } from './session'

interface Names {
  byId: ReadonlyMap<string, string>
  byName: ReadonlyMap<string, string>
}

const NONE: Names = { byId: new Map(), byName: new Map() }

/** By id, and by the Chinese name where it means one English name only. */
function sorted(list: readonly UnitName[]): Names {
  const byName = new Map<string, string>()
  for (const { name, name_en } of list)
    byName.set(name, (byName.get(name) ?? name_en) === name_en ? name_en : '')
  return { byId: new Map(list.map((one) => [one.id, one.name_en])), byName }
}

/**
 * The English names of units. Read once a session and only for pages in English; again when units changed, when the
 * live line returns, and for whoever signs in next.
 */
export const useUnitNames = defineStore('unit-names', () => {
  const session = useSession()
  const names = shallowRef(NONE)
  const changes = ref(0)
  const whose = computed(() => (session.me ? `${session.me.user.id} ${session.me.session_expires_at}` : null))
  const wanted = computed(() =>
    whose.value && language() === 'en' ? `${whose.value} ${changes.value}` : null,
  )
  let asked: string | null = null

  async function load(): Promise<void> {
    const asking = wanted.value
    if (!asking || asking === asked) return
    asked = asking
    try {
      const list = await units.names()
      if (asked === asking) names.value = sorted(list)
    } catch {
      // the Chinese names stand in until the next occasion to ask
      if (asked === asking) asked = null
    }
  }

  function forget(): void {
    asked = null
    names.value = NONE
  }

  watch(whose, forget, { flush: 'sync' })
  watch(wanted, load, { immediate: true })
  useTopics(['unit'], () => (changes.value += 1))

  /** The English name: of the unit with this id or, where a record knows no id, of the unit called so. */
  function english(name: string, id?: string): string | undefined {
    return id ? names.value.byId.get(id) : names.value.byName.get(name)
  }

  return { english }
})
