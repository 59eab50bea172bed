"""A change of therapist after the first session is proposed, and takes three agreements."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing of it was recorded until now."""
    op.create_table(
        "therapist_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=60), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("booked", sa.String(length=60), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("closed_words", sa.LargeBinary(), nullable=True),
        sa.Column("lapse", sa.String(length=60), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'lapsed') = (lapse IS NOT NULL)", name=op.f("ck_therapist_changes_lapsed_why")
        ),
        sa.CheckConstraint(
            "(state = 'open') = (closed_at IS NULL)",
            name=op.f("ck_therapist_changes_closed_when_not_open"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_therapist_changes_by_id")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_therapist_changes_case_id")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["staff.id"], name=op.f("fk_therapist_changes_closed_by")
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_therapist_changes_course_id")
        ),
        sa.ForeignKeyConstraint(
            ["from_id"], ["staff.id"], name=op.f("fk_therapist_changes_from_id")
        ),
        sa.ForeignKeyConstraint(["to_id"], ["staff.id"], name=op.f("fk_therapist_changes_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_therapist_changes")),
        sa.UniqueConstraint("ref", name=op.f("uq_therapist_changes_ref")),
    )
    with op.batch_alter_table("therapist_changes", schema=None) as batch_op:
        batch_op.create_index("ix_therapist_changes_case_id", ["case_id"], unique=False)
        batch_op.create_index("ix_therapist_changes_course_id", ["course_id", "id"], unique=False)
        batch_op.create_index(
            "uq_therapist_changes_one_open",
            ["course_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "therapist_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("party", sa.String(length=60), nullable=False),
        sa.Column("answer", sa.String(length=60), nullable=False),
        sa.Column("how", sa.String(length=60), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("absence", sa.String(length=60), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("both_roles", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(answer = 'not_there') = (absence IS NOT NULL)",
            name=op.f("ck_therapist_answers_not_there_why"),
        ),
        sa.CheckConstraint(
            "(answer = 'not_there') = (how = 'on_record') "
            "AND (answer <> 'not_there' OR party = 'therapist')",
            name=op.f("ck_therapist_answers_only_a_therapist_is_not_there"),
        ),
        sa.CheckConstraint(
            "(party = 'him') = (how IN ('in_person', 'telephone', 'letter'))",
            name=op.f("ck_therapist_answers_asked_how"),
        ),
        sa.CheckConstraint(
            "party = 'lead' OR NOT both_roles",
            name=op.f("ck_therapist_answers_the_lead_in_both_roles"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_therapist_answers_by_id")),
        sa.ForeignKeyConstraint(
            ["change_id"], ["therapist_changes.id"], name=op.f("fk_therapist_answers_change_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_therapist_answers")),
        sa.UniqueConstraint(
            "change_id", "party", name=op.f("uq_therapist_answers_change_id_party")
        ),
    )
    op.create_index(
        "uq_therapist_answers_one_role_each",
        "therapist_answers",
        ["change_id", "by_id"],
        unique=True,
        sqlite_where=sa.text("how = 'signed_in' AND NOT both_roles"),
        postgresql_where=sa.text("how = 'signed_in' AND NOT both_roles"),
    )


def downgrade() -> None:
    """Forget it."""
    op.drop_table("therapist_answers")
    op.drop_table("therapist_changes")
