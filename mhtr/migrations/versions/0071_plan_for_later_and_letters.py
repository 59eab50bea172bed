"""His plan for later, letters about his treatment, and who had a copy of which version."""

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """None was kept here until now."""
    op.create_table(
        "later_plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("stance", sa.String(length=60), nullable=False),
        sa.Column("dissent", sa.LargeBinary(), nullable=True),
        sa.Column("way", sa.String(length=60), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(stance = 'dissents') = (dissent IS NOT NULL)",
            name=op.f("ck_later_plans_dissent_in_words"),
        ),
        sa.CheckConstraint(
            "(stance = 'not_asked') = (way IS NULL)", name=op.f("ck_later_plans_how_he_said_it")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_later_plans_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_later_plans_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_later_plans")),
        sa.UniqueConstraint("case_id", "number", name=op.f("uq_later_plans_case_id_number")),
        sa.UniqueConstraint("ref", name=op.f("uq_later_plans_ref")),
    )
    op.create_table(
        "case_letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("drafted_by", sa.Integer(), nullable=False),
        sa.Column("parts", sa.LargeBinary(), nullable=False),
        sa.Column("with_plan", sa.Boolean(), nullable=False),
        sa.Column("named", sa.LargeBinary(), nullable=True),
        sa.Column("why_again", sa.LargeBinary(), nullable=True),
        sa.Column("first_hash", sa.String(length=64), nullable=True),
        sa.Column("first_by", sa.Integer(), nullable=True),
        sa.Column("first_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(first_hash IS NULL) = (first_by IS NULL)"
            " AND (first_hash IS NULL) = (first_on IS NULL)",
            name=op.f("ck_case_letters_first_signed_by_whom"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_letters_case_id")),
        sa.ForeignKeyConstraint(
            ["drafted_by"], ["staff.id"], name=op.f("fk_case_letters_drafted_by")
        ),
        sa.ForeignKeyConstraint(["first_by"], ["staff.id"], name=op.f("fk_case_letters_first_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_letters")),
        sa.UniqueConstraint("ref", name=op.f("uq_case_letters_ref")),
    )
    op.create_index("ix_case_letters_case_id", "case_letters", ["case_id", "id"])
    op.create_index(
        "uq_case_letters_one_draft",
        "case_letters",
        ["case_id", "kind"],
        unique=True,
        sqlite_where=sa.text("drafted_at IS NOT NULL"),
        postgresql_where=sa.text("drafted_at IS NOT NULL"),
    )
    op.create_table(
        "letter_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("pdf_hash", sa.String(length=64), nullable=False),
        sa.Column("signed_by", sa.Integer(), nullable=False),
        sa.Column("countersigned_by", sa.Integer(), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["countersigned_by"], ["staff.id"], name=op.f("fk_letter_versions_countersigned_by")
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["case_letters.id"], name=op.f("fk_letter_versions_letter_id")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by"], ["staff.id"], name=op.f("fk_letter_versions_signed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_versions")),
        sa.UniqueConstraint(
            "letter_id", "number", name=op.f("uq_letter_versions_letter_id_number")
        ),
        sa.UniqueConstraint("ref", name=op.f("uq_letter_versions_ref")),
    )
    op.create_table(
        "letter_copies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("whom", sa.String(length=60), nullable=False),
        sa.Column("sent", sa.String(length=60), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("gp_name", sa.String(length=160), nullable=False),
        sa.Column("consent_id", sa.Integer(), nullable=True),
        sa.Column("exception_why", sa.LargeBinary(), nullable=True),
        sa.Column("approver_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by", sa.Integer(), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "whom = 'him' OR (consent_id IS NULL) = (exception_why IS NOT NULL)",
            name=op.f("ck_letter_copies_gp_by_consent_or_exception"),
        ),
        sa.CheckConstraint(
            "(exception_why IS NULL) = (approver_id IS NULL)",
            name=op.f("ck_letter_copies_exception_has_reason_and_approver"),
        ),
        sa.CheckConstraint(
            "(taken_back_at IS NULL) = (taken_back_by IS NULL)",
            name=op.f("ck_letter_copies_taken_back_by_whom"),
        ),
        sa.CheckConstraint(
            "approver_id IS NULL OR approver_id <> by_id",
            name=op.f("ck_letter_copies_approved_by_another"),
        ),
        sa.ForeignKeyConstraint(
            ["approver_id"], ["staff.id"], name=op.f("fk_letter_copies_approver_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_letter_copies_by_id")),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["consent_events.id"], name=op.f("fk_letter_copies_consent_id")
        ),
        sa.ForeignKeyConstraint(
            ["taken_back_by"], ["staff.id"], name=op.f("fk_letter_copies_taken_back_by")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["letter_versions.id"], name=op.f("fk_letter_copies_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_copies")),
        sa.UniqueConstraint("ref", name=op.f("uq_letter_copies_ref")),
    )
    op.create_index("ix_letter_copies_version_id", "letter_copies", ["version_id", "id"])


def downgrade() -> None:
    """Forget them."""
    op.drop_table("letter_copies")
    op.drop_table("letter_versions")
    op.drop_table("case_letters")
    op.drop_table("later_plans")
