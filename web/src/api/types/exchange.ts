export interface OutboxMessage {
  id: string
  channel: string
  kind: string
  unit_path: string
  partner_path: string | null
  state: string
  attempts: number
  max_attempts: number
  next_attempt_at: string | null
  expires_at: string | null
  created_at: string
  settled_at: string | null
  last_error: string
  receipt: string
  decision_reason: string
  version: number
}

export interface OutboxAttempt {
  attempt: number
  ended_at: string
  outcome: string
  took_s: number | null
  error: string
  retry_at: string | null
}

export interface OutboxDetail extends OutboxMessage {
  idempotency_key: string
  order_key: string | null
  payload: Record<string, unknown>
  attempts_made: OutboxAttempt[]
  waiting_behind: number
}
