import { useI18n } from 'vue-i18n'

/** What records call the system: 系统. */
const SYSTEM = '\u7cfb\u7edf'

/** The name of whoever did something; what the system did by itself is said in the language of the page. */
export function usePerson(): (name: string) => string {
  const { t } = useI18n()
  return (name) => (name === SYSTEM ? t('common.system') : name)
}
