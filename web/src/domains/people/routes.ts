import type { RouteRecordRaw } from 'vue-router'

export const people: RouteRecordRaw[] = [
  {
    path: '/login',
    name: 'login',
    component: () => import('./LoginPage.vue'),
    meta: { title: 'page.login', open: true, bare: true },
  },
  {
    path: '/people/units',
    name: 'units',
    component: () => import('./UnitsPage.vue'),
    meta: { title: 'page.units', permission: 'unit.read' },
  },
  {
    path: '/people/users/:id?',
    name: 'users',
    component: () => import('./UsersPage.vue'),
    meta: { title: 'page.users', permission: 'user.read' },
  },
  {
    path: '/people/roles',
    name: 'roles',
    component: () => import('./RolesPage.vue'),
    meta: { title: 'page.roles', permission: 'role.read' },
  },
  {
    path: '/account',
    name: 'account',
    component: () => import('./AccountPage.vue'),
    meta: { title: 'page.account' },
  },
]
