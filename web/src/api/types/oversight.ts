import type { BilingualText } from '../problem'
import type { Subject } from './common'

export interface AuditEntry {
  id: string
  at: string
  actor: { id: string | null; login: string; name: string; roles: string[]; unit_path: string }
  ip: string
  session: string | null
  action: string
  subject: Subject
  scope_path: string
  purpose: string | null
  purpose_name: BilingualText | null
  note: string
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
  chain: number
  seq: number
  hash: string
}

export interface Neighbour {
  seq: number
  visible: boolean
  id: string | null
  at: string | null
  action: string | null
}

export interface Fault {
  kind: string
  message: BilingualText
  chain: number | null
  seq: number | null
  entry_id: string | null
  day: string | null
}

export interface AuditDetail {
  entry: AuditEntry
  prev_hash: string
  alg: string
  previous: Neighbour | null
  next: Neighbour | null
  check: { intact: boolean; fault: Fault | null }
  root: { day: string; signed_at: string; late: boolean } | null
}

export interface Verification {
  intact: boolean
  entries: number
  chains: number
  roots: number
  since: string
  until: string
  checked_at: string
  faults: Fault[]
}

export interface DailyRoot {
  day: string
  hash: string
  entries: number
  chains: number
  signed_at: string
  late: boolean
  key_fingerprint: string
  authentic: boolean
}

export interface Purpose {
  code: string
  name: BilingualText
  note_required: boolean
}

export interface Purposes {
  items: Purpose[]
  limit_per_hour: number
  used_last_hour: number
}

export interface Revealed {
  value: string | null
  audit_id: string
  expires_s: number
}
