"""Why another requirement is recorded although it exceeds a legal limit."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Until now none was recorded that did."""
    with op.batch_alter_table("order_requirements") as batch:
        batch.add_column(
            sa.Column("override_reason", sa.String(length=500), nullable=False, server_default="")
        )
    with op.batch_alter_table("order_requirements") as batch:
        batch.alter_column("override_reason", server_default=None)


def downgrade() -> None:
    """Forget the reasons."""
    with op.batch_alter_table("order_requirements") as batch:
        batch.drop_column("override_reason")
