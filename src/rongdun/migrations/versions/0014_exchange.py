"""Institutions the centre exchanges messages with, what came in from them, and daily reconciliations."""

from collections.abc import Mapping

from alembic import op

from rongdun.migrations.helpers import enable_rls, grant

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

INSTITUTIONS = """
create table exchange_institutions (
  code text primary key check (code ~ '^[0-9]{12}$'),
  name text not null constraint uq_exchange_institutions_name unique check (name <> ''),
  name_en text not null default '',
  aliases text[] not null default '{}',
  kind text not null check (kind in ('bank', 'payment')),
  unit_path text collate "C" not null,
  transport text not null check (transport in ('https', 'file_drop', 'form')),
  url text not null default '',
  profile text not null default 'national',
  public_key text not null default '',
  active boolean not null default true,
  refusals integer not null default 0,
  last_refusal text not null default '',
  last_refused_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null default 1,
  constraint https_has_an_address check (transport <> 'https' or url <> '')
)
"""

INSTITUTION_COMMENTS = {
    "code": "twelve digits, as messages name the institution",
    "aliases": "other names under which statements and officers know it",
    "unit_path": "unit of the institution, or the unit whose scope covers it",
    "transport": "https: signed messages; file_drop: a closed network; form: its liaison answers by hand",
    "profile": "wire profile: national, iso20022, or the name of a corrected profile",
    "public_key": "Ed25519 key that signs what it sends, base64 of 32 bytes",
    "refusals": "messages turned away at the door: unsigned, wrongly signed, stale, too large",
}

INBOX = """
create table exchange_inbox (
  id uuid primary key,
  seq bigint generated always as identity,
  institution text not null references exchange_institutions (code),
  unit_path text collate "C" not null,
  message_id text not null check (message_id <> ''),
  application_id text not null default '',
  kind text not null default '',
  outcome text not null default '',
  held_fen bigint,
  received_at timestamptz not null,
  size integer not null,
  sha256 text not null check (length(sha256) = 64),
  raw bytea not null,
  proof text not null default '',
  state text not null default 'received' check (state in ('received', 'taken', 'refused')),
  reason_zh text not null default '',
  reason_en text not null default '',
  attempts integer not null default 0,
  copies integer not null default 1,
  settled_at timestamptz,
  version integer not null default 1,
  constraint uq_exchange_inbox_message unique (institution, message_id),
  constraint settled_unless_received check ((state = 'received') = (settled_at is null))
)
"""

INBOX_COMMENTS = {
    "message_id": "serial the institution gave it; the hash of what came where it could not be read",
    "application_id": "the instruction it answers",
    "held_fen": "what the answer says is held, for the reconciliation",
    "raw": "what came, byte for byte, sealed before it was read",
    "sha256": "SHA-256 of what came",
    "proof": "signature headers it came with",
    "state": "received: still to be worked off; taken: the order knows it; refused: could not be used",
    "copies": "how often the same message came; it counts once",
}

RECONCILIATIONS = """
create table exchange_reconciliations (
  id uuid primary key,
  institution text not null references exchange_institutions (code),
  unit_path text collate "C" not null,
  day date not null,
  made_at timestamptz not null,
  made_by text not null,
  ours integer not null,
  theirs integer not null,
  agreed integer not null,
  differences jsonb not null
)
"""

SPEEDS = """
create function rongdun_reply_speeds(since timestamptz)
returns table (institution text, kind text, answered bigint, median_s double precision, p90_s double precision,
               failed bigint)
language sql stable security definer set search_path = public, pg_temp as $$
  select i.institution, i.kind, count(*),
         percentile_cont(0.5) within group (order by extract(epoch from i.received_at - o.created_at)),
         percentile_cont(0.9) within group (order by extract(epoch from i.received_at - o.created_at)),
         count(*) filter (where i.outcome in ('timeout', 'refused'))
  from exchange_inbox i join outbox o on o.idempotency_key = i.application_id
  where i.state = 'taken' and i.received_at >= since
  group by i.institution, i.kind
$$
"""


def upgrade() -> None:
    """Create institutions, inbox, reconciliations, and the figures of how fast whom answers."""
    op.execute(INSTITUTIONS)
    _comment("exchange_institutions", "banks and payment institutions messages go to", INSTITUTION_COMMENTS)
    enable_rls(op, "exchange_institutions", "true")
    grant(op, "exchange_institutions", "select, insert, update", analytics=True)
    op.execute(INBOX)
    _comment("exchange_inbox", "messages of institutions, stored before they are used", INBOX_COMMENTS)
    op.execute("create index ix_exchange_inbox_received on exchange_inbox (received_at)")
    op.execute("create index ix_exchange_inbox_application on exchange_inbox (application_id)")
    op.execute("create index ix_exchange_inbox_waiting on exchange_inbox (seq) where state = 'received'")
    enable_rls(op, "exchange_inbox")
    grant(op, "exchange_inbox", "select, insert, update")
    op.execute(RECONCILIATIONS)
    _comment("exchange_reconciliations", "our day beside that of the institution", {})
    op.execute("create index ix_exchange_reconciliations_day on exchange_reconciliations (institution, day)")
    enable_rls(op, "exchange_reconciliations")
    grant(op, "exchange_reconciliations", "select, insert", analytics=True)
    _create_speeds()


def _create_speeds() -> None:
    op.execute(SPEEDS)
    op.execute("revoke all on function rongdun_reply_speeds(timestamptz) from public")
    op.execute("grant execute on function rongdun_reply_speeds(timestamptz) to rongdun_app, rongdun_read")


def _comment(table: str, about: str, columns: Mapping[str, str]) -> None:
    op.execute(f"comment on table {table} is '{about}'")
    for column, comment in columns.items():
        text = comment.replace("'", "''")
        op.execute(f"comment on column {table}.{column} is '{text}'")


def downgrade() -> None:
    """Drop what :func:`upgrade` created."""
    op.execute("drop function rongdun_reply_speeds(timestamptz)")
    for table in ("exchange_reconciliations", "exchange_inbox", "exchange_institutions"):
        op.execute(f"drop table {table}")
