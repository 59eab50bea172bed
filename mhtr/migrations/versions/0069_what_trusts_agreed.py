"""What trusts agreed with probation about compliance reports: proposed by one side, signed by the
other.
"""

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is agreed: reports hold what the wall lets in."""
    op.create_table(
        "agreement_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("clause", sa.String(length=500), nullable=False),
        sa.Column("side", sa.String(length=60), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_agreement_changes_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_agreement_changes_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_changes")),
        sa.UniqueConstraint("ref", name=op.f("uq_agreement_changes_ref")),
        sa.UniqueConstraint("id", "by_id", "side", name="uq_agreement_changes_id_by_id_side"),
    )
    op.create_index(
        "ix_agreement_changes_organisation_id", "agreement_changes", ["organisation_id", "item"]
    )
    op.create_table(
        "agreement_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_side", sa.String(length=60), nullable=False),
        sa.Column("answer", sa.String(length=60), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("side", sa.String(length=60), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(answer = 'taken_back') = (by_id = proposed_by_id)",
            name=op.f("ck_agreement_answers_by_a_second_person"),
        ),
        sa.CheckConstraint(
            "answer <> 'signed' OR side <> proposed_side",
            name=op.f("ck_agreement_answers_one_of_each_side"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_agreement_answers_by_id")),
        sa.ForeignKeyConstraint(
            ["change_id", "proposed_by_id", "proposed_side"],
            ["agreement_changes.id", "agreement_changes.by_id", "agreement_changes.side"],
            name="fk_agreement_answers_change_id",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_answers")),
        sa.UniqueConstraint("change_id", name=op.f("uq_agreement_answers_change_id")),
    )


def downgrade() -> None:
    """Forget them: reports hold what the wall lets in."""
    op.drop_table("agreement_answers")
    op.drop_table("agreement_changes")
