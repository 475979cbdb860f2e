"""Alembic's environment: always online, on the connection that :mod:`rongdun.runtime.schema` hands in."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
