"""Traces and statements of a case: the unit that handles it sees both, whoever's order brought them."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

BOTH = "rongdun_in_scope(unit_path) or rongdun_in_scope(case_path)"
OF_TRACE = "exists (select 1 from traces t where t.id = trace_id)"
OF_IMPORT = "exists (select 1 from ledger_imports i where i.id = import_id)"
CHILDREN = ("trace_results", "trace_accounts", "trace_marks", "trace_notes", "trace_transfers")
COLUMNS = {
    "case_path": "unit that handles the case it is for; null: for none",
    "report_id": "report it is for",
    "case_id": "case it is for",
}


def upgrade() -> None:
    """Add what they are for, and let the handling unit in."""
    for table in ("traces", "ledger_imports"):
        op.execute(f'alter table {table} add column case_path text collate "C"')
        op.execute(f"comment on column {table}.case_path is '{COLUMNS['case_path']}'")
    for column in ("report_id", "case_id"):
        op.execute(f"alter table traces add column {column} uuid")
        op.execute(f"comment on column traces.{column} is '{COLUMNS[column]}'")
    op.execute("create index ix_traces_case_id on traces (case_id) where case_id is not null")
    op.execute("create index ix_traces_report_id on traces (report_id) where report_id is not null")
    op.execute("create index ix_traces_case_path on traces (case_path) where case_path is not null")
    op.execute(
        "create index ix_ledger_imports_case_path on ledger_imports (case_path) where case_path is not null"
    )
    _see("traces", BOTH)
    _see("ledger_imports", BOTH)
    for table in CHILDREN:
        _see(table, OF_TRACE)
    _see("ledger_import_files", OF_IMPORT)


def downgrade() -> None:
    """Show each row to its own unit again."""
    for table in (*CHILDREN, "ledger_import_files", "ledger_imports", "traces"):
        _see(table, "rongdun_in_scope(unit_path)")
    for table in ("traces", "ledger_imports"):
        op.execute(f"alter table {table} drop column case_path")
    op.execute("alter table traces drop column report_id, drop column case_id")


def _see(table: str, using: str) -> None:
    op.execute(f"drop policy {table}_scope on {table}")
    op.execute(f"create policy {table}_scope on {table} using ({using}) with check ({using})")
