"""When "Is he safe now?" was answered: the referral keeps the moment."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of earlier referrals nobody recorded it."""
    with op.batch_alter_table("referrals") as table:
        table.add_column(sa.Column("safety_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("referrals") as table:
        table.drop_column("safety_at")
