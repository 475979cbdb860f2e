"""What every migration needs: row-level security and grants in one line each."""

from typing import Any, Protocol

APP = "rongdun_app"
READ = "rongdun_read"


class Statements(Protocol):
    """What runs a statement of a migration: Alembic's ``op``."""

    def execute(self, sqltext: str, /) -> Any:
        """Run ``sqltext``."""
        ...


def enable_rls(op: Statements, table: str, using: str = "rongdun_in_scope(unit_path)") -> None:
    """Show the rows of ``table`` only where the SQL condition ``using`` holds for the asking scope."""
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"create policy {table}_scope on {table} using ({using}) with check ({using})")


def grant(op: Statements, table: str, to_app: str, *, analytics: bool = False) -> None:
    """Grant ``to_app`` (e.g. ``"select, insert, update"``) to the application, and reading to analytics."""
    op.execute(f"grant {to_app} on {table} to {APP}")
    if analytics:
        op.execute(f"grant select on {table} to {READ}")
