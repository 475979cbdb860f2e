"""Cases with the people harmed in them.

Whatever names a person (stories, victims) is sealed; a blind index of the identity number finds the same person.
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
    """Create cases and what hangs on them."""
    _cases()


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


def _create(statement: str, table: str, comment: str, columns: Mapping[str, str], *, using: str) -> None:
    op.execute(statement)
    op.execute(f"comment on table {table} is '{comment}'")
    for column, text in columns.items():
        op.execute(f"comment on column {table}.{column} is '{text}'")
    enable_rls(op, table, using)
    grant(op, table, "select, insert, update")


def downgrade() -> None:
    """Drop cases."""
    op.execute("drop table case_victims")
    op.execute("drop table cases")
    op.execute("drop function cases_guard()")
