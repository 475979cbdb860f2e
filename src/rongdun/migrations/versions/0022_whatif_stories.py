"""What happened in a world of a what-if run, to be watched: kept with its sums, in the same transaction."""

from alembic import op

from rongdun.migrations.helpers import enable_rls, grant

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

STORIES = """
create table whatif_stories (
  run_id uuid not null,
  place integer not null,
  unit_path text collate "C" not null,
  layout smallint not null check (layout > 0),
  story jsonb not null check (pg_column_size(story) <= 8000000),
  made_at timestamptz not null,
  primary key (run_id, place),
  foreign key (run_id, place) references whatif_worlds (run_id, place)
)
"""


def upgrade() -> None:
    """Create the stories; worlds that were played before have none."""
    op.execute(STORIES)
    op.execute(
        "comment on table whatif_stories is 'what happened in a world of a what-if run, under both settings'"
    )
    op.execute("comment on column whatif_stories.layout is 'version of the layout of the story'")
    enable_rls(op, "whatif_stories")
    grant(op, "whatif_stories", "select, insert")


def downgrade() -> None:
    """Drop the stories."""
    op.execute("drop table whatif_stories")
