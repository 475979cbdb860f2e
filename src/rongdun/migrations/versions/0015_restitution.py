"""Objections of account holders, and returns to victims."""

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Leave everything as it is; the tables come with their desk."""


def downgrade() -> None:
    """Leave everything as it is; the tables come with their desk."""
