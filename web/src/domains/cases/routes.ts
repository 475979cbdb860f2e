import type { RouteRecordRaw } from 'vue-router'

export const cases: RouteRecordRaw[] = [
  {
    path: '/cases',
    name: 'cases',
    component: () => import('./CasesPage.vue'),
    meta: { title: 'page.cases', permission: 'case.read' },
  },
  {
    path: '/cases/new',
    name: 'newCase',
    component: () => import('./NewCasePage.vue'),
    meta: { title: 'page.newCase', permission: 'case.write' },
  },
  {
    path: '/cases/:id',
    name: 'case',
    component: () => import('./CasePage.vue'),
    meta: { title: 'page.case', permission: 'case.read' },
  },
]
