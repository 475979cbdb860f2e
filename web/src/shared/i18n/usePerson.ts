import { useI18n } from 'vue-i18n'

const SYSTEM = '系统'

/** The name of whoever did something; what the system did by itself is said in the language of the page. */
export function usePerson(): (name: string) => string {
  const { t } = useI18n()
  return (name) => (name === SYSTEM ? t('common.system') : name)
}
