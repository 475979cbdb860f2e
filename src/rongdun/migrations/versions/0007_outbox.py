"""The outbox: messages written with the change that causes them, and every attempt to deliver them."""

from alembic import op

from rongdun.migrations.helpers import enable_rls, grant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

OUTBOX = """
create table outbox (
  id uuid primary key,
  seq bigint generated always as identity,
  unit_path text collate "C" not null,
  partner_path text collate "C",
  channel text not null,
  kind text not null,
  payload jsonb not null,
  idempotency_key text not null constraint uq_outbox_idempotency_key unique,
  order_key text,
  state text not null default 'pending'
    check (state in ('pending', 'sending', 'sent', 'dead', 'abandoned')),
  attempts integer not null default 0,
  max_attempts integer not null check (max_attempts > 0),
  expires_at timestamptz,
  next_attempt_at timestamptz,
  leased_by text,
  lease_until timestamptz,
  last_error text not null default '',
  receipt text not null default '',
  created_at timestamptz not null,
  settled_at timestamptz,
  decided_by uuid,
  decision_reason text not null default '',
  version integer not null default 1,
  constraint pending_has_a_next_attempt check ((state = 'pending') = (next_attempt_at is not null)),
  constraint sending_has_a_lease check ((state = 'sending') = (lease_until is not null))
)
"""

OUTBOX_COMMENTS = {
    "seq": "order of writing; messages of one order_key leave in this order",
    "unit_path": "unit that sends: its scope covers the message",
    "partner_path": "unit of the partner it goes to",
    "payload": "references the transport resolves when it sends; no personal data in clear",
    "idempotency_key": "same key, same message: the receiver may see it twice and acts once",
    "order_key": "a message waits until every earlier one of its order_key is sent or abandoned",
    "state": "dead messages wait for a person: retry or abandon",
    "expires_at": "sending it later would be pointless: it is then dead",
    "lease_until": "a worker that has not settled by then is taken to be gone",
    "receipt": "what the receiver answered: a reference",
    "settled_at": "when it was sent, died or was abandoned",
}

ATTEMPTS = """
create table outbox_attempts (
  id uuid primary key,
  message_id uuid not null references outbox (id),
  attempt integer not null,
  worker text not null,
  ended_at timestamptz not null,
  outcome text not null check (outcome in ('sent', 'failed', 'refused', 'lost', 'expired')),
  took_s double precision,
  error text not null default '',
  retry_at timestamptz
)
"""


def upgrade() -> None:
    """Create the outbox and its attempts."""
    op.execute(OUTBOX)
    op.execute("comment on table outbox is 'messages to partners and desks, written with their cause'")
    for column, comment in OUTBOX_COMMENTS.items():
        op.execute(f"comment on column outbox.{column} is '{comment}'")
    op.execute(
        "create index ix_outbox_next_attempt_at on outbox (next_attempt_at, seq) where state = 'pending'"
    )
    op.execute("create index ix_outbox_lease_until on outbox (lease_until) where state = 'sending'")
    op.execute(
        "create index ix_outbox_order_key on outbox (order_key, seq)"
        " where order_key is not null and state in ('pending', 'sending', 'dead')"
    )
    op.execute("create index ix_outbox_state on outbox (state, seq)")
    enable_rls(op, "outbox")
    grant(op, "outbox", "select, insert, update", analytics=True)
    _create_attempts()


def _create_attempts() -> None:
    op.execute(ATTEMPTS)
    op.execute("comment on table outbox_attempts is 'each attempt to deliver a message is a row here'")
    op.execute("comment on column outbox_attempts.outcome is 'lost: its worker died and the lease ran out'")
    op.execute("create index ix_outbox_attempts_message_id on outbox_attempts (message_id, attempt)")
    enable_rls(
        op, "outbox_attempts", "exists (select 1 from outbox where outbox.id = outbox_attempts.message_id)"
    )
    grant(op, "outbox_attempts", "select, insert", analytics=True)


def downgrade() -> None:
    """Drop the outbox."""
    op.execute("drop table outbox_attempts")
    op.execute("drop table outbox")
