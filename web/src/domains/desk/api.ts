import { http } from '@/api/http'
import type { SearchGroup } from '@/api/types/desk'

export const desk = {
  search: (q: string, signal?: AbortSignal) =>
    http.get<{ groups: SearchGroup[] }>('/api/search', { q }, signal),
}
