"""What every migration needs: row-level security and grants in one line each."""

from alembic.operations import Operations

APP = "rongdun_app"
READ = "rongdun_read"


def enable_rls(op: Operations, table: str, using: str = "rongdun_in_scope(unit_path)") -> None:
    """Show the rows of ``table`` only where the SQL condition ``using`` holds for the asking scope."""
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"create policy {table}_scope on {table} using ({using}) with check ({using})")


def grant(op: Operations, table: str, to_app: str, *, analytics: bool = False) -> None:
    """Grant ``to_app`` (e.g. ``"select, insert, update"``) to the application, and reading to analytics."""
    op.execute(f"grant {to_app} on {table} to {APP}")
    if analytics:
        op.execute(f"grant select on {table} to {READ}")
