import { client, content } from '@/api/client'

export const desk = {
  search: (q: string, signal?: AbortSignal) =>
    content(client.GET('/api/search', { params: { query: { q } }, signal })),
}
