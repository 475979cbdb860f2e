"""Vault: data keys, each wrapped by a master key that is not in the database."""

from alembic import op

from rongdun.migrations.helpers import grant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

DATA_KEYS = """
create table data_keys (
  id integer primary key check (id > 0),
  purpose text not null check (purpose in ('seal', 'index')),
  algorithm text not null check (algorithm in ('sm4-gcm', 'aes-gcm', 'sm3', 'sha256')),
  wrapped bytea not null,
  wrapped_by text not null,
  state text not null check (state in ('active', 'retired')),
  created_at timestamptz not null,
  retired_at timestamptz,
  check ((state = 'retired') = (retired_at is not null))
)
"""

COMMENTS = {
    "table data_keys": "keys that seal columns, wrapped by the master key outside the database",
    "column data_keys.id": "stands in every blob sealed under this key; never reused",
    "column data_keys.purpose": "seal: encrypts values; index: blind look-up values are derived from it",
    "column data_keys.wrapped": "the secret sealed by the master key; useless without it",
    "column data_keys.wrapped_by": "fingerprint of the master key",
    "column data_keys.state": "one key of each purpose is active; retired ones still open old values",
}


def upgrade() -> None:
    """Create the key table."""
    op.execute(DATA_KEYS)
    op.execute("create unique index uq_data_keys_active on data_keys (purpose) where state = 'active'")
    for what, words in COMMENTS.items():
        op.execute(f"comment on {what} is '{words}'")
    grant(op, "data_keys", "select, insert, update")


def downgrade() -> None:
    """Drop the key table; sealed values can no longer be opened."""
    op.execute("drop table data_keys")
