import { useUnitNames } from '@/shared/stores/unit-names'
import { language } from './index'

/** A unit as answers carry it: a reference, or only the name that a record keeps. */
export type NamedUnit = { id?: string; name: string; name_en?: string } | string | null | undefined

/** A unit's name in the language of the page; its Chinese one where there is none in English, or not yet. */
export function useUnitName(): (unit: NamedUnit) => string {
  const names = useUnitNames()
  return (unit) => {
    const one = typeof unit === 'string' ? { name: unit } : unit
    if (!one) return ''
    if (language() !== 'en') return one.name
    return one.name_en || names.english(one.name, one.id) || one.name
  }
}
