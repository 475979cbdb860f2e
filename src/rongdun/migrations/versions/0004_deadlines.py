"""Deadlines, everything that ever happened to each of them, and the workers that watch over them."""

from alembic import op

from rongdun.migrations.helpers import enable_rls, grant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

DEADLINES = """
create table deadlines (
  id uuid primary key,
  subject_kind text not null,
  subject_id text not null,
  subject_label text not null default '',
  rule_key text not null,
  rule_row_id uuid,
  legal_basis text not null,
  certainty text not null,
  name_zh text not null,
  name_en text not null,
  term jsonb not null,
  unit_path text collate "C" not null,
  owner_path text collate "C" not null,
  partner_path text collate "C",
  case_id uuid,
  started_at timestamptz not null,
  due_at timestamptz not null,
  pauses jsonb not null default '[]',
  paused_at timestamptz,
  pause_reason text not null default '',
  state text not null default 'running'
    check (state in ('running', 'paused', 'met', 'missed', 'cancelled')),
  outcome text,
  closed_at timestamptz,
  missed_at timestamptz,
  missed_while_down boolean not null default false,
  late_by_s double precision,
  acknowledged_by uuid,
  acknowledged_name text,
  acknowledged_at timestamptz,
  steps jsonb not null,
  step integer not null default 0 check (step >= 0),
  next_step_at timestamptz,
  level text not null default 'calm'
    check (level in ('calm', 'notice', 'urgent', 'critical', 'overdue')),
  created_at timestamptz not null,
  version integer not null default 1,
  constraint deadline_ends_after_start check (due_at >= started_at),
  constraint paused_has_a_moment check ((state = 'paused') = (paused_at is not null)),
  constraint closed_has_no_next_step check (closed_at is null or next_step_at is null),
  constraint paused_has_no_next_step check (paused_at is null or next_step_at is null)
)
"""

DEADLINE_COMMENTS = {
    "subject_kind": "what the deadline is about, e.g. stop_order; with subject_id it names one record",
    "subject_label": "how a screen calls the subject: a number or a masked name, never personal data",
    "rule_row_id": "version of the policy row in force when the deadline opened",
    "certainty": "how sure the rule is: source, weak, memory or design",
    "term": "the term as the rule states it: amount, unit and how it is counted",
    "unit_path": "unit whose scope covers the deadline",
    "owner_path": "unit that has to act before it is due",
    "partner_path": "partner unit that may also see it, e.g. the bank that has to answer",
    "case_id": "case whose team may also see it",
    "due_at": "end of the term, with every finished pause added",
    "pauses": "finished pauses, oldest first: from, to, reason",
    "state": "missed stays missed when the work is done late: outcome then says met_late",
    "outcome": "how it closed: met, met_late, cancelled, or missed when cancelled after a miss; null while open",
    "missed_while_down": "no sweeper was running when it fell due: it was marked afterwards",
    "late_by_s": "seconds between falling due and being marked missed",
    "steps": "escalation as it stood when the deadline opened: anchor, by_us (microseconds), level, notify",
    "step": "how many steps have been fired; never goes back, so no step is fired twice",
    "next_step_at": "when the sweeper has to look again; null when closed, paused or out of steps",
    "level": "level of the last step fired",
}

EVENTS = """
create table deadline_events (
  id uuid primary key,
  deadline_id uuid not null references deadlines (id),
  at timestamptz not null,
  kind text not null check (kind in
    ('opened', 'escalated', 'missed', 'acknowledged', 'paused', 'resumed', 'met', 'met_late', 'cancelled')),
  step integer,
  step_at timestamptz,
  late_by_s double precision,
  while_down boolean not null default false,
  level text,
  actor_id uuid,
  actor_name text not null,
  worker text,
  reason text not null default '',
  detail jsonb not null default '{}'
)
"""

EVENT_COMMENTS = {
    "step": "number of the escalation step, for kinds escalated and missed",
    "step_at": "moment the step was due; at is when it was fired",
    "late_by_s": "seconds from step_at to at, when a worker fired it",
    "while_down": "step_at lies in a span in which no sweeper was running",
    "worker": "worker that fired the step; null when a person or a service acted",
}

WORKERS = """
create table workers (
  id uuid primary key,
  name text not null,
  release text not null,
  started_at timestamptz not null,
  beat_at timestamptz not null,
  stopped_at timestamptz,
  figures jsonb not null default '{}'
)
"""

WORKER_EVENTS = """
create table worker_events (
  id uuid primary key,
  at timestamptz not null,
  kind text not null check (kind in ('started', 'stopped', 'outage', 'clock_jump', 'fault')),
  worker text not null,
  from_at timestamptz,
  to_at timestamptz,
  seconds double precision,
  detail jsonb not null default '{}'
)
"""

PULSE = """
create table sweeper_pulse (
  only_row boolean primary key default true check (only_row),
  ticked_at timestamptz not null,
  worker text not null
)
"""


def upgrade() -> None:
    """Create the deadlines, their events, and the workers' own records."""
    _create_deadlines()
    _create_events()
    _create_workers()


def _create_deadlines() -> None:
    op.execute(DEADLINES)
    op.execute("comment on table deadlines is 'every clock that runs, from its rule to its outcome'")
    _comment_columns("deadlines", DEADLINE_COMMENTS)
    op.execute(
        "create index ix_deadlines_next_step_at on deadlines (next_step_at) where next_step_at is not null"
    )
    op.execute("create index ix_deadlines_open_due_at on deadlines (due_at) where closed_at is null")
    op.execute("create index ix_deadlines_unit_path on deadlines (unit_path)")
    op.execute(
        "create unique index uq_deadlines_open on deadlines (subject_kind, subject_id, rule_key)"
        " where closed_at is null"
    )
    enable_rls(
        op,
        "deadlines",
        "rongdun_in_scope(unit_path) or rongdun_in_scope(partner_path) or rongdun_on_team(case_id)",
    )
    grant(op, "deadlines", "select, insert, update", analytics=True)


def _create_events() -> None:
    op.execute(EVENTS)
    op.execute("comment on table deadline_events is 'each change of a deadline is a row here, for good'")
    _comment_columns("deadline_events", EVENT_COMMENTS)
    op.execute("create index ix_deadline_events_deadline_id on deadline_events (deadline_id, at)")
    op.execute(
        "create unique index uq_deadline_events_step on deadline_events (deadline_id, step)"
        " where step is not null"
    )
    enable_rls(
        op,
        "deadline_events",
        "exists (select 1 from deadlines where deadlines.id = deadline_events.deadline_id)",
    )
    grant(op, "deadline_events", "select, insert", analytics=True)


def _create_workers() -> None:
    op.execute(WORKERS)
    op.execute("comment on table workers is 'one row for each worker process and its last heartbeat'")
    op.execute("comment on column workers.figures is 'counters of the process, shown in the metrics'")
    op.execute("create index ix_workers_beat_at on workers (beat_at)")
    op.execute(WORKER_EVENTS)
    op.execute(
        "comment on table worker_events is 'starts, stops, outages and clock jumps, shown to the duty desk'"
    )
    op.execute("comment on column worker_events.seconds is 'length of an outage, or size of a clock jump'")
    op.execute("create index ix_worker_events_at on worker_events (at)")
    op.execute(PULSE)
    op.execute("comment on table sweeper_pulse is 'one row: when any sweeper last looked for due steps'")
    grant(op, "workers", "select, insert, update, delete")
    grant(op, "worker_events", "select, insert")
    grant(op, "sweeper_pulse", "select, insert, update")


def _comment_columns(table: str, comments: dict[str, str]) -> None:
    for column, comment in comments.items():
        op.execute(f"comment on column {table}.{column} is '{comment}'")


def downgrade() -> None:
    """Drop the deadlines and the workers' records."""
    for table in ("sweeper_pulse", "worker_events", "workers", "deadline_events", "deadlines"):
        op.execute(f"drop table {table}")
