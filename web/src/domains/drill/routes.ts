import type { RouteRecordRaw } from 'vue-router'

export const drill: RouteRecordRaw[] = [
  {
    path: '/drill',
    name: 'drill',
    component: () => import('./DrillPage.vue'),
    meta: { title: 'page.drill' },
  },
]
