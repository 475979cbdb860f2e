import { createI18n } from 'vue-i18n'
import zh from '@/locales/zh-CN'
import type { Language } from '@/api/problem'

export const LANGUAGES: readonly Language[] = ['zh-CN', 'en']
const STORAGE_KEY = 'rongdun.language'

export const i18n = createI18n<[typeof zh], Language, false>({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': zh } as never,
})

/** The language of the interface now. */
export function language(): Language {
  return i18n.global.locale.value as Language
}

/** The language chosen on this computer; Chinese unless somebody chose otherwise. */
export function storedLanguage(): Language {
  return localStorage.getItem(STORAGE_KEY) === 'en' ? 'en' : 'zh-CN'
}

/** Switches the interface, loading the words of that language the first time. */
export async function setLanguage(next: Language): Promise<void> {
  if (next === 'en' && !i18n.global.availableLocales.includes('en')) {
    i18n.global.setLocaleMessage('en', (await import('@/locales/en')).default as never)
  }
  i18n.global.locale.value = next
  document.documentElement.lang = next
  localStorage.setItem(STORAGE_KEY, next)
}

/** Translates outside a component. */
export function translate(key: string, named: Record<string, unknown> = {}): string {
  return i18n.global.t(key, named)
}

/** Whether the interface has words for `key`. */
export function hasWords(key: string): boolean {
  return i18n.global.te(key, 'zh-CN')
}
