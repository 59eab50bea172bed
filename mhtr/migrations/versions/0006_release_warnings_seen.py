"""Prompts somebody looked at before a release are kept with it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "release_warnings_seen",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["staff.id"], name=op.f("fk_release_warnings_seen_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["release_id"], ["report_releases.id"], name=op.f("fk_release_warnings_seen_release_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_warnings_seen")),
    )
    with op.batch_alter_table("release_warnings_seen", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_release_warnings_seen_release_id"), ["release_id"], unique=False
        )


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("release_warnings_seen", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_release_warnings_seen_release_id"))

    op.drop_table("release_warnings_seen")
