import type { RouteRecordRaw } from 'vue-router'

export const stopPayment: RouteRecordRaw[] = [
  {
    path: '/orders',
    name: 'orders',
    component: () => import('./OrdersPage.vue'),
    meta: { title: 'page.orders', permission: 'order.read' },
  },
  {
    path: '/orders/review',
    name: 'orderReview',
    component: () => import('./ReviewPage.vue'),
    meta: { title: 'page.orderReview', permission: 'order.review' },
  },
  {
    path: '/orders/:id',
    name: 'order',
    component: () => import('./OrderPage.vue'),
    meta: { title: 'page.order', permission: 'order.read' },
  },
]
