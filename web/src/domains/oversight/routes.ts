import type { RouteRecordRaw } from 'vue-router'

export const oversight: RouteRecordRaw[] = [
  {
    path: '/oversight/audit',
    name: 'audit',
    component: () => import('./AuditPage.vue'),
    meta: { title: 'page.audit', permission: 'audit.read' },
  },
]
