"""Imports of statements: what a unit handed in, file by file, what became of it, and the layouts it taught us.

The rows themselves lie in the ledger; these tables say whose they are. A row of the ledger is seen by whoever sees
the import that brought it.
"""

from collections.abc import Mapping

from alembic import op

from rongdun.migrations.helpers import enable_rls, grant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

IMPORTS = """
create table ledger_imports (
  id uuid primary key,
  unit_path text collate "C" not null,
  maker_id uuid not null,
  maker_name text not null,
  unit_name text not null default '',
  note text not null default '',
  state text not null default 'RECEIVED' check (state in ('RECEIVED', 'READING', 'REREADING', 'IMPORTED',
    'IMPORTED_WITH_REJECTS', 'FAILED', 'CANCELLED', 'UNDOING', 'UNDONE')),
  round integer not null default 1,
  ledger_versions bigint[] not null default '{}',
  files_total integer not null check (files_total > 0),
  files_done integer not null default 0,
  files_refused integer not null default 0,
  rows_read bigint not null default 0,
  rows bigint not null default 0,
  taken bigint not null default 0,
  duplicates bigint not null default 0,
  rejected bigint not null default 0,
  blank bigint not null default 0,
  error_zh text not null default '',
  error_en text not null default '',
  undo_reason text not null default '',
  undone_by uuid,
  undone_by_name text not null default '',
  created_at timestamptz not null,
  started_at timestamptz,
  beat_at timestamptz not null,
  ended_at timestamptz,
  version integer not null default 1,
  constraint rows_reconcile check (rows = taken + duplicates + rejected + blank),
  constraint undone_with_a_reason check (state not in ('UNDOING', 'UNDONE') or undo_reason <> ''),
  constraint nothing_of_what_was_withdrawn check (
    state not in ('CANCELLED', 'FAILED', 'UNDONE') or ledger_versions = '{}')
)
"""

IMPORT_COMMENTS = {
    "unit_path": "unit that handed the files in; whoever sees this row sees the rows it brought",
    "round": "how often files of it were sent to be read; a round is committed to the ledger at most once",
    "ledger_versions": "versions of the ledger whose rows count, one for each round that was read",
    "rows_read": "how far the reading is, for the eye; the counts below are set when it ends",
    "rows": "taken + duplicates + rejected + blank",
    "beat_at": "last sign of life of whoever reads; an import that falls silent is given up",
    "error_zh": "why it failed, as the officer reads it",
}

FILES = """
create table ledger_import_files (
  id uuid primary key,
  import_id uuid not null references ledger_imports (id),
  unit_path text collate "C" not null,
  place integer not null,
  upload_hash text not null check (upload_hash ~ '^[0-9a-f]{64}$'),
  parent_id uuid references ledger_import_files (id),
  path text not null,
  state text not null default 'WAITING'
    check (state in ('WAITING', 'READ', 'REFUSED', 'EXPANDED', 'SKIPPED')),
  container text not null default '',
  layout text,
  encoding text,
  rows bigint not null default 0,
  taken bigint not null default 0,
  duplicates bigint not null default 0,
  rejected bigint not null default 0,
  blank bigint not null default 0,
  reason text,
  notes jsonb not null default '[]',
  ledger_version bigint,
  file_no integer,
  passwords bytea,
  constraint uq_ledger_import_files_import_id_path_place unique (import_id, path, place),
  constraint file_rows_reconcile check (rows = taken + duplicates + rejected + blank),
  constraint refused_with_a_reason check (state <> 'REFUSED' or reason is not null)
)
"""

FILE_COMMENTS = {
    "place": "which of the files that were dropped, from 0; members of an archive have the archive''s",
    "parent_id": "archive it was found in",
    "path": "path inside the dropped folder, then inside the archive; for display only",
    "state": "EXPANDED: an archive whose members are rows of their own; SKIPPED: an empty or system file",
    "reason": "reason code of a file that was refused as a whole",
    "ledger_version": "version of the ledger that this file was last read into",
    "file_no": "its number among that version''s files",
    "passwords": "passwords of an archive, sealed JSON; dropped as soon as it was read",
}

LAYOUTS = """
create table statement_layouts (
  id uuid primary key,
  unit_path text collate "C" not null,
  title text not null,
  fingerprint text not null check (fingerprint ~ '^[0-9a-f]{64}$'),
  mapping jsonb not null,
  maker_id uuid not null,
  maker_name text not null,
  created_at timestamptz not null,
  active boolean not null default true,
  retired_at timestamptz,
  version integer not null default 1,
  constraint retired_when_not_active check (active = (retired_at is null))
)
"""

LAYOUT_COMMENTS = {
    "unit_path": "unit that made it; it is asked for imports of that unit and the units below",
    "fingerprint": "SHA-256 of the headings, written one way and sorted",
    "mapping": "the layout as data: which headings carry which meaning",
}

GUARD = """
create function ledger_imports_guard() returns trigger language plpgsql as $$
declare
  kept constant text[] := '{id,unit_path,maker_id,maker_name,unit_name,created_at}';
begin
  if tg_op = 'INSERT' then
    if new.state <> 'RECEIVED' or new.maker_id is distinct from rongdun_actor() then
      raise exception 'an import begins as received from whoever hands it in'
        using errcode = 'integrity_constraint_violation';
    end if;
    return new;
  end if;
  if exists (select 1 from unnest(kept) as f where to_jsonb(old) -> f is distinct from to_jsonb(new) -> f) then
    raise exception 'import %: who handed it in, when and for which unit cannot be altered', old.id
      using errcode = 'integrity_constraint_violation';
  end if;
  if old.state <> new.state and (old.state, new.state) not in (
    ('RECEIVED', 'READING'), ('RECEIVED', 'FAILED'), ('RECEIVED', 'CANCELLED'),
    ('READING', 'IMPORTED'), ('READING', 'IMPORTED_WITH_REJECTS'), ('READING', 'FAILED'), ('READING', 'CANCELLED'),
    ('IMPORTED_WITH_REJECTS', 'REREADING'), ('REREADING', 'IMPORTED'), ('REREADING', 'IMPORTED_WITH_REJECTS'),
    ('FAILED', 'RECEIVED'),
    ('IMPORTED', 'UNDOING'), ('IMPORTED_WITH_REJECTS', 'UNDOING'),
    ('UNDOING', 'UNDONE'), ('UNDOING', 'IMPORTED'), ('UNDOING', 'IMPORTED_WITH_REJECTS')
  ) then
    raise exception 'import % cannot go from % to %', old.id, old.state, new.state
      using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end
$$
"""


def upgrade() -> None:
    """Create imports, their files, and the units' own layouts."""
    _create(
        IMPORTS, "ledger_imports", "imports of statements into the ledger, kept for good", IMPORT_COMMENTS
    )
    op.execute("create index ix_ledger_imports_unit_path on ledger_imports (unit_path, created_at)")
    op.execute(
        "create index ix_ledger_imports_state on ledger_imports (beat_at)"
        " where state in ('RECEIVED', 'READING', 'REREADING', 'UNDOING')"
    )
    op.execute(GUARD)
    op.execute(
        "create trigger guard before insert or update on ledger_imports"
        " for each row execute function ledger_imports_guard()"
    )
    _create(FILES, "ledger_import_files", "files of an import and what became of each", FILE_COMMENTS)
    op.execute("create index ix_ledger_import_files_version on ledger_import_files (ledger_version, file_no)")
    _create(LAYOUTS, "statement_layouts", "layouts of statements that units have mapped", LAYOUT_COMMENTS)
    op.execute("create index ix_statement_layouts_unit_path on statement_layouts (unit_path)")


def _create(statement: str, table: str, comment: str, columns: Mapping[str, str]) -> None:
    op.execute(statement)
    op.execute(f"comment on table {table} is '{comment}'")
    for column, text in columns.items():
        op.execute(f"comment on column {table}.{column} is '{text}'")
    enable_rls(op, table)
    grant(op, table, "select, insert, update")


def downgrade() -> None:
    """Drop imports and layouts."""
    for table in ("statement_layouts", "ledger_import_files", "ledger_imports"):
        op.execute(f"drop table {table}")
    op.execute("drop function ledger_imports_guard()")
