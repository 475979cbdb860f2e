import type { RouteRecordRaw } from 'vue-router'

export const tracing: RouteRecordRaw[] = [
  {
    path: '/tracing/traces',
    name: 'traces',
    component: () => import('./traces/TracesPage.vue'),
    meta: { title: 'page.traces', permission: 'trace.read' },
  },
  {
    path: '/tracing/traces/new',
    name: 'newTrace',
    component: () => import('./traces/NewTracePage.vue'),
    meta: { title: 'page.newTrace', permission: 'trace.run' },
  },
  {
    path: '/tracing/traces/:id',
    name: 'trace',
    component: () => import('./traces/TracePage.vue'),
    meta: { title: 'page.trace', permission: 'trace.read' },
  },
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
