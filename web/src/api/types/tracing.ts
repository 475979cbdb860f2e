import type { Answer, Row, Sent } from '../client'

export type LedgerImport = Row<'/api/imports'>
export type ImportDetail = Answer<'/api/imports/{import_id}', 'get'>
export type ImportFile = ImportDetail['files'][number]
export type RejectReason = ImportDetail['reasons'][number]
export type FileGuess = Answer<'/api/layouts/guess', 'get'>
export type GuessedSheet = FileGuess['sheets'][number]
export type MappingInput = Sent<'/api/imports/{import_id}/files/{file_id}/mapping', 'post'>
export type Trial = Answer<'/api/imports/{import_id}/files/{file_id}/mapping/check', 'post'>
export type LedgerAccount = Row<'/api/ledger/accounts'>
export type AccountDetail = Answer<'/api/ledger/accounts/{account_id}', 'get'>
export type StatementRow = Row<'/api/ledger/accounts/{account_id}/statement'>
export type Gap = NonNullable<StatementRow['gap']>
