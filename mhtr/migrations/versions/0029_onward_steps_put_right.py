"""Steps of an onward referral: which appointment, what was put right, and some that nobody took."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the two columns; of earlier steps nobody recorded them."""
    with op.batch_alter_table("onward_events") as table:
        table.add_column(sa.Column("was", sa.String(length=60), nullable=True))
        table.add_column(sa.Column("appointment_at", sa.DateTime(timezone=True), nullable=True))
        table.alter_column("by_id", existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    """Drop them. A step that nobody took becomes that of whoever referred him on."""
    op.execute(
        "UPDATE onward_events SET by_id = (SELECT made_by FROM onward_referrals"
        " WHERE onward_referrals.id = onward_events.onward_id) WHERE by_id IS NULL"
    )
    # What was ended with his death was not wanted any more: the former words have no nearer one.
    for name in ("onward_referrals", "onward_events"):
        op.execute(f"UPDATE {name} SET state = 'he_declined' WHERE state = 'he_died'")  # noqa: S608
    with op.batch_alter_table("onward_events") as table:
        table.alter_column("by_id", existing_type=sa.Integer(), nullable=False)
        table.drop_column("appointment_at")
        table.drop_column("was")
