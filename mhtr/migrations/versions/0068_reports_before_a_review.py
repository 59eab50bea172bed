"""A compliance report that is made before a three-way review is about one man too."""

from alembic import op

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """None was set up before a review until now."""
    with op.batch_alter_table("compliance_schedules") as table:
        table.drop_constraint(op.f("ck_compliance_schedules_court_day_of_one_man"), type_="check")
        table.create_check_constraint(
            op.f("ck_compliance_schedules_day_of_one_man"),
            "every NOT IN ('court', 'review') OR case_id IS NOT NULL",
        )


def downgrade() -> None:
    """Those before a review are made no more, and forgotten."""
    op.execute("DELETE FROM compliance_schedules WHERE every = 'review'")
    with op.batch_alter_table("compliance_schedules") as table:
        table.drop_constraint(op.f("ck_compliance_schedules_day_of_one_man"), type_="check")
        table.create_check_constraint(
            op.f("ck_compliance_schedules_court_day_of_one_man"),
            "every <> 'court' OR case_id IS NOT NULL",
        )
