"""Traces: where the money of victims went, as a unit keeps it, with marks, notes and transfers added by hand.

What a trace found is sealed (it names accounts and people); the tables beside it hold addresses of accounts only.
"""

from collections.abc import Mapping

from alembic import op

from rongdun.migrations.helpers import enable_rls, grant

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TRACES = """
create table traces (
  id uuid primary key,
  serial bigint generated always as identity,
  number text not null default '',
  unit_path text collate "C" not null,
  scope_path text collate "C" not null,
  maker_id uuid not null,
  maker_name text not null,
  unit_name text not null default '',
  title text not null check (title <> ''),
  state text not null default 'DRAFT' check (state in ('DRAFT', 'COMPUTING', 'READY', 'FAILED', 'ARCHIVED')),
  rule text not null default 'fifo' check (rule in ('fifo', 'lifo', 'pro_rata', 'window', 'poison')),
  depth integer not null default 6 check (depth between 1 and 10),
  window_hours integer not null default 72 check (window_hours between 1 and 8760),
  delta_minutes integer not null default 60 check (delta_minutes between 1 and 10080),
  as_of timestamptz,
  seeds bytea not null,
  seed_count integer not null check (seed_count > 0),
  choices bytea,
  round integer not null default 0,
  changed boolean not null default false,
  ledger_version bigint,
  ledger_imports bigint[] not null default '{}',
  computed_at timestamptz,
  computed_as_of timestamptz,
  accounts integer not null default 0,
  transfers integer not null default 0,
  seeds_fen bigint not null default 0,
  left_fen bigint not null default 0,
  ended_fen bigint not null default 0,
  frontier_fen bigint not null default 0,
  limit_fen bigint not null default 0,
  error_zh text not null default '',
  error_en text not null default '',
  archive_reason text not null default '',
  created_at timestamptz not null,
  started_at timestamptz,
  beat_at timestamptz not null,
  version integer not null default 1,
  constraint archived_with_a_reason check (state <> 'ARCHIVED' or archive_reason <> ''),
  constraint ready_with_a_result check (state <> 'READY' or computed_at is not null)
)
"""

TRACE_COMMENTS = {
    "number": "the number officers quote, from the serial",
    "unit_path": "unit whose trace it is",
    "scope_path": "whose imports it is computed over: what its maker saw when it was made",
    "rule": "the rule shown first; every rule is computed",
    "seeds": "transfers of the victims as they were reported, sealed JSON",
    "choices": "decisions on single accounts (stop, follow, their own delta), sealed JSON",
    "round": "how often it was sent to be computed",
    "changed": "something that bears on the result was changed after it was computed",
    "ledger_imports": "versions of the ledger (imports) that it was computed over",
    "started_at": "when a worker took the present round up",
    "beat_at": "last sign of life of whoever computes; a trace that falls silent is given up",
}

RESULTS = """
create table trace_results (
  id uuid primary key,
  trace_id uuid not null references traces (id),
  unit_path text collate "C" not null,
  rule text not null,
  digest text not null check (digest ~ '^[0-9a-f]{64}$'),
  content bytea not null,
  constraint uq_trace_results_trace_id_rule unique (trace_id, rule)
)
"""

ACCOUNTS = """
create table trace_accounts (
  trace_id uuid not null references traces (id),
  account text not null check (account ~ '^[0-9a-f]{32}$'),
  unit_path text collate "C" not null,
  tier integer not null,
  in_fen bigint not null,
  left_fen bigint not null,
  primary key (trace_id, account)
)
"""

MARKS = """
create table trace_marks (
  id uuid primary key,
  trace_id uuid not null references traces (id),
  unit_path text collate "C" not null,
  account text not null check (account ~ '^[0-9a-f]{32}$'),
  mark text not null check (mark in ('cash_out', 'frozen', 'awaiting_reply', 'located', 'struck')),
  maker_id uuid not null,
  maker_name text not null,
  made_at timestamptz not null,
  constraint uq_trace_marks_trace_id_account_mark unique (trace_id, account, mark)
)
"""

NOTES = """
create table trace_notes (
  id uuid primary key,
  trace_id uuid not null references traces (id),
  unit_path text collate "C" not null,
  account text not null check (account ~ '^[0-9a-f]{32}$'),
  text bytea not null,
  maker_id uuid not null,
  maker_name text not null,
  made_at timestamptz not null
)
"""

HAND = """
create table trace_transfers (
  id uuid primary key,
  trace_id uuid not null references traces (id),
  unit_path text collate "C" not null,
  parties bytea not null,
  amount_fen bigint not null check (amount_fen > 0),
  time timestamptz not null,
  reason text not null check (reason <> ''),
  maker_id uuid not null,
  maker_name text not null,
  made_at timestamptz not null,
  withdrawn_at timestamptz,
  withdrawn_by text not null default '',
  withdrawn_reason text not null default '',
  constraint withdrawn_with_a_reason check ((withdrawn_at is null) = (withdrawn_reason = ''))
)
"""

GUARD = """
create function traces_guard() returns trigger language plpgsql as $$
declare
  kept constant text[] := '{id,serial,unit_path,scope_path,maker_id,maker_name,unit_name,created_at}';
begin
  if tg_op = 'INSERT' then
    if new.state not in ('DRAFT') or new.maker_id is distinct from rongdun_actor() then
      raise exception 'a trace begins as a draft of whoever makes it'
        using errcode = 'integrity_constraint_violation';
    end if;
    return new;
  end if;
  if exists (select 1 from unnest(kept) as f where to_jsonb(old) -> f is distinct from to_jsonb(new) -> f) then
    raise exception 'trace %: whose it is, when it was made and over whose imports cannot be altered', old.id
      using errcode = 'integrity_constraint_violation';
  end if;
  if old.state <> new.state and (old.state, new.state) not in (
    ('DRAFT', 'COMPUTING'), ('READY', 'COMPUTING'), ('FAILED', 'COMPUTING'),
    ('COMPUTING', 'READY'), ('COMPUTING', 'FAILED'), ('COMPUTING', 'DRAFT'),
    ('DRAFT', 'ARCHIVED'), ('READY', 'ARCHIVED'), ('FAILED', 'ARCHIVED')
  ) then
    raise exception 'trace % cannot go from % to %', old.id, old.state, new.state
      using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end
$$
"""


def upgrade() -> None:
    """Create traces and what hangs on them."""
    _create(TRACES, "traces", "traces of victims'' money, kept for good", TRACE_COMMENTS)
    op.execute("create unique index uq_traces_number on traces (number) where number <> ''")
    op.execute("create index ix_traces_unit_path on traces (unit_path, created_at)")
    op.execute("create index ix_traces_state on traces (beat_at) where state = 'COMPUTING'")
    op.execute(GUARD)
    op.execute(
        "create trigger guard before insert or update on traces for each row execute function traces_guard()"
    )
    _create(
        RESULTS, "trace_results", "what a trace found by one rule", {"content": "sealed, compressed JSON"}
    )
    _create(
        ACCOUNTS,
        "trace_accounts",
        "accounts a trace touches, as it stands",
        {"account": "address of the account (blind index)"},
    )
    op.execute("create index ix_trace_accounts_account on trace_accounts (account)")
    _create(MARKS, "trace_marks", "what officers found of an account of a trace", {})
    _create(NOTES, "trace_notes", "notes on an account of a trace", {"text": "sealed"})
    op.execute("create index ix_trace_notes_trace_id on trace_notes (trace_id, account)")
    _create(
        HAND,
        "trace_transfers",
        "transfers added to a trace by hand",
        {"parties": "who paid whom, sealed JSON", "withdrawn_at": "it no longer enters a computation"},
    )
    op.execute("create index ix_trace_transfers_trace_id on trace_transfers (trace_id)")
    for table in ("trace_results", "trace_accounts", "trace_marks"):
        grant(op, table, "delete")


def _create(statement: str, table: str, comment: str, columns: Mapping[str, str]) -> None:
    op.execute(statement)
    op.execute(f"comment on table {table} is '{comment}'")
    for column, text in columns.items():
        op.execute(f"comment on column {table}.{column} is '{text}'")
    enable_rls(op, table)
    grant(op, table, "select, insert, update")


def downgrade() -> None:
    """Drop traces."""
    for table in (
        "trace_transfers",
        "trace_notes",
        "trace_marks",
        "trace_accounts",
        "trace_results",
        "traces",
    ):
        op.execute(f"drop table {table}")
    op.execute("drop function traces_guard()")
