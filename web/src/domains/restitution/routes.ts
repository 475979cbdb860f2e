import type { RouteRecordRaw } from 'vue-router'

export const restitution: RouteRecordRaw[] = [
  {
    path: '/restitution/relief',
    name: 'reliefs',
    component: () => import('./ReliefsPage.vue'),
    meta: { title: 'page.reliefs', permission: 'relief.read' },
  },
  {
    path: '/restitution/relief/:id',
    name: 'relief',
    component: () => import('./ReliefPage.vue'),
    meta: { title: 'page.relief', permission: 'relief.read' },
  },
  {
    path: '/restitution/returns',
    name: 'returns',
    component: () => import('./ReturnsPage.vue'),
    meta: { title: 'page.returns', permission: 'return.read' },
  },
  {
    path: '/restitution/returns/:id',
    name: 'return',
    component: () => import('./ReturnPage.vue'),
    meta: { title: 'page.return', permission: 'return.read' },
  },
]
