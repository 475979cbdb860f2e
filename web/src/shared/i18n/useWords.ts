import { useI18n } from 'vue-i18n'

/** Words for a code the server sent: `words('duty.state', 'met')`; an unknown code is shown as it came. */
export function useWords(): (group: string, code: string | null | undefined) => string {
  const { t, te } = useI18n()
  return (group, code) => {
    if (!code) return ''
    const key = `${group}.${code}`
    return te(key) || te(key, 'zh-CN') ? t(key) : code
  }
}
