import type { RouteRecordRaw } from 'vue-router'

export const exchange: RouteRecordRaw[] = []
