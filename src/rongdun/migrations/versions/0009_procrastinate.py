"""Procrastinate's own tables, from the schema of the installed (exactly pinned) package.

A later release of the package needs a migration of ours that runs the package's own ``sql/migrations``
past 3.10; ``tests/runtime/jobs`` fails when the pin moves without one.
"""

from importlib import resources

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = {
    "procrastinate_jobs": "background jobs, enqueued in the transaction that wants them",
    "procrastinate_events": "each change of a background job",
    "procrastinate_periodic_defers": "which scheduled runs have been enqueued",
    "procrastinate_workers": "heartbeats of the processes that run background jobs",
}


def upgrade() -> None:
    """Install the job queue and let the application use it."""
    schema = resources.files("procrastinate.sql").joinpath("schema.sql").read_text("utf-8")
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.execute(schema)
    for table, comment in TABLES.items():
        op.execute(f"comment on table {table} is '{comment}'")
        op.execute(f"grant select, insert, update, delete on {table} to rongdun_app")
    op.execute("grant usage on all sequences in schema public to rongdun_app")


def downgrade() -> None:
    """Drop the job queue: its tables, then what they stood on."""
    for table in reversed(TABLES):
        op.execute(f"drop table {table} cascade")
    op.execute(
        """
        do $$
        declare thing record;
        begin
          for thing in select oid::regprocedure as name from pg_proc where proname like 'procrastinate%'
          loop execute 'drop function ' || thing.name || ' cascade'; end loop;
        end $$
        """
    )
    for kind in ("procrastinate_job_to_defer_v1", "procrastinate_job_event_type", "procrastinate_job_status"):
        op.execute(f"drop type {kind} cascade")
