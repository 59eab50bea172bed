"""Whether a flag was taken up in supervision; open contacts by index."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and the index."""
    with op.batch_alter_table("measure_flags", schema=None) as batch_op:
        batch_op.add_column(sa.Column("in_supervision", sa.Boolean(), nullable=True))
    with op.batch_alter_table("measure_contacts", schema=None) as batch_op:
        batch_op.create_index(
            "ix_measure_contacts_closed_at_held_on", ["closed_at", "held_on", "id"], unique=False
        )


def _responded() -> sa.CheckConstraint:
    """SQLite builds the table anew and would lose its check, which cannot be read back."""
    return sa.CheckConstraint(
        "(response IS NULL) = (responded_at IS NULL) "
        "AND (responded_at IS NULL) = (responded_by IS NULL)",
        name=op.f("ck_measure_flags_response_has_who_and_when"),
    )


def downgrade() -> None:
    """Drop both."""
    with op.batch_alter_table("measure_contacts", schema=None) as batch_op:
        batch_op.drop_index("ix_measure_contacts_closed_at_held_on")
    with op.batch_alter_table("measure_flags", table_args=(_responded(),)) as batch_op:
        batch_op.drop_column("in_supervision")
