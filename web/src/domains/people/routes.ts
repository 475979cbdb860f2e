import type { RouteRecordRaw } from 'vue-router'

export const people: RouteRecordRaw[] = [
  {
    path: '/login',
    name: 'login',
    component: () => import('./LoginPage.vue'),
    meta: { title: 'page.login', open: true, bare: true },
  },
]
