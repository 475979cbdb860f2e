import type { RouteRecordRaw } from 'vue-router'

export const duty: RouteRecordRaw[] = [
  {
    path: '/duty/board',
    name: 'board',
    component: () => import('./BoardPage.vue'),
    meta: { title: 'page.board', permission: 'deadline.read' },
  },
  {
    path: '/duty/deadlines',
    name: 'deadlines',
    component: () => import('./DeadlinesPage.vue'),
    meta: { title: 'page.deadlines', permission: 'deadline.read' },
  },
  {
    path: '/wall',
    name: 'wall',
    component: () => import('./WallPage.vue'),
    meta: { title: 'page.wall', permission: 'deadline.read', bare: true },
  },
]
