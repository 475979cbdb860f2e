"""What waits to be reviewed stands in an index in the order in which the review board shows it."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index; its conditions are those of ``stop_payment.store.drafts``."""
    op.execute(
        "create index ix_orders_to_review on orders (urgent desc, made_at, id)"
        " where over_at is null and (state = 'DRAFT' or sent_at is not null and reviewer_id is null)"
    )


def downgrade() -> None:
    """Drop it."""
    op.execute("drop index ix_orders_to_review")
