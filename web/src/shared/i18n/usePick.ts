import { useI18n } from 'vue-i18n'
import { pick, type BilingualText, type Language } from '@/api/problem'

/** Picks the side of a bilingual text that the interface shows; a plain string is shown as it is. */
export function usePick(): (text: BilingualText | string | null | undefined) => string {
  const { locale } = useI18n()
  return (text) => (typeof text === 'string' ? text : pick(text, locale.value as Language))
}
