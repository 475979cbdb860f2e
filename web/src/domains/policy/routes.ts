import type { RouteRecordRaw } from 'vue-router'

export const policy: RouteRecordRaw[] = []
