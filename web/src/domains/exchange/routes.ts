import type { RouteRecordRaw } from 'vue-router'

export const exchange: RouteRecordRaw[] = [
  {
    path: '/exchange/outbox',
    name: 'outbox',
    component: () => import('./OutboxPage.vue'),
    meta: { title: 'page.outbox', permission: 'outbox.read' },
  },
]
