import { client, content, type TableQuery } from '@/api/client'
import type { LedgerImport, MappingInput } from '@/api/types/tracing'

const ofImport = (id: string) => ({ path: { import_id: id } })
const ofFile = (id: string, file: string) => ({ path: { import_id: id, file_id: file } })
const ofAccount = (id: string) => ({ path: { account_id: id } })

export interface Dropped {
  sha256: string
  path: string
}

/** Statements on their way into the ledger, and what it tells of each account. */
export const tracing = {
  imports: (query: TableQuery, signal?: AbortSignal) =>
    content(client.GET('/api/imports', { params: { query }, signal })),
  import: (id: string) => content(client.GET('/api/imports/{import_id}', { params: ofImport(id) })),
  create: (files: Dropped[], note: string, passwords: string[]) =>
    content(client.POST('/api/imports', { body: { files, note, passwords } })),
  step: (one: Pick<LedgerImport, 'id' | 'version'>, verb: 'cancel' | 'retry') =>
    content(
      client.POST(`/api/imports/{import_id}/${verb}`, {
        params: ofImport(one.id),
        body: { version: one.version },
      }),
    ),
  undo: (one: Pick<LedgerImport, 'id' | 'version'>, reason: string) =>
    content(
      client.POST('/api/imports/{import_id}/undo', {
        params: ofImport(one.id),
        body: { version: one.version, reason },
      }),
    ),
  password: (id: string, file: string, password: string) =>
    content(
      client.POST('/api/imports/{import_id}/files/{file_id}/password', {
        params: ofFile(id, file),
        body: { password },
      }),
    ),
  guess: (id: string, file: string) =>
    content(client.GET('/api/layouts/guess', { params: { query: { import_id: id, file_id: file } } })),
  tryMapping: (id: string, file: string, body: MappingInput) =>
    content(
      client.POST('/api/imports/{import_id}/files/{file_id}/mapping/check', {
        params: ofFile(id, file),
        body,
      }),
    ),
  keepMapping: (id: string, file: string, body: MappingInput) =>
    content(
      client.POST('/api/imports/{import_id}/files/{file_id}/mapping', { params: ofFile(id, file), body }),
    ),
  accounts: (query: TableQuery, signal?: AbortSignal) =>
    content(client.GET('/api/ledger/accounts', { params: { query }, signal })),
  account: (id: string) =>
    content(client.GET('/api/ledger/accounts/{account_id}', { params: ofAccount(id) })),
  statement: (id: string, query: TableQuery, signal?: AbortSignal) =>
    content(
      client.GET('/api/ledger/accounts/{account_id}/statement', {
        params: { ...ofAccount(id), query },
        signal,
      }),
    ),
}
