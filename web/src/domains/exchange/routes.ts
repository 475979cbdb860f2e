import type { RouteRecordRaw } from 'vue-router'

export const exchange: RouteRecordRaw[] = [
  {
    path: '/exchange/outbox',
    name: 'outbox',
    component: () => import('./OutboxPage.vue'),
    meta: { title: 'page.outbox', permission: 'outbox.read' },
  },
  {
    path: '/exchange/inbox',
    name: 'inbox',
    component: () => import('./InboxPage.vue'),
    meta: { title: 'page.inbox', permission: 'outbox.read' },
  },
  {
    path: '/exchange/institutions',
    name: 'institutions',
    component: () => import('./InstitutionsPage.vue'),
    meta: { title: 'page.institutions', permission: 'outbox.read' },
  },
]
