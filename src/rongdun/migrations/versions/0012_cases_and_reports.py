"""Cases with the people harmed in them, and the reports they come from.

Whatever names a person (stories, victims, accounts) is sealed; blind indexes find the same person, account or number.
"""

from collections.abc import Mapping

from alembic import op

from rongdun.migrations.helpers import enable_rls, grant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

CASES = """
create table cases (
  id uuid primary key,
  serial bigint generated always as identity,
  number text not null default '',
  unit_path text collate "C" not null,
  unit_name text not null,
  title text not null check (title <> ''),
  state text not null default 'ACCEPTED' check (state in ('ACCEPTED', 'UNDER_REVIEW', 'FILED', 'NOT_FILED',
    'TRANSFERRED', 'INVESTIGATING', 'CLOSED', 'WITHDRAWN')),
  source text not null default 'report' check (source in ('report', 'clue', 'referred', 'found')),
  fraud_type text not null,
  story bytea not null,
  loss_fen bigint not null default 0 check (loss_fen >= 0),
  victims integer not null default 0,
  jurisdiction text not null default 'first_acceptor',
  review text not null default 'normal' check (review in ('normal', 'check', 'major')),
  accepted_at timestamptz not null,
  accepted_by uuid not null,
  accepted_name text not null,
  handler_ids uuid[] not null default '{}',
  handler_names text[] not null default '{}',
  proposal text not null default '' check (proposal in ('', 'file', 'refuse', 'transfer')),
  proposal_reason text not null default '',
  transfer_to text not null default '',
  proposed_by uuid,
  proposed_name text not null default '',
  proposed_at timestamptz,
  decided_by uuid,
  decided_name text not null default '',
  decided_at timestamptz,
  filed_at timestamptz,
  filing_number text not null default '',
  notice_served_at timestamptz,
  ended_at timestamptz,
  end_reason text not null default '',
  updated_at timestamptz not null,
  version integer not null default 1,
  constraint proposed_by_somebody check ((proposal = '') = (proposed_by is null)),
  constraint filed_by_somebody check (state not in ('FILED', 'INVESTIGATING') or filed_at is not null),
  constraint checked_by_another check (decided_by is null or decided_by <> accepted_by),
  constraint decided_by_another check (decided_by is null or decided_by <> all (handler_ids)),
  constraint ended_with_a_reason check (state not in ('CLOSED', 'WITHDRAWN') or end_reason <> '')
)
"""

CASE_COMMENTS = {
    "number": "the number officers quote, from the serial",
    "unit_path": "unit that handles it",
    "story": "what happened, sealed",
    "loss_fen": "loss as accepted; a later revision is kept beside it",
    "review": "term of the filing review: 3, 7 or 30 days",
    "proposal": "what is proposed to the approver",
    "filed_at": "when filing was approved; from then on money may be frozen",
    "notice_served_at": "when the complainant was told that it is not filed",
}

VICTIMS = """
create table case_victims (
  id uuid primary key,
  case_id uuid not null references cases (id),
  unit_path text collate "C" not null,
  place integer not null,
  person bytea not null,
  person_key bytea,
  loss_fen bigint not null check (loss_fen >= 0),
  report_id uuid,
  constraint uq_case_victims_case_id_place unique (case_id, place)
)
"""

VICTIM_COMMENTS = {
    "person": "name, identity number, phone, account to return to; sealed JSON",
    "person_key": "blind index of the identity number",
}

REPORTS = """
create table reports (
  id uuid primary key,
  serial bigint generated always as identity,
  number text not null default '',
  receipt_number text not null default '',
  unit_path text collate "C" not null,
  unit_name text not null,
  handling_path text collate "C",
  maker_id uuid not null,
  maker_name text not null,
  state text not null default 'RECEIVED' check (state in ('RECEIVED', 'CLASSIFIED', 'ENTERED', 'IN_DISPOSAL',
    'CASE_ACCEPTED', 'REFERRED', 'CLOSED')),
  source text not null,
  classification text not null default '',
  fraud_type text not null default '',
  channels text[] not null default '{}',
  title text not null,
  content bytea not null,
  victim_key bytea,
  loss_fen bigint not null default 0 check (loss_fen >= 0),
  transfers integer not null default 0,
  last_transfer_at timestamptz,
  deceived_at timestamptz,
  on_call boolean not null default false,
  more_expected boolean not null default false,
  screen_shared boolean not null default false,
  hardship boolean not null default false,
  urgency integer not null default 0,
  duplicate_of uuid references reports (id),
  case_id uuid references cases (id),
  case_number text not null default '',
  referred_to text not null default '',
  end_reason text not null default '',
  received_at timestamptz not null,
  created_at timestamptz not null,
  entered_at timestamptz,
  ended_at timestamptz,
  updated_at timestamptz not null,
  version integer not null default 1,
  constraint classified_before_more check (state in ('RECEIVED', 'REFERRED') or classification <> ''),
  constraint accepted_with_a_case check ((state = 'CASE_ACCEPTED') = (case_id is not null)),
  constraint referred_to_somebody check (state <> 'REFERRED' or referred_to <> ''),
  constraint closed_with_a_reason check (state <> 'CLOSED' or end_reason <> ''),
  constraint duplicate_of_another check (duplicate_of is null or duplicate_of <> id)
)
"""

REPORT_COMMENTS = {
    "number": "the number officers quote, from the serial",
    "receipt_number": "number of the receipt handed to whoever reports",
    "unit_path": "unit that took it",
    "handling_path": "unit that handles the case it became",
    "content": "reporter, victim, story, transfers, numbers of the fraudster; sealed JSON",
    "victim_key": "blind index of the victim's identity number, else of the phone",
    "urgency": "what is done first: from the flags and how fresh the money is",
    "received_at": "when the call or visit began; the clock of entering it starts then",
}

ENTITIES = """
create table report_entities (
  report_id uuid not null references reports (id),
  kind text not null check (kind in ('person', 'account', 'phone', 'link', 'chat', 'app')),
  key bytea not null,
  unit_path text collate "C" not null,
  handling_path text collate "C",
  primary key (report_id, kind, key)
)
"""

CASE_GUARD = """
create function cases_guard() returns trigger language plpgsql as $$
declare
  kept constant text[] := '{id,serial,accepted_at,accepted_by,accepted_name,source}';
begin
  if tg_op = 'INSERT' then
    if new.state <> 'ACCEPTED' or new.accepted_by is distinct from rongdun_actor() then
      raise exception 'a case begins as accepted by whoever accepts it'
        using errcode = 'integrity_constraint_violation';
    end if;
    return new;
  end if;
  if exists (select 1 from unnest(kept) as f where to_jsonb(old) -> f is distinct from to_jsonb(new) -> f) then
    raise exception 'case %: who accepted it and when cannot be altered', old.id
      using errcode = 'integrity_constraint_violation';
  end if;
  if old.state = new.state then
    return new;
  end if;
  if (old.state, new.state) not in (
    ('ACCEPTED', 'UNDER_REVIEW'), ('UNDER_REVIEW', 'ACCEPTED'), ('UNDER_REVIEW', 'FILED'),
    ('UNDER_REVIEW', 'NOT_FILED'), ('UNDER_REVIEW', 'TRANSFERRED'), ('NOT_FILED', 'ACCEPTED'),
    ('FILED', 'INVESTIGATING'), ('FILED', 'WITHDRAWN'), ('INVESTIGATING', 'WITHDRAWN'),
    ('INVESTIGATING', 'CLOSED'), ('NOT_FILED', 'CLOSED')
  ) then
    raise exception 'case % cannot go from % to %', old.id, old.state, new.state
      using errcode = 'integrity_constraint_violation';
  end if;
  if old.state = 'UNDER_REVIEW' and new.state <> 'ACCEPTED' and (
    new.decided_by is null or new.decided_by is distinct from rongdun_actor() or new.decided_by = old.proposed_by
  ) then
    raise exception 'case %: whoever proposed it may not decide it', old.id
      using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end
$$
"""


def upgrade() -> None:
    """Create cases, reports and what hangs on them."""
    _cases()
    _reports()


def _cases() -> None:
    mine = "rongdun_in_scope(unit_path) or rongdun_on_team(id)"
    theirs = "rongdun_in_scope(unit_path) or rongdun_on_team(case_id)"
    _create(CASES, "cases", "cases, kept for good", CASE_COMMENTS, using=mine)
    op.execute("create unique index uq_cases_number on cases (number) where number <> ''")
    op.execute("create index ix_cases_unit_path on cases (unit_path, accepted_at)")
    op.execute("create index ix_cases_accepted_at on cases (accepted_at, id)")
    op.execute("create index ix_cases_state on cases (state, accepted_at)")
    op.execute(CASE_GUARD)
    op.execute(
        "create trigger guard before insert or update on cases for each row execute function cases_guard()"
    )
    _create(VICTIMS, "case_victims", "people harmed in a case", VICTIM_COMMENTS, using=theirs)
    op.execute("create index ix_case_victims_person_key on case_victims (person_key)")


def _reports() -> None:
    seen = "rongdun_in_scope(unit_path) or rongdun_in_scope(handling_path)"
    _create(
        REPORTS, "reports", "reports of fraud as they were taken; not yet cases", REPORT_COMMENTS, using=seen
    )
    op.execute("create unique index uq_reports_number on reports (number) where number <> ''")
    op.execute("create index ix_reports_unit_path on reports (unit_path, received_at)")
    op.execute("create index ix_reports_handling_path on reports (handling_path, received_at)")
    op.execute("create index ix_reports_received_at on reports (received_at, id)")
    op.execute("create index ix_reports_state on reports (state, urgency, received_at)")
    op.execute("create index ix_reports_case_id on reports (case_id)")
    op.execute("create index ix_reports_victim_key on reports (victim_key)")
    columns = {"key": "blind index of the person, account, number or link"}
    _create(
        ENTITIES,
        "report_entities",
        "what reports have in common, found without being read",
        columns,
        using=seen,
    )
    op.execute("create index ix_report_entities_key on report_entities (key, kind)")
    grant(op, "report_entities", "delete")


def _create(statement: str, table: str, comment: str, columns: Mapping[str, str], *, using: str) -> None:
    op.execute(statement)
    op.execute(f"comment on table {table} is '{comment}'")
    for column, text in columns.items():
        quoted = text.replace("'", "''")
        op.execute(f"comment on column {table}.{column} is '{quoted}'")
    enable_rls(op, table, using)
    grant(op, table, "select, insert, update")


def downgrade() -> None:
    """Drop reports and cases."""
    op.execute("drop table report_entities")
    op.execute("drop table reports")
    op.execute("drop table case_victims")
    op.execute("drop table cases")
    op.execute("drop function cases_guard()")
