import type { RouteRecordRaw } from 'vue-router'

export const twin: RouteRecordRaw[] = [
  {
    path: '/twin',
    name: 'twin',
    component: () => import('./TwinPage.vue'),
    meta: { title: 'page.twin', permission: 'twin.read' },
  },
  {
    path: '/twin/:id',
    name: 'twinRun',
    component: () => import('./RunPage.vue'),
    meta: { title: 'page.twinRun', permission: 'twin.read' },
  },
  {
    path: '/twin/:id/watch',
    name: 'twinWatch',
    component: () => import('./WatchPage.vue'),
    meta: { title: 'page.twinWatch', permission: 'twin.read' },
  },
]
