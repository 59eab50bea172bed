"""reports released are found by their assessment."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("report_releases", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_report_releases_assessment_id"), ["assessment_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("report_releases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_releases_assessment_id"))
