"""What an institution's wire profile has messages for, and the nightly comparison of each day with its book."""

from collections.abc import Mapping

from alembic import op

from rongdun.migrations.helpers import enable_rls, grant

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

INSTITUTIONS = """
alter table exchange_institutions
  add column carries text[] not null default '{}',
  add column otherwise text not null default '' check (otherwise in ('', 'form')),
  add column asks_status boolean not null default false,
  add constraint whatever_is_sent_has_a_way check (carries = '{}' or transport = 'form' or otherwise = 'form')
"""

INSTITUTION_COMMENTS = {
    "carries": "kinds of instructions its wire profile has messages for; empty: every kind",
    "otherwise": "how any other kind reaches it; form: its liaison answers by hand",
    "asks_status": "whether its wire profile can ask what became of an instruction",
}

DAYS = """
create table exchange_days (
  id uuid primary key,
  institution text not null references exchange_institutions (code),
  unit_path text collate "C" not null,
  day date not null,
  state text not null default 'waiting' check (state in ('waiting', 'agreed', 'differing', 'unanswered')),
  attempts integer not null default 0,
  last_error text not null default '',
  due_at timestamptz not null,
  opened_at timestamptz not null,
  settled_at timestamptz,
  reconciliation_id uuid references exchange_reconciliations (id),
  constraint uq_exchange_days_institution unique (institution, day),
  constraint settled_unless_waiting check ((state = 'waiting') = (settled_at is null)),
  constraint compared_by_a_comparison check ((state in ('agreed', 'differing')) = (reconciliation_id is not null))
)
"""

DAY_COMMENTS = {
    "day": "day in Shanghai",
    "state": "waiting: its book has not been had yet; agreed, differing: compared; unanswered: it never came",
    "attempts": "how often its book was asked for in vain",
    "due_at": "after this moment the day is given up as unanswered",
    "reconciliation_id": "the comparison that settled it, the latest one",
}


def upgrade() -> None:
    """Add what profiles carry, and the days to be compared."""
    op.execute(INSTITUTIONS)
    _comment("exchange_institutions", INSTITUTION_COMMENTS)
    op.execute(DAYS)
    op.execute(
        "comment on table exchange_days is 'days of institutions that the nightly comparison looks at'"
    )
    _comment("exchange_days", DAY_COMMENTS)
    op.execute("create index ix_exchange_days_waiting on exchange_days (day) where state = 'waiting'")
    enable_rls(op, "exchange_days")
    grant(op, "exchange_days", "select, insert, update", analytics=True)


def _comment(table: str, columns: Mapping[str, str]) -> None:
    for column, comment in columns.items():
        op.execute(f"comment on column {table}.{column} is '{comment}'")


def downgrade() -> None:
    """Drop what :func:`upgrade` added."""
    op.execute("drop table exchange_days")
    op.execute(
        "alter table exchange_institutions drop constraint whatever_is_sent_has_a_way,"
        " drop column carries, drop column otherwise, drop column asks_status"
    )
