"""Pathways, the templates of a trust, and each man's own course."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; nothing was kept of it before."""
    op.create_table(
        "pathways",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("about", sa.String(length=500), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("draft", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("draft_by", sa.Integer(), nullable=True),
        sa.Column("draft_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(draft IS NULL) = (draft_by IS NULL) AND (draft IS NULL) = (draft_at IS NULL)",
            name=op.f("ck_pathways_drafted_by_whom"),
        ),
        sa.ForeignKeyConstraint(["draft_by"], ["staff.id"], name=op.f("fk_pathways_draft_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_pathways_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pathways")),
        sa.UniqueConstraint(
            "organisation_id", "name", name=op.f("uq_pathways_organisation_id_name")
        ),
        sa.UniqueConstraint("ref", name=op.f("uq_pathways_ref")),
    )

    op.create_table(
        "pathway_revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pathway_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_pathway_revisions_by_id")),
        sa.ForeignKeyConstraint(
            ["pathway_id"], ["pathways.id"], name=op.f("fk_pathway_revisions_pathway_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pathway_revisions")),
        sa.UniqueConstraint(
            "pathway_id", "revision", name=op.f("uq_pathway_revisions_pathway_id_revision")
        ),
    )

    op.create_table(
        "pathway_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pathway_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("purpose", sa.String(length=300), nullable=False),
        sa.Column("therapy", sa.String(length=60), nullable=False),
        sa.Column("in_group", sa.Boolean(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("least_gap", sa.Integer(), nullable=False),
        sa.Column("ideal_gap", sa.Integer(), nullable=False),
        sa.Column("most_gap", sa.Integer(), nullable=False),
        sa.Column("review", sa.String(length=60), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "0 < least_gap AND least_gap <= ideal_gap AND ideal_gap <= most_gap",
            name=op.f("ck_pathway_sessions_gaps_in_order"),
        ),
        sa.CheckConstraint(
            "minutes BETWEEN 15 AND 240", name=op.f("ck_pathway_sessions_minutes_of_a_session")
        ),
        sa.ForeignKeyConstraint(
            ["pathway_id"], ["pathways.id"], name=op.f("fk_pathway_sessions_pathway_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pathway_sessions")),
        sa.UniqueConstraint(
            "pathway_id",
            "revision",
            "position",
            name=op.f("uq_pathway_sessions_pathway_id_revision_position"),
        ),
    )

    op.create_table(
        "courses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("pathway_id", sa.Integer(), nullable=False),
        sa.Column("pathway_revision", sa.Integer(), nullable=False),
        sa.Column("therapist_id", sa.Integer(), nullable=True),
        sa.Column("priority", sa.String(length=60), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_how", sa.String(length=60), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_how IS NULL)", name=op.f("ck_courses_ended_how_it_did")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_courses_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_courses_case_id")),
        sa.ForeignKeyConstraint(["ended_by"], ["staff.id"], name=op.f("fk_courses_ended_by")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_courses_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["pathway_id"], ["pathways.id"], name=op.f("fk_courses_pathway_id")
        ),
        sa.ForeignKeyConstraint(
            ["therapist_id"], ["staff.id"], name=op.f("fk_courses_therapist_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses")),
        sa.UniqueConstraint("ref", name=op.f("uq_courses_ref")),
    )
    op.create_index("ix_courses_case_id", "courses", ["case_id", "ended_at"])
    op.create_index("ix_courses_therapist_id", "courses", ["therapist_id", "ended_at"])
    op.create_index(
        "uq_courses_one_open",
        "courses",
        ["case_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )

    op.create_table(
        "course_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("purpose", sa.String(length=300), nullable=False),
        sa.Column("therapy", sa.String(length=60), nullable=False),
        sa.Column("in_group", sa.Boolean(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("least_gap", sa.Integer(), nullable=False),
        sa.Column("ideal_gap", sa.Integer(), nullable=False),
        sa.Column("most_gap", sa.Integer(), nullable=False),
        sa.Column("review", sa.String(length=60), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("repeats_id", sa.Integer(), nullable=True),
        sa.Column("skipped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("skipped_by", sa.Integer(), nullable=True),
        sa.Column("replaced", sa.Boolean(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(skipped_at IS NULL) = (skipped_by IS NULL)",
            name=op.f("ck_course_sessions_skipped_by_whom"),
        ),
        sa.CheckConstraint(
            "NOT replaced OR skipped_at IS NOT NULL",
            name=op.f("ck_course_sessions_replaced_is_skipped"),
        ),
        sa.CheckConstraint(
            "0 < least_gap AND least_gap <= ideal_gap AND ideal_gap <= most_gap",
            name=op.f("ck_course_sessions_gaps_in_order"),
        ),
        sa.CheckConstraint(
            "minutes BETWEEN 15 AND 240", name=op.f("ck_course_sessions_minutes_of_a_session")
        ),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_course_sessions_course_id")
        ),
        sa.ForeignKeyConstraint(
            ["repeats_id"], ["course_sessions.id"], name=op.f("fk_course_sessions_repeats_id")
        ),
        sa.ForeignKeyConstraint(
            ["skipped_by"], ["staff.id"], name=op.f("fk_course_sessions_skipped_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_sessions")),
        sa.UniqueConstraint("ref", name=op.f("uq_course_sessions_ref")),
    )
    op.create_index("ix_course_sessions_course_id", "course_sessions", ["course_id", "position"])

    op.create_table(
        "course_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("course_session_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("before", sa.LargeBinary(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_course_changes_by_id")),
        sa.ForeignKeyConstraint(
            ["course_id"], ["courses.id"], name=op.f("fk_course_changes_course_id")
        ),
        sa.ForeignKeyConstraint(
            ["course_session_id"],
            ["course_sessions.id"],
            name=op.f("fk_course_changes_course_session_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_changes")),
    )
    op.create_index("ix_course_changes_course_id", "course_changes", ["course_id", "id"])


def downgrade() -> None:
    """Forget it."""
    op.drop_table("course_changes")
    op.drop_table("course_sessions")
    op.drop_table("courses")
    op.drop_table("pathway_sessions")
    op.drop_table("pathway_revisions")
    op.drop_table("pathways")
