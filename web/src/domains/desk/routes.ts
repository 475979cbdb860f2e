import type { RouteRecordRaw } from 'vue-router'

export const desk: RouteRecordRaw[] = [
  {
    path: '/offline',
    name: 'offline',
    component: () => import('./OfflinePage.vue'),
    meta: { title: 'page.offline', open: true, bare: true },
  },
  {
    path: '/:path(.*)*',
    name: 'not-found',
    component: () => import('./NotFoundPage.vue'),
    meta: { title: 'page.notFound' },
  },
]
