"""Orders to banks: stops, queries, freezes, and what was answered."""

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Leave everything as it is; the tables come with their desk."""


def downgrade() -> None:
    """Leave everything as it is; the tables come with their desk."""
