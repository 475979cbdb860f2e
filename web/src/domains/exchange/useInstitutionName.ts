import { useI18n } from 'vue-i18n'
import type { Institution } from '@/api/types/exchange'

/** An institution's name in the language of the page, where it has one in English. */
export function useInstitutionName(): (one: Institution) => string {
  const { locale } = useI18n()
  return (one) => (locale.value === 'en' && one.name_en ? one.name_en : one.name)
}
