export interface OutboxMessage {
  id: string
  channel: string
  kind: string
  state: string
  attempts: number
  max_attempts: number
  next_attempt_at: string | null
  expires_at: string | null
  created_at: string
  settled_at: string | null
  last_error: string
  version: number
}
