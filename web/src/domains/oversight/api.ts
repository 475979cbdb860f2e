import { http, type Query } from '@/api/http'
import type { Page } from '@/api/types/common'
import type {
  AuditDetail,
  AuditEntry,
  DailyRoot,
  Purposes,
  Revealed,
  Verification,
} from '@/api/types/oversight'

/** The audit: searched, opened, verified; and the reveal that always leaves a record. */
export const oversight = {
  entries: (query: Query, signal?: AbortSignal) => http.get<Page<AuditEntry>>('/api/audit', query, signal),
  entry: (id: string) => http.get<AuditDetail>(`/api/audit/${id}`),
  verify: (since: string, until: string) => http.post<Verification>('/api/audit/verify', { since, until }),
  roots: () => http.get<Page<DailyRoot>>('/api/audit/roots', { page: 1, size: 30 }),
  purposes: () => http.get<Purposes>('/api/reveal/purposes'),
  reveal: (subject: { kind: string; id: string }, field: string, purpose: string, note: string) =>
    http.post<Revealed>('/api/reveal', {
      subject: { kind: subject.kind, id: subject.id },
      field,
      purpose,
      note,
    }),
}
