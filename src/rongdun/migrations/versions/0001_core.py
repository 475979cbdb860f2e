"""Core: the scope functions that row-level security stands on, and what kind of installation this is."""

from alembic import op

from rongdun.migrations.helpers import grant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

IN_SCOPE = """
create function rongdun_in_scope(path text) returns boolean
language sql stable parallel safe
as $$
  select path collate "C" >= current_setting('rongdun.scope_low', true) collate "C"
     and path collate "C" < current_setting('rongdun.scope_high', true) collate "C"
$$
"""

ON_TEAM = """
create function rongdun_on_team(case_id uuid) returns boolean
language sql stable parallel safe
as $$
  select case_id::text = any (string_to_array(current_setting('rongdun.teams', true), ','))
$$
"""

ACTOR = """
create function rongdun_actor() returns uuid
language sql stable parallel safe
as $$ select nullif(current_setting('rongdun.actor', true), '')::uuid $$
"""

INSTALLATION = """
create table installation (
  only_row boolean primary key default true check (only_row),
  kind text not null check (kind in ('demo', 'real')),
  shipped text not null default '',
  created_at timestamptz not null
)
"""


def upgrade() -> None:
    """Create the scope functions and the installation marker."""
    op.execute("revoke create on schema public from public")
    op.execute("grant usage on schema public to rongdun_app, rongdun_read")
    op.execute(IN_SCOPE)
    op.execute(ON_TEAM)
    op.execute(ACTOR)
    op.execute(
        "comment on function rongdun_in_scope(text) is 'row of this unit path lies in the asking scope'"
    )
    op.execute("comment on function rongdun_on_team(uuid) is 'the asking actor serves on this case team'")
    op.execute(INSTALLATION)
    op.execute(
        "comment on table installation is"
        " 'one row: whether this database holds the demonstration city or real work'"
    )
    op.execute(
        "comment on column installation.shipped is"
        " 'fingerprint of the shipped rows last brought in, so that a start need not compare them again'"
    )
    grant(op, "installation", "select, insert, update (shipped)", analytics=True)
    grant(op, "alembic_version", "select")


def downgrade() -> None:
    """Drop the core objects."""
    op.execute("drop table installation")
    op.execute("drop function rongdun_actor()")
    op.execute("drop function rongdun_on_team(uuid)")
    op.execute("drop function rongdun_in_scope(text)")
