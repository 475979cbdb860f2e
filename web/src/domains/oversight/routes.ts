import type { RouteRecordRaw } from 'vue-router'

export const oversight: RouteRecordRaw[] = []
