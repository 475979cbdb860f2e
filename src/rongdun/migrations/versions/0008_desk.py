"""What every desk shares: files, drafts, saved views, and the signals that keep open screens fresh."""

from collections.abc import Mapping

from alembic import op

from rongdun.migrations.helpers import enable_rls, grant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

OWN = "user_id = rongdun_actor() or rongdun_in_scope('')"
"""Rows of the asking person; the empty path lies in the system's scope alone (pruning, key rotation)."""

FILES = """
create table files (
  id uuid primary key,
  hash text not null check (hash ~ '^[0-9a-f]{64}$'),
  size bigint not null check (size > 0),
  media_type text not null,
  name text not null,
  unit_path text collate "C" not null,
  uploaded_by uuid not null,
  uploaded_at timestamptz not null
)
"""

FILES_COMMENTS = {
    "hash": "SHA-256 of the content, which is kept once however often it is uploaded",
    "size": "bytes",
    "media_type": "found by looking at the content, never taken from the name",
    "name": "what the uploader called it; for display only",
    "unit_path": "unit whose scope covers this upload",
}

DRAFTS = """
create table drafts (
  id uuid primary key,
  user_id uuid not null,
  form_key text not null,
  body bytea not null,
  updated_at timestamptz not null,
  constraint uq_drafts_user_id_form_key unique (user_id, form_key)
)
"""

DRAFTS_COMMENTS = {
    "form_key": "which form, and which record it edits, e.g. policy.change:new",
    "body": "what was typed, as sealed JSON: half-filled forms hold personal data",
}

VIEWS = """
create table saved_views (
  id uuid primary key,
  user_id uuid not null,
  table_key text not null,
  name text not null,
  state bytea not null,
  created_at timestamptz not null,
  constraint uq_saved_views_user_id_table_key_name unique (user_id, table_key, name)
)
"""

VIEWS_COMMENTS = {
    "table_key": "which table of the web pages",
    "state": "filters, search, order and columns, as sealed JSON: a search may name a person",
}

EVENTS = """
create table live_events (
  id bigint generated always as identity primary key,
  topic text not null,
  subject_kind text not null,
  subject_id text not null,
  unit_path text collate "C" not null,
  at timestamptz not null
)
"""

EVENTS_COMMENTS = {
    "id": "grows in the order of commits, so that a screen that lost the line asks for what came after",
    "topic": "what changed, e.g. deadline; data/topics.toml says who may hear of it",
    "unit_path": "only screens whose scope covers it hear of it",
}

SIGNAL = """
create function rongdun_signal(topics text[], kinds text[], ids text[], paths text[], moment timestamptz)
returns void
language plpgsql
as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('rongdun.live_events', 0));
  insert into live_events (topic, subject_kind, subject_id, unit_path, at)
    select topic, kind, id, path, moment
    from unnest(topics, kinds, ids, paths) with ordinality as signal (topic, kind, id, path, place)
    order by place;
  perform pg_notify('rongdun_live', '');
end
$$
"""


def upgrade() -> None:
    """Create the shared tables of the desks."""
    _create(FILES, "files", "every upload of a file; the content lies in the file store", FILES_COMMENTS)
    op.execute("create index ix_files_hash on files (hash)")
    enable_rls(op, "files")
    grant(op, "files", "select, insert")
    _create(DRAFTS, "drafts", "half-filled forms, so that a lost connection costs nothing", DRAFTS_COMMENTS)
    op.execute("create index ix_drafts_updated_at on drafts (updated_at)")
    _create(VIEWS, "saved_views", "tables as somebody likes to see them", VIEWS_COMMENTS)
    for table in ("drafts", "saved_views"):
        enable_rls(op, table, OWN)
        grant(op, table, "select, insert, update, delete")
    _create_events()


def _create(statement: str, table: str, comment: str, columns: Mapping[str, str]) -> None:
    op.execute(statement)
    op.execute(f"comment on table {table} is '{comment}'")
    for column, text in columns.items():
        op.execute(f"comment on column {table}.{column} is '{text}'")


def _create_events() -> None:
    _create(EVENTS, "live_events", "signals to open screens; kept for a day", EVENTS_COMMENTS)
    op.execute("create index ix_live_events_at on live_events (at)")
    enable_rls(op, "live_events")
    op.execute("create policy live_events_anybody_may_signal on live_events for insert with check (true)")
    grant(op, "live_events", "select, insert, delete")
    op.execute(SIGNAL)
    op.execute(
        "comment on function rongdun_signal(text[], text[], text[], text[], timestamptz) is"
        " 'writes signals and wakes the listeners at commit; the lock makes ids grow in commit order'"
    )


def downgrade() -> None:
    """Drop the shared tables of the desks."""
    op.execute("drop function rongdun_signal(text[], text[], text[], text[], timestamptz)")
    for table in ("live_events", "saved_views", "drafts", "files"):
        op.execute(f"drop table {table}")
