import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { useSessionHooks } from './api/fetch'
import { router } from './router'
import { i18n, setLanguage, storedLanguage } from './shared/i18n'
import { usePrefs } from './shared/stores/prefs'
import { useSession } from './shared/stores/session'
import 'element-plus/es/components/base/style/css'
import './shared/styles/tokens.css'
import './shared/styles/element.css'
import './shared/styles/base.css'
import './shared/styles/print.css'

async function start(): Promise<void> {
  const app = createApp(App)
  app.use(createPinia()).use(i18n)
  const session = useSession()
  usePrefs()
  useSessionHooks({
    csrf: () => session.me?.csrf,
    refreshCsrf: session.refreshCsrf,
    reauthenticate: session.reauthenticate,
  })
  await setLanguage(storedLanguage())
  app.use(router).mount('#app')
}

void start()
