"""What advice learnt from closed cases: shares and weights over all units, which tell nothing of any case.

Everybody's advice reads the newest row; only the system adds one, and none is ever changed.
"""

from alembic import op

from rongdun.migrations.helpers import grant

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

FITS = """
create table advice_fits (
  id uuid primary key,
  layout smallint not null check (layout > 0),
  prior text not null check (prior ~ '^[0-9a-f]{64}$'),
  grounds text not null check (grounds ~ '^[0-9a-f]{64}$'),
  cases integer not null check (cases > 0),
  sums integer not null check (sums >= 0),
  confirmed integer not null check (confirmed >= 0),
  learnt jsonb not null check (pg_column_size(learnt) <= 1000000),
  made_at timestamptz not null
)
"""

COMMENTS = {
    "layout": "version of the layout of learnt",
    "prior": "sha-256 of the shipped prior it was shrunk to; with another one the row is not used",
    "grounds": "sha-256 of what it was learnt from: the same cases are not reckoned twice",
    "cases": "closed cases it was learnt from",
    "sums": "sums of victims'' money whose stay was seen",
    "confirmed": "accounts of which it was established how much in them was the victims''",
    "learnt": "share still there by age, ways out and parts by tier, weights of the rules",
}


def upgrade() -> None:
    """Create the table; until the first night advice assumes what ships."""
    op.execute(FITS)
    op.execute("comment on table advice_fits is 'what advice learnt from closed cases, the newest counts'")
    for column, meaning in COMMENTS.items():
        op.execute(f"comment on column advice_fits.{column} is '{meaning}'")
    op.execute("create index ix_advice_fits_made on advice_fits (made_at desc, id desc)")
    op.execute("alter table advice_fits enable row level security")
    op.execute("create policy advice_fits_read on advice_fits for select using (true)")
    op.execute("create policy advice_fits_add on advice_fits for insert with check (rongdun_in_scope(''))")
    grant(op, "advice_fits", "select, insert")


def downgrade() -> None:
    """Drop what was learnt."""
    op.execute("drop table advice_fits")
