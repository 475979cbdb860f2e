import type { RouteRecordRaw } from 'vue-router'

export const tracing: RouteRecordRaw[] = [
  {
    path: '/tracing/imports',
    name: 'imports',
    component: () => import('./ImportsPage.vue'),
    meta: { title: 'page.imports', permission: 'ledger.read' },
  },
  {
    path: '/tracing/imports/:id',
    name: 'import',
    component: () => import('./ImportPage.vue'),
    meta: { title: 'page.import', permission: 'ledger.read' },
  },
  {
    path: '/tracing/accounts',
    name: 'ledgerAccounts',
    component: () => import('./AccountsPage.vue'),
    meta: { title: 'page.ledgerAccounts', permission: 'ledger.read' },
  },
  {
    path: '/tracing/accounts/:id',
    name: 'ledgerAccount',
    component: () => import('./AccountPage.vue'),
    meta: { title: 'page.ledgerAccount', permission: 'ledger.read' },
  },
]
