"""What-if runs: two settings played in made-up worlds, who asked, and what each world gave. No real data."""

from collections.abc import Mapping

from alembic import op

from rongdun.migrations.helpers import enable_rls, grant

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

RUNS = """
create table whatif_runs (
  id uuid primary key,
  serial bigint generated always as identity,
  number text not null default '',
  unit_path text collate "C" not null,
  unit_name text not null default '',
  maker_id uuid not null,
  maker_name text not null,
  title text not null check (title <> ''),
  state text not null default 'WAITING'
    check (state in ('WAITING', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED')),
  a jsonb not null,
  b jsonb not null,
  worlds integer not null check (worlds between 2 and 60),
  cases integer not null check (cases between 1 and 6),
  people integer not null check (people > 0),
  days integer not null check (days > 0),
  seed bigint not null check (seed >= 0),
  release text not null,
  worlds_done integer not null default 0,
  error_zh text not null default '',
  error_en text not null default '',
  created_at timestamptz not null,
  started_at timestamptz,
  beat_at timestamptz not null,
  ended_at timestamptz,
  version integer not null default 1,
  constraint within_its_worlds check (worlds_done between 0 and worlds),
  constraint done_whole check (state <> 'DONE' or worlds_done = worlds),
  constraint ended_with_a_time check ((state in ('DONE', 'FAILED', 'CANCELLED')) = (ended_at is not null))
)
"""

RUN_COMMENTS = {
    "number": "the number people quote, from the serial",
    "unit_path": "unit that asked",
    "a": "the first setting: policy, delay of reports, officers, paces of banks and mules",
    "b": "the second setting",
    "cases": "cases of a world at most",
    "seed": "world number n has the seed plus n",
    "release": "release of the program that played it",
    "beat_at": "last sign of life of whoever plays; a run that falls silent is given up",
}

WORLDS = """
create table whatif_worlds (
  run_id uuid not null references whatif_runs (id),
  place integer not null check (place >= 0),
  unit_path text collate "C" not null,
  seed bigint not null,
  a jsonb not null,
  b jsonb not null,
  made_at timestamptz not null,
  primary key (run_id, place)
)
"""

GUARD = """
create function whatif_runs_guard() returns trigger language plpgsql as $$
declare
  kept constant text[] :=
    '{id,serial,unit_path,unit_name,maker_id,maker_name,title,a,b,worlds,cases,people,days,seed,release,created_at}';
begin
  if tg_op = 'INSERT' then
    if new.state <> 'WAITING' or new.maker_id is distinct from rongdun_actor() then
      raise exception 'a what-if run begins as waiting, of whoever asks'
        using errcode = 'integrity_constraint_violation';
    end if;
    return new;
  end if;
  if exists (select 1 from unnest(kept) as f where to_jsonb(old) -> f is distinct from to_jsonb(new) -> f) then
    raise exception 'what-if run %: who asked what cannot be altered', old.id
      using errcode = 'integrity_constraint_violation';
  end if;
  if old.state <> new.state and (old.state, new.state) not in (
    ('WAITING', 'RUNNING'), ('WAITING', 'FAILED'), ('WAITING', 'CANCELLED'),
    ('RUNNING', 'DONE'), ('RUNNING', 'FAILED'), ('RUNNING', 'CANCELLED')
  ) then
    raise exception 'what-if run % cannot go from % to %', old.id, old.state, new.state
      using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end
$$
"""


def upgrade() -> None:
    """Create the runs and what their worlds gave."""
    _create(RUNS, "whatif_runs", "two settings played in made-up worlds, kept for good", RUN_COMMENTS)
    op.execute("grant update on whatif_runs to rongdun_app")
    op.execute("create unique index uq_whatif_runs_number on whatif_runs (number) where number <> ''")
    op.execute(
        "create unique index uq_whatif_runs_at_work on whatif_runs ((true))"
        " where state in ('WAITING', 'RUNNING')"
    )
    op.execute("create index ix_whatif_runs_unit_path on whatif_runs (unit_path, created_at)")
    op.execute(GUARD)
    op.execute(
        "create trigger guard before insert or update on whatif_runs"
        " for each row execute function whatif_runs_guard()"
    )
    sums = "sums over the world''s cases under that setting"
    _create(WORLDS, "whatif_worlds", "what one world of a what-if run gave", {"a": sums, "b": sums})


def _create(statement: str, table: str, comment: str, columns: Mapping[str, str]) -> None:
    op.execute(statement)
    op.execute(f"comment on table {table} is '{comment}'")
    for column, text in columns.items():
        op.execute(f"comment on column {table}.{column} is '{text}'")
    enable_rls(op, table)
    grant(op, table, "select, insert")


def downgrade() -> None:
    """Drop the runs."""
    op.execute("drop table whatif_worlds")
    op.execute("drop table whatif_runs")
    op.execute("drop function whatif_runs_guard()")
