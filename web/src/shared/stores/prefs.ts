import { defineStore } from 'pinia'
import { ref, watch } from 'vue'

export type Theme = 'light' | 'dark'
const THEME_KEY = 'rongdun.theme'
const KEYS_KEY = 'rongdun.single-keys'
const NAV_KEY = 'rongdun.nav'

/** What a person has set on this computer: light or dark, single-key shortcuts, a narrow navigation. */
export const usePrefs = defineStore('prefs', () => {
  const theme = ref<Theme>(localStorage.getItem(THEME_KEY) === 'dark' ? 'dark' : 'light')
  const forced = ref<Theme | null>(null)
  const singleKeys = ref(localStorage.getItem(KEYS_KEY) !== 'off')
  const narrowNav = ref(localStorage.getItem(NAV_KEY) === 'narrow')

  watch([theme, forced], () => (document.documentElement.dataset.theme = forced.value ?? theme.value), {
    immediate: true,
  })
  watch(theme, (next) => localStorage.setItem(THEME_KEY, next))
  watch(singleKeys, (next) => localStorage.setItem(KEYS_KEY, next ? 'on' : 'off'))
  watch(narrowNav, (next) => localStorage.setItem(NAV_KEY, next ? 'narrow' : 'wide'))

  function toggleTheme(): void {
    theme.value = theme.value === 'dark' ? 'light' : 'dark'
  }

  return { theme, forced, singleKeys, narrowNav, toggleTheme }
})
