"""Objections of account holders, and returns to victims.

Whatever names a person or a whole account number is sealed; masked words stand beside it for lists. A partner (the
bank that holds the account) sees the rows that concern it.
"""

from collections.abc import Mapping

from alembic import op

from rongdun.migrations.helpers import enable_rls, grant

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

RELIEF = """
create table relief_requests (
  id uuid primary key,
  serial bigint generated always as identity,
  number text not null default '',
  unit_path text collate "C" not null,
  unit_name text not null default '',
  partner_path text collate "C",
  case_id uuid,
  order_id uuid not null,
  order_number text not null default '',
  measure text not null check (measure in ('stop', 'freeze')),
  institution_name text not null default '',
  account text not null,
  holder text not null default '',
  details bytea not null,
  applicant text not null check (applicant in ('holder', 'bank', 'desk')),
  state text not null default 'SUBMITTED'
    check (state in ('SUBMITTED', 'ACCEPTED', 'VERIFYING', 'LIFT_FULL', 'LIFT_PARTIAL', 'REJECTED')),
  held_fen bigint not null check (held_fen >= 0),
  held_since timestamptz not null,
  ordered_by uuid[] not null default '{}',
  claimed_fen bigint check (claimed_fen > 0),
  finding text not null default '' check (finding in ('', 'unrelated', 'partly', 'related')),
  unrelated_fen bigint check (unrelated_fen >= 0),
  found_by uuid,
  found_name text not null default '',
  found_at timestamptz,
  findings bytea,
  kept_fen bigint check (kept_fen >= 0),
  released_fen bigint not null default 0 check (released_fen >= 0),
  decided_by uuid,
  decided_name text not null default '',
  decided_at timestamptz,
  decision_reason text not null default '',
  told_at timestamptz,
  told_name text not null default '',
  maker_id uuid not null,
  maker_name text not null,
  created_at timestamptz not null,
  accepted_at timestamptz,
  version integer not null default 1,
  constraint decided_by_another check (decided_by is null or decided_by <> all (ordered_by)),
  constraint decided_with_a_reason check (
    (state in ('LIFT_FULL', 'LIFT_PARTIAL', 'REJECTED')) = (decided_at is not null)
    and (decided_at is null or decision_reason <> '')),
  constraint kept_in_part check (state <> 'LIFT_PARTIAL' or (kept_fen > 0 and kept_fen < held_fen)),
  constraint found_before_decided check (decided_at is null or finding <> '')
)
"""

RELIEF_COMMENTS = {
    "number": "the number officers quote, from the serial",
    "unit_path": "unit that ordered the measure and answers for it",
    "partner_path": "bank that holds the account and may see the request",
    "order_id": "the stop or freeze that is objected to",
    "account": "masked number",
    "holder": "masked name",
    "details": "account, holder, who asks and how to reach them, what they say; sealed JSON",
    "held_fen": "what the measure held when it was objected to",
    "ordered_by": "who ordered the measure: none of them decides on it",
    "claimed_fen": "what the applicant asks to have back; null is all",
    "findings": "what was found out, sealed",
    "kept_fen": "what stays held after the decision",
    "released_fen": "what was wrongly held: released by the decision",
    "told_at": "when the applicant was told the decision",
}

RETURNS = """
create table return_orders (
  id uuid primary key,
  serial bigint generated always as identity,
  number text not null default '',
  unit_path text collate "C" not null,
  unit_name text not null default '',
  partner_path text collate "C",
  case_id uuid not null,
  case_number text not null,
  order_id uuid not null,
  order_number text not null default '',
  institution_name text not null default '',
  account text not null,
  holder text not null default '',
  details bytea not null,
  state text not null default 'CANDIDATE' check (state in ('CANDIDATE', 'VICTIM_NOTIFIED', 'APPLIED',
    'MATERIALS_COMPLETE', 'TRACED', 'PUBLIC_NOTICE', 'OBJECTION', 'APPROVED_CITY', 'BANK_NOTICED', 'PAID',
    'RECEIPT_FILED', 'CLOSED', 'WITHDRAWN')),
  frozen_fen bigint not null check (frozen_fen >= 0),
  mode text check (mode in ('A', 'B', 'C')),
  trace_id uuid,
  reckoning jsonb,
  reckoned_at timestamptz,
  share_fen bigint not null default 0 check (share_fen >= 0),
  leftover_fen bigint check (leftover_fen >= 0),
  paid_fen bigint not null default 0 check (paid_fen >= 0),
  notice_place text not null default '',
  notice_from timestamptz,
  notice_until timestamptz,
  maker_id uuid not null,
  maker_name text not null,
  editors uuid[] not null default '{}',
  decision_year integer,
  decision_serial integer,
  decision_number text not null default '',
  approver_id uuid,
  approver_name text not null default '',
  approved_at timestamptz,
  officer_ids uuid[] not null default '{}',
  officer_names text[] not null default '{}',
  bank_noticed_at timestamptz,
  receipt_number text not null default '',
  receipt_clerk text not null default '',
  receipt_by text not null default '',
  paid_at timestamptz,
  receipt_filed_at timestamptz,
  end_reason text not null default '',
  created_at timestamptz not null,
  version integer not null default 1,
  constraint uq_return_orders_decision unique (decision_year, decision_serial),
  constraint traced_with_a_mode check (
    state in ('CANDIDATE', 'VICTIM_NOTIFIED', 'APPLIED', 'MATERIALS_COMPLETE', 'WITHDRAWN')
    or (mode is not null and reckoning is not null)),
  constraint within_what_is_frozen check (share_fen <= frozen_fen),
  constraint approved_by_another check (
    approver_id is null or (approver_id <> maker_id and approver_id <> all (editors))),
  constraint approved_with_a_number check ((approved_at is null) = (decision_number = '')),
  constraint approved_after_the_notice check (
    approved_at is null or mode <> 'C' or (notice_until is not null and approved_at >= notice_until)),
  constraint paid_after_the_notice check (
    paid_at is null or mode <> 'C' or (notice_until is not null and paid_at >= notice_until)),
  constraint two_officers check (
    bank_noticed_at is null
    or (cardinality(officer_ids) >= 2 and officer_ids[1] <> officer_ids[2])),
  constraint paid_in_full check (paid_at is null or paid_fen = share_fen),
  constraint paid_with_a_receipt check (paid_at is null or receipt_number <> ''),
  constraint withdrawn_with_a_reason check (state <> 'WITHDRAWN' or end_reason <> '')
)
"""

RETURN_COMMENTS = {
    "number": "the number officers quote, from the serial",
    "partner_path": "bank that holds the account and pays",
    "order_id": "the freeze whose money is returned",
    "account": "masked number of the frozen account",
    "details": "number and holder of the frozen account, sealed JSON",
    "frozen_fen": "what was frozen and free when it was reckoned",
    "reckoning": "mode, reason and shares with their arithmetic, by claim; no personal data",
    "share_fen": "sum of the shares",
    "leftover_fen": "what stays frozen",
    "notice_until": "end of the public notice of mode C",
    "editors": "everybody who wrote on it: none of them approves it",
    "officer_ids": "the officers who take the notice to the bank",
    "receipt_by": "who entered the receipt of the bank",
}

CLAIMS = """
create table return_claims (
  id uuid primary key,
  return_id uuid not null references return_orders (id),
  unit_path text collate "C" not null,
  partner_path text collate "C",
  place integer not null,
  victim_id uuid,
  person bytea not null,
  name text not null,
  account text not null default '',
  loss_fen bigint not null check (loss_fen > 0),
  returned_fen bigint not null default 0 check (returned_fen >= 0),
  notified_at timestamptz,
  applied_at timestamptz,
  materials text[] not null default '{}',
  verified_at timestamptz,
  verified_name text not null default '',
  set_aside text not null default '',
  other_account bytea,
  other_account_masked text not null default '',
  other_account_reason text not null default '',
  share_fen bigint check (share_fen >= 0),
  paid_fen bigint not null default 0 check (paid_fen >= 0),
  constraint uq_return_claims_return_id_place unique (return_id, place),
  constraint another_account_with_a_reason check ((other_account is null) = (other_account_reason = '')),
  constraint within_the_loss check (share_fen is null or share_fen + returned_fen <= loss_fen),
  constraint paid_the_share check (paid_fen = 0 or paid_fen = share_fen)
)
"""

CLAIM_COMMENTS = {
    "victim_id": "the victim of the case, so that several returns never exceed one loss",
    "person": "name, identity number, phone, account the money left; sealed JSON",
    "name": "masked name",
    "account": "masked number of the account the money left",
    "returned_fen": "what earlier returns had paid when it was reckoned",
    "materials": "papers that have come in, by code of return.transfer_materials",
    "set_aside": "why the claim takes no part",
    "other_account": "another account of the victim to pay to, sealed JSON; only with a reason",
}

OBJECTIONS = """
create table return_objections (
  id uuid primary key,
  return_id uuid not null references return_orders (id),
  unit_path text collate "C" not null,
  person bytea not null,
  name text not null,
  raised_at timestamptz not null,
  maker_name text not null,
  outcome text not null default '' check (outcome in ('', 'upheld', 'dismissed')),
  settlement text not null default '',
  settled_name text not null default '',
  settled_at timestamptz,
  constraint settled_with_words check ((outcome = '') = (settlement = '') and (outcome = '') = (settled_at is null))
)
"""

RETURN_GUARD = """
create function return_orders_guard() returns trigger language plpgsql as $$
declare
  kept constant text[] := '{id,serial,unit_path,case_id,order_id,maker_id,maker_name,created_at}';
begin
  if tg_op = 'INSERT' then
    if new.state <> 'CANDIDATE' or new.maker_id is distinct from rongdun_actor() then
      raise exception 'a return begins as a candidate of whoever makes it'
        using errcode = 'integrity_constraint_violation';
    end if;
    return new;
  end if;
  if exists (select 1 from unnest(kept) as f where to_jsonb(old) -> f is distinct from to_jsonb(new) -> f) then
    raise exception 'return %: what it is about and who made it cannot be altered', old.id
      using errcode = 'integrity_constraint_violation';
  end if;
  if old.paid_at is not null and (to_jsonb(old) - '{state,version,receipt_filed_at}'::text[])
     is distinct from (to_jsonb(new) - '{state,version,receipt_filed_at}'::text[]) then
    raise exception 'return %: what has been paid cannot be altered', old.id
      using errcode = 'integrity_constraint_violation';
  end if;
  if new.state = 'APPROVED_CITY' and old.state in ('TRACED', 'PUBLIC_NOTICE')
     and new.approver_id is distinct from rongdun_actor() then
    raise exception 'return %: approved by whoever decides now', old.id
      using errcode = 'integrity_constraint_violation';
  end if;
  if old.state <> new.state and (old.state, new.state) not in (
    ('CANDIDATE', 'VICTIM_NOTIFIED'), ('VICTIM_NOTIFIED', 'APPLIED'), ('APPLIED', 'MATERIALS_COMPLETE'),
    ('MATERIALS_COMPLETE', 'TRACED'), ('TRACED', 'PUBLIC_NOTICE'), ('PUBLIC_NOTICE', 'OBJECTION'),
    ('OBJECTION', 'PUBLIC_NOTICE'), ('TRACED', 'APPROVED_CITY'), ('PUBLIC_NOTICE', 'APPROVED_CITY'),
    ('APPROVED_CITY', 'BANK_NOTICED'), ('BANK_NOTICED', 'APPROVED_CITY'), ('BANK_NOTICED', 'PAID'),
    ('PAID', 'RECEIPT_FILED'), ('RECEIPT_FILED', 'CLOSED'),
    ('MATERIALS_COMPLETE', 'APPLIED'), ('TRACED', 'APPLIED'), ('PUBLIC_NOTICE', 'APPLIED'), ('OBJECTION', 'APPLIED'),
    ('CANDIDATE', 'WITHDRAWN'), ('VICTIM_NOTIFIED', 'WITHDRAWN'), ('APPLIED', 'WITHDRAWN'),
    ('MATERIALS_COMPLETE', 'WITHDRAWN'), ('TRACED', 'WITHDRAWN'), ('PUBLIC_NOTICE', 'WITHDRAWN'),
    ('OBJECTION', 'WITHDRAWN'), ('APPROVED_CITY', 'WITHDRAWN')
  ) then
    raise exception 'return % cannot go from % to %', old.id, old.state, new.state
      using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end
$$
"""

RELIEF_GUARD = """
create function relief_requests_guard() returns trigger language plpgsql as $$
declare
  kept constant text[] := '{id,serial,unit_path,order_id,held_fen,held_since,ordered_by,maker_id,created_at}';
begin
  if tg_op = 'UPDATE' and exists (
    select 1 from unnest(kept) as f where to_jsonb(old) -> f is distinct from to_jsonb(new) -> f
  ) then
    raise exception 'relief %: what it is about and who ordered the measure cannot be altered', old.id
      using errcode = 'integrity_constraint_violation';
  end if;
  if tg_op = 'UPDATE' and old.state <> new.state and (old.state, new.state) not in (
    ('SUBMITTED', 'ACCEPTED'), ('ACCEPTED', 'VERIFYING'), ('VERIFYING', 'LIFT_FULL'),
    ('VERIFYING', 'LIFT_PARTIAL'), ('VERIFYING', 'REJECTED')
  ) then
    raise exception 'relief % cannot go from % to %', old.id, old.state, new.state
      using errcode = 'integrity_constraint_violation';
  end if;
  if tg_op = 'UPDATE' and old.decided_at is null and new.decided_at is not null
     and new.decided_by is distinct from rongdun_actor() then
    raise exception 'relief %: decided by whoever decides now', old.id
      using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end
$$
"""

_SEEN = "rongdun_in_scope(unit_path) or rongdun_in_scope(partner_path)"


def upgrade() -> None:
    """Create relief requests, returns, and what hangs on them."""
    _create(RELIEF, "relief_requests", "objections to a stop or freeze", RELIEF_COMMENTS, _SEEN)
    op.execute("create index ix_relief_requests_unit_path on relief_requests (unit_path, created_at)")
    op.execute("create index ix_relief_requests_order_id on relief_requests (order_id)")
    op.execute("create unique index uq_relief_requests_number on relief_requests (number) where number <> ''")
    op.execute(
        "create unique index uq_relief_requests_open on relief_requests (order_id)"
        " where state in ('SUBMITTED', 'ACCEPTED', 'VERIFYING')"
    )
    _create(RETURNS, "return_orders", "returns of frozen money to victims", RETURN_COMMENTS, _SEEN)
    op.execute("create index ix_return_orders_unit_path on return_orders (unit_path, created_at)")
    op.execute("create index ix_return_orders_case_id on return_orders (case_id)")
    op.execute("create index ix_return_orders_order_id on return_orders (order_id)")
    op.execute("create unique index uq_return_orders_number on return_orders (number) where number <> ''")
    _create(CLAIMS, "return_claims", "victims who take part in a return", CLAIM_COMMENTS, _SEEN)
    op.execute("create index ix_return_claims_victim_id on return_claims (victim_id)")
    _create(
        OBJECTIONS,
        "return_objections",
        "objections raised against a public notice",
        {"person": "who objects and what they say, sealed JSON"},
        "rongdun_in_scope(unit_path)",
    )
    op.execute("create index ix_return_objections_return_id on return_objections (return_id)")
    for table, guard in (("relief_requests", RELIEF_GUARD), ("return_orders", RETURN_GUARD)):
        op.execute(guard)
        op.execute(
            f"create trigger guard before insert or update on {table}"
            f" for each row execute function {table}_guard()"
        )


def _create(statement: str, table: str, comment: str, columns: Mapping[str, str], using: str) -> None:
    op.execute(statement)
    op.execute(f"comment on table {table} is '{comment}'")
    for column, text in columns.items():
        op.execute(f"comment on column {table}.{column} is '{text}'")
    enable_rls(op, table, using)
    grant(op, table, "select, insert, update")


def downgrade() -> None:
    """Drop relief requests and returns."""
    for table in ("return_objections", "return_claims", "return_orders", "relief_requests"):
        op.execute(f"drop table {table}")
    op.execute("drop function return_orders_guard()")
    op.execute("drop function relief_requests_guard()")
