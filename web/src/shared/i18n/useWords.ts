import { useI18n } from 'vue-i18n'

export type Words = (group: string, code: string | null | undefined) => string

/** Words for a code the server sent: `words('duty.state', 'met')`; an unknown code is shown as it came. */
export function useWords(): Words {
  const { t, te } = useI18n()
  return (group, code) => {
    if (!code) return ''
    const key = `${group}.${code}`
    return te(key) || te(key, 'zh-CN') ? t(key) : code
  }
}

/** Words for a code of several parts: `user.update` stands under `user_update`; an unknown one is shown as it is. */
export function codeWords(group: string, code: string, words: Words): string {
  const key = code.replace(/[.-]/g, '_')
  const found = words(group, key)
  return found === key ? code : found
}
