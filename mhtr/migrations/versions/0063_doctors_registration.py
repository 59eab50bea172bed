"""A doctor's registration beside a psychologist's: the law lets either direct treatment."""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has one yet."""
    with op.batch_alter_table("staff") as table:
        table.add_column(sa.Column("gmc_number", sa.String(length=7), nullable=True))
        table.add_column(sa.Column("gmc_checked_on", sa.Date(), nullable=True))
        table.create_check_constraint(
            op.f("ck_staff_gmc_number_and_check"),
            "(gmc_number IS NULL) = (gmc_checked_on IS NULL)",
        )
        table.create_check_constraint(
            op.f("ck_staff_one_registration"), "hcpc_number IS NULL OR gmc_number IS NULL"
        )


def downgrade() -> None:
    """Numbers of doctors are forgotten."""
    with op.batch_alter_table("staff") as table:
        table.drop_constraint(op.f("ck_staff_one_registration"), type_="check")
        table.drop_constraint(op.f("ck_staff_gmc_number_and_check"), type_="check")
        table.drop_column("gmc_checked_on")
        table.drop_column("gmc_number")
