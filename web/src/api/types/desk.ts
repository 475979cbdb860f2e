import type { Answer } from '../client'

export type SearchGroup = Answer<'/api/search', 'get'>['groups'][number]
export type SavedView = Answer<'/api/views', 'get'>[number]
