import type { RouteRecordRaw } from 'vue-router'

export const intake: RouteRecordRaw[] = [
  {
    path: '/intake',
    name: 'intake',
    component: () => import('./IntakePage.vue'),
    meta: { title: 'page.intake', permission: 'report.write' },
  },
  {
    path: '/intake/reports',
    name: 'reports',
    component: () => import('./ReportsPage.vue'),
    meta: { title: 'page.reports', permission: 'report.read' },
  },
  {
    path: '/intake/reports/:id',
    name: 'report',
    component: () => import('./ReportPage.vue'),
    meta: { title: 'page.report', permission: 'report.read' },
  },
  {
    path: '/intake/reports/:id/edit',
    name: 'editReport',
    component: () => import('./EditReportPage.vue'),
    meta: { title: 'page.editReport', permission: 'report.write' },
  },
]
