"""Cases, and the reports they come from."""

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Leave everything as it is; the tables come with their desk."""


def downgrade() -> None:
    """Leave everything as it is; the tables come with their desk."""
