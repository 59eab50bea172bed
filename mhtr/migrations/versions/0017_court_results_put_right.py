"""Why what was recorded of a court's result before is wrong."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what was recorded again before has no reason."""
    op.add_column("court_outcomes", sa.Column("correction", sa.String(length=20), nullable=True))


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("court_outcomes") as table:
        table.drop_column("correction")
