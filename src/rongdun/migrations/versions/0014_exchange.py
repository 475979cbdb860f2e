"""Institutions the centre exchanges messages with, and what came in from them."""

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Leave everything as it is; the tables come with their desk."""


def downgrade() -> None:
    """Leave everything as it is; the tables come with their desk."""
