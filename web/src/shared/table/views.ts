import { client, content } from '@/api/client'
import type { SavedView } from '@/api/types/desk'
import { defaultState, fromRoute, toRoute, type TableState } from './state'

/** Tables as somebody likes to see them, kept under names. */
export const views = {
  list: (table: string) => content(client.GET('/api/views', { params: { query: { table } } })),
  save: (table: string, name: string, state: SavedView['state']) =>
    content(client.POST('/api/views', { body: { table, name, state } })),
  remove: (id: string) =>
    content(client.DELETE('/api/views/{view_id}', { params: { path: { view_id: id } } })),
}

/** A view keeps what the address bar would, without the page. */
export function viewOf(state: TableState, own: TableState): SavedView['state'] {
  return toRoute({ ...state, page: 1 }, own)
}

/** The table's state a view stands for. */
export function stateOf(view: SavedView, own: TableState): TableState {
  return fromRoute(view.state, defaultState(own))
}
