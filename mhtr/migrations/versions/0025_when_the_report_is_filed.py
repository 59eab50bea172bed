"""What was said with a court date about the filing of the pre-sentence report."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add both columns; with earlier hearings nobody was asked."""
    with op.batch_alter_table("hearings") as table:
        table.add_column(sa.Column("filing_said", sa.String(10), nullable=False, server_default=""))
        table.add_column(sa.Column("psr_filed_on", sa.Date(), nullable=True))
    with op.batch_alter_table("hearings") as table:
        table.alter_column("filing_said", server_default=None, existing_type=sa.String(10))


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("hearings") as table:
        table.drop_column("psr_filed_on")
        table.drop_column("filing_said")
