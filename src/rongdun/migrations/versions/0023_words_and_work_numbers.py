"""Why a book is missing and why a message was turned away, in English as well; work numbers of officers.

Bank messages (100101 and others) name operator and investigator with document number and phone: those of the service,
never the private ones beside them. Rows of before have no English words, and users no work numbers.
"""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

COLUMNS = (
    ("exchange_days", "last_error_en", "text not null default ''", "last_error in English"),
    ("exchange_institutions", "last_refusal_en", "text not null default ''", "last_refusal in English"),
    ("users", "police_number", "bytea", "sealed under users.police_number:{id}"),
    ("users", "police_number_blind", "bytea", "look-up value of the normalised number"),
    ("users", "work_phone", "bytea", "sealed under users.work_phone:{id}"),
    ("users", "work_phone_blind", "bytea", "look-up value of the normalised number"),
)


def upgrade() -> None:
    """Add the columns, each with what it means."""
    for table, column, kind, meaning in COLUMNS:
        op.execute(f"alter table {table} add column {column} {kind}")
        op.execute(f"comment on column {table}.{column} is '{meaning}'")


def downgrade() -> None:
    """Drop the columns."""
    for table, column, _, _ in reversed(COLUMNS):
        op.execute(f"alter table {table} drop column {column}")
