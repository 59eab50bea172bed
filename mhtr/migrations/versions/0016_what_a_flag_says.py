"""What a flag says is kept with it: no list reads scores for it, a response stands beside it."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; the job that works flags out fills it for those that stand."""
    with op.batch_alter_table("measure_flags") as table:
        table.add_column(sa.Column("said", sa.LargeBinary(), nullable=True))


def _responded() -> sa.CheckConstraint:
    """SQLite builds the table anew and would lose its check, which cannot be read back."""
    return sa.CheckConstraint(
        "(response IS NULL) = (responded_at IS NULL) "
        "AND (responded_at IS NULL) = (responded_by IS NULL)",
        name=op.f("ck_measure_flags_response_has_who_and_when"),
    )


def downgrade() -> None:
    """Drop it; the words are made from the scores again."""
    with op.batch_alter_table("measure_flags", table_args=(_responded(),)) as table:
        table.drop_column("said")
