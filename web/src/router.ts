import { createRouter, createWebHistory } from 'vue-router'
import type { RouteRecordRaw } from 'vue-router'
import { asProblem } from '@/api/problem'
import { cases } from '@/domains/cases/routes'
import { desk } from '@/domains/desk/routes'
import { drill } from '@/domains/drill/routes'
import { duty } from '@/domains/duty/routes'
import { exchange } from '@/domains/exchange/routes'
import { intake } from '@/domains/intake/routes'
import { oversight } from '@/domains/oversight/routes'
import { people } from '@/domains/people/routes'
import { policy } from '@/domains/policy/routes'
import { stopPayment } from '@/domains/stop_payment/routes'
import { restitution } from '@/domains/restitution/routes'
import { tracing } from '@/domains/tracing/routes'
import { twin } from '@/domains/twin/routes'
import { translate } from '@/shared/i18n'
import { homeOf } from '@/shared/shell/navigation'
import { useSession } from '@/shared/stores/session'

declare module 'vue-router' {
  interface RouteMeta {
    /** i18n key of the page's name */
    title: string
    /** what one must be allowed to do to open it */
    permission?: string
    /** reachable without signing in */
    open?: boolean
    /** drawn without the shell */
    bare?: boolean
  }
}

const home: RouteRecordRaw = {
  path: '/',
  name: 'home',
  meta: { title: 'page.home' },
  component: () => import('@/domains/desk/NotFoundPage.vue'),
}

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    home,
    ...duty,
    ...drill,
    ...intake,
    ...cases,
    ...stopPayment,
    ...tracing,
    ...restitution,
    ...policy,
    ...twin,
    ...oversight,
    ...people,
    ...exchange,
    ...desk,
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
})

router.beforeEach(async (to) => {
  const session = useSession()
  if (!session.loaded) {
    try {
      await session.load()
    } catch (thrown) {
      if (to.name !== 'offline')
        return { name: 'offline', query: { next: to.fullPath, code: asProblem(thrown).code } }
    }
  }
  if (!to.meta.open && !session.signedIn) return { name: 'login', query: { next: to.fullPath } }
  if (to.name === 'home') return homeOf(session.can, session.me?.desk)
  return true
})

/** After an upgrade the old page's parts are gone from the server: load the new page whole, once. */
router.onError((error: Error, to) => {
  const again = `${to.fullPath}#reloaded`
  if (!/dynamically imported module|Importing a module/.test(error.message) || location.href.endsWith(again))
    throw error
  location.assign(again)
})

router.afterEach((to) => {
  document.title = `${translate(to.meta.title)} · ${translate('app.name')}`
})
