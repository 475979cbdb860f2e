"""Orders to banks: stops, queries, freezes, and what was answered.

Account numbers, names and whatever a bank says in words are sealed; beside them stand the account's address, as the
ledger's pages have it, and the blind index of its number, by which orders on one account are counted.
"""

from collections.abc import Mapping

from alembic import op

from rongdun.migrations.helpers import enable_rls, grant

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SEEN = (
    "rongdun_in_scope(unit_path) or rongdun_in_scope(case_path) or rongdun_on_team(case_id)"
    " or (sent_at is not null and rongdun_in_scope(partner_path))"
)
"""An order is its unit's, the unit's that handles its case, and its case team's; the bank's once it was sent."""

OF_ORDER = "exists (select 1 from orders where orders.id = {table}.order_id)"

ORDERS = """
create table orders (
  id uuid primary key,
  serial bigint generated always as identity,
  number text not null default '',
  kind text not null check (kind in ('stop', 'query', 'freeze')),
  question text not null default '' check (question in
    ('', 'query_transactions', 'query_holder', 'query_dynamic', 'query_accounts')),
  state text not null,
  case_id uuid,
  report_id uuid,
  trace_id uuid,
  subject_label text not null default '',
  unit_path text collate "C" not null,
  case_path text collate "C",
  unit_name text not null default '',
  organ_path text collate "C" not null,
  institution text not null default '',
  institution_name text not null default '',
  partner_path text collate "C",
  account text not null check (account ~ '^[0-9a-f]{32}$'),
  account_key bytea not null,
  details bytea not null,
  amount_fen bigint check (amount_fen >= 0),
  transfer_at timestamptz,
  missing text[] not null default '{}',
  urgent boolean not null default false,
  scope text not null default 'full' check (scope in ('full', 'limited')),
  months integer check (months between 1 and 24),
  level text not null default '' check (level in ('', 'county', 'city')),
  from_order uuid references orders (id),
  batch_id uuid,
  maker_id uuid,
  maker_name text not null,
  made_at timestamptz not null,
  reviewer_id uuid,
  reviewer_name text not null default '',
  reviewed_at timestamptz,
  sender_id uuid,
  sender_name text not null default '',
  sent_at timestamptz,
  answered_at timestamptz,
  starts_at timestamptz,
  ends_at timestamptz,
  over_at timestamptz,
  held_fen bigint not null default 0 check (held_fen >= 0),
  balance_fen bigint,
  balance_at timestamptz,
  outcome text not null default '',
  override_by uuid,
  override_name text not null default '',
  override_reason text not null default '',
  returned_reason text not null default '',
  end_reason text not null default '',
  unrelated_at timestamptz,
  attention text not null default '',
  updated_at timestamptz not null,
  version integer not null default 1,
  constraint of_a_case_or_a_report check (case_id is not null or report_id is not null),
  constraint checked_by_another check (reviewer_id is null or reviewer_id is distinct from maker_id),
  constraint frozen_for_a_case check (kind <> 'freeze' or sent_at is null or case_id is not null),
  constraint capped_with_an_amount check (scope = 'full' or amount_fen is not null),
  constraint excepted_with_a_reason check ((override_by is null) = (override_reason = '')),
  constraint half_a_year_by_county check (level <> 'county' or months <= 6),
  constraint asked_only_by_a_query check ((kind = 'query') = (question <> ''))
)
"""

COLUMNS = {
    "case_path": "unit that handles the case, where another unit drafted the order before there was one",
    "number": "the number officers quote, from the serial",
    "question": "what a query asks for",
    "organ_path": "the police organ whose stops of one account are counted together",
    "institution": "code of the bank or payment institution",
    "partner_path": "the institution''s unit, where it has one: it sees the order once sent",
    "account": "address of the account, as the ledger''s pages have it",
    "account_key": "blind index of the account''s number",
    "details": "number, name, holder''s papers, the payer, reason and remark, sealed JSON",
    "amount_fen": "amount of the transfer (stop), cap (freeze)",
    "missing": "items that are still to be filled in",
    "months": "term of a freeze or its renewal",
    "level": "who approved a freeze",
    "from_order": "the order this one follows: the stop a freeze takes over",
    "held_fen": "what the bank holds for us now",
    "balance_fen": "balance as the bank last told it",
    "over_at": "when it came to its end",
    "unrelated_at": "when it was found to have nothing to do with the case: three days to lift it",
    "attention": "why somebody should look at it; empty when nobody needs to",
}

STEPS = """
create table order_steps (
  id uuid primary key,
  order_id uuid not null references orders (id),
  unit_path text collate "C" not null,
  application_id text not null check (application_id <> '' and length(application_id) <= 36),
  kind text not null,
  state text not null check (state in ('DRAFT', 'SENT', 'ANSWERED', 'SUPERSEDED', 'WITHDRAWN')),
  original_id text not null default '',
  amount_fen bigint,
  starts_at timestamptz,
  ends_at timestamptz,
  reason bytea not null,
  months integer,
  level text not null default '',
  maker_id uuid,
  maker_name text not null,
  made_at timestamptz not null,
  sender_id uuid,
  sender_name text not null default '',
  sent_at timestamptz,
  answered_at timestamptz,
  silent_at timestamptz,
  outcome text not null default '',
  constraint uq_order_steps_application_id unique (application_id),
  constraint sent_at_a_moment check (state not in ('SENT', 'ANSWERED', 'SUPERSEDED') or sent_at is not null)
)
"""

STEP_COLUMNS = {
    "application_id": "what the bank calls the instruction; never used twice",
    "kind": "the instruction: stop, extend_stop, lift_stop, freeze, …",
    "reason": "why, in an officer''s words, sealed",
    "silent_at": "when the term of the answer was over without one",
}

EVENTS = """
create table order_events (
  id uuid primary key,
  order_id uuid not null references orders (id),
  unit_path text collate "C" not null,
  at timestamptz not null,
  kind text not null,
  from_state text not null default '',
  to_state text not null default '',
  actor_id uuid,
  actor_name text not null,
  note bytea,
  detail jsonb not null default '{}'
)
"""

REPLIES = """
create table order_replies (
  id uuid primary key,
  institution text not null,
  message_id text not null check (message_id <> ''),
  application_id text not null,
  order_id uuid references orders (id),
  unit_path text collate "C" not null,
  kind text not null,
  outcome text not null,
  effect text not null default '',
  answered_at timestamptz not null,
  received_at timestamptz not null,
  digest text not null check (digest ~ '^[0-9a-f]{64}$'),
  body bytea not null,
  code text not null default '',
  balance_fen bigint,
  held_fen bigint,
  rows integer not null default 0,
  accounts integer not null default 0,
  received_by text not null default '',
  constraint uq_order_replies_institution_message_id unique (institution, message_id)
)
"""

STATEMENTS = """
create table order_statements (
  id uuid primary key,
  reply_id uuid not null references order_replies (id),
  order_id uuid not null references orders (id),
  unit_path text collate "C" not null,
  state text not null check (state in ('WAITING', 'IMPORTING', 'IMPORTED', 'FAILED')),
  rows integer not null check (rows > 0),
  first_at timestamptz not null,
  last_at timestamptz not null,
  file text not null default '',
  import_id uuid,
  traced_at timestamptz,
  error text not null default '',
  created_at timestamptz not null,
  constraint uq_order_statements_reply_id unique (reply_id)
)
"""

GUARD = """
create function orders_guard() returns trigger language plpgsql as $$
declare
  kept constant text[] := '{id,serial,kind,unit_path,organ_path,maker_id,maker_name,made_at}';
  drafts constant text[] := '{DRAFT,REVIEWED,APPROVED_COUNTY,APPROVED_CITY,WITHDRAWN}';
  ends constant text[] := '{CONVERTED_TO_FREEZE,LIFTED,EXPIRED,WITHDRAWN,AUTO_LIFTED,CONSUMED,ANSWERED,ENDED}';
  told constant text[] := '{account,account_key,institution,details,amount_fen,transfer_at,urgent}';
begin
  if tg_op = 'INSERT' then
    if new.state <> 'DRAFT' or new.sent_at is not null then
      raise exception 'an order begins as a draft' using errcode = 'integrity_constraint_violation';
    end if;
    return new;
  end if;
  if exists (select 1 from unnest(kept) as f where to_jsonb(old) -> f is distinct from to_jsonb(new) -> f) then
    raise exception 'order %: whose it is and who made it cannot be altered', old.id
      using errcode = 'integrity_constraint_violation';
  end if;
  if old.sent_at is not null and (new.sent_at is null or new.state = any (drafts)) then
    raise exception 'order % has been sent and is no draft any more', old.id
      using errcode = 'integrity_constraint_violation';
  end if;
  if old.sent_at is not null
    and exists (select 1 from unnest(told) as f where to_jsonb(old) -> f is distinct from to_jsonb(new) -> f) then
    raise exception 'order %: what the bank was told cannot be altered', old.id
      using errcode = 'integrity_constraint_violation';
  end if;
  if old.state = any (ends) and new.state <> old.state then
    raise exception 'order % is over', old.id using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end
$$
"""

INDEXES = (
    "create unique index uq_orders_number on orders (number) where number <> ''",
    "create index ix_orders_unit_path on orders (unit_path, made_at desc)",
    "create index ix_orders_made_at on orders (made_at desc)",
    "create index ix_orders_partner_path on orders (partner_path, sent_at desc) where sent_at is not null",
    "create index ix_orders_case_id on orders (case_id) where case_id is not null",
    "create index ix_orders_report_id on orders (report_id) where report_id is not null",
    "create index ix_orders_account_key on orders (account_key, organ_path)",
    "create index ix_orders_account on orders (account)",
    "create index ix_orders_state on orders (state, made_at desc) where over_at is null",
    "create index ix_orders_case_path on orders (case_path) where case_path is not null",
    "create index ix_orders_ends_at on orders (ends_at) where over_at is null",
    "create index ix_orders_attention on orders (updated_at desc) where attention <> ''",
    "create index ix_orders_from_order on orders (from_order) where from_order is not null",
    "create index ix_order_steps_order_id on order_steps (order_id, made_at)",
    "create unique index uq_order_steps_waiting on order_steps (order_id, kind) where state in ('DRAFT', 'SENT')",
    "create index ix_order_steps_sent_at on order_steps (sent_at) where state = 'SENT' and silent_at is null",
    "create index ix_order_events_order_id on order_events (order_id, at)",
    "create index ix_order_replies_order_id on order_replies (order_id, received_at)",
    "create index ix_order_replies_effect on order_replies (received_at desc) where order_id is null",
    "create index ix_order_statements_order_id on order_statements (order_id)",
)


def upgrade() -> None:
    """Create orders, what was sent of them, what happened to them, and what was answered."""
    _create(ORDERS, "orders", "orders to banks, kept for good", COLUMNS, SEEN)
    op.execute(GUARD)
    op.execute(
        "create trigger guard before insert or update on orders for each row execute function orders_guard()"
    )
    _create(STEPS, "order_steps", "single instructions of an order, sent or prepared", STEP_COLUMNS)
    _create(EVENTS, "order_events", "what happened to an order", {"note": "sealed"})
    _create(
        REPLIES,
        "order_replies",
        "what institutions answered, each message once",
        {"effect": "what it did to the order", "body": "the whole answer, sealed JSON"},
        f"rongdun_in_scope(unit_path) or {OF_ORDER.format(table='order_replies')}",
    )
    _create(STATEMENTS, "order_statements", "statements that came with answers", {"file": "hash of the file"})
    for statement in INDEXES:
        op.execute(statement)


def _create(
    statement: str, table: str, comment: str, columns: Mapping[str, str], using: str | None = None
) -> None:
    op.execute(statement)
    op.execute(f"comment on table {table} is '{comment}'")
    for column, text in columns.items():
        op.execute(f"comment on column {table}.{column} is '{text}'")
    enable_rls(op, table, using or OF_ORDER.format(table=table))
    grant(op, table, "select, insert, update")


def downgrade() -> None:
    """Drop orders."""
    for table in ("order_statements", "order_replies", "order_events", "order_steps", "orders"):
        op.execute(f"drop table {table}")
    op.execute("drop function orders_guard()")
