import type { RouteRecordRaw } from 'vue-router'

export const duty: RouteRecordRaw[] = []
