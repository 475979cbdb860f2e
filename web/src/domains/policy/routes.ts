import type { RouteRecordRaw } from 'vue-router'

export const policy: RouteRecordRaw[] = [
  {
    path: '/policy/rules',
    name: 'rules',
    component: () => import('./RulesPage.vue'),
    meta: { title: 'page.rules', permission: 'policy.read' },
  },
  {
    path: '/policy/rules/:key',
    name: 'rule',
    component: () => import('./RulePage.vue'),
    meta: { title: 'page.rule', permission: 'policy.read' },
  },
  {
    path: '/policy/changes',
    name: 'changes',
    component: () => import('./ChangesPage.vue'),
    meta: { title: 'page.changes', permission: 'policy.read' },
  },
  {
    path: '/policy/changes/new',
    name: 'new-change',
    component: () => import('./NewChangePage.vue'),
    meta: { title: 'page.change', permission: 'policy.draft' },
  },
  {
    path: '/policy/changes/:id',
    name: 'change',
    component: () => import('./ChangePage.vue'),
    meta: { title: 'page.change', permission: 'policy.read' },
  },
]
