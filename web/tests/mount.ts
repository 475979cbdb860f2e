import { createPinia, setActivePinia } from 'pinia'
import { createApp, h, nextTick, type Component } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { i18n } from '@/shared/i18n'

/** Mounts a component with words, stores and an address bar; gives its element, the router and a way to end it. */
export async function mount(component: unknown, props: object = {}, path = '/') {
  const pinia = createPinia()
  setActivePinia(pinia)
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/', name: 'home', component: {} }],
  })
  await router.push(path)
  const host = document.body.appendChild(document.createElement('div'))
  const app = createApp({ render: () => h(component as Component, props) })
  app.use(pinia).use(i18n).use(router).mount(host)
  await settle()
  return { host, router, end: () => (app.unmount(), host.remove()) }
}

/** Lets promises and renders finish. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 6; turn += 1) {
    await Promise.resolve()
    await nextTick()
  }
}

export function press(target: Element | null, key: string): void {
  target!.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
}
