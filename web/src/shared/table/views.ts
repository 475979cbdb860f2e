import { http } from '@/api/http'
import { defaultState, fromRoute, toRoute, type TableState } from './state'

/** A table as somebody likes to see it, kept under a name. */
export interface SavedView {
  id: string
  table: string
  name: string
  state: Record<string, string | string[]>
}

export const views = {
  list: (table: string) => http.get<SavedView[]>('/api/views', { table }),
  save: (table: string, name: string, state: Record<string, string | string[]>) =>
    http.post<SavedView>('/api/views', { table, name, state }),
  remove: (id: string) => http.delete(`/api/views/${id}`),
}

/** A view keeps what the address bar would, without the page. */
export function viewOf(state: TableState, own: TableState): Record<string, string | string[]> {
  return toRoute({ ...state, page: 1 }, own)
}

/** The table's state a view stands for. */
export function stateOf(view: SavedView, own: TableState): TableState {
  return fromRoute(view.state, defaultState(own))
}
