"""Attendance as fact, attempts to reach him, and clinical notes."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; nothing was kept of it before."""
    op.create_table(
        "attendance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("session_number", sa.Integer(), nullable=True),
        sa.Column("happened", sa.String(length=60), nullable=False),
        sa.Column("minutes_late", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("reason_detail", sa.LargeBinary(), nullable=True),
        sa.Column("described", sa.LargeBinary(), nullable=True),
        sa.Column("concern", sa.LargeBinary(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("why_changed", sa.LargeBinary(), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(happened = 'seen_late') = (minutes_late IS NOT NULL)",
            name=op.f("ck_attendance_how_late"),
        ),
        sa.CheckConstraint(
            "number = 1 OR why_changed IS NOT NULL",
            name=op.f("ck_attendance_put_right_for_a_reason"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_attendance_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_attendance_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        sa.UniqueConstraint("ref", name=op.f("uq_attendance_ref")),
        sa.UniqueConstraint("subject", "number", name=op.f("uq_attendance_subject_number")),
    )
    op.create_index("ix_attendance_case_id", "attendance", ["case_id", "on", "id"])

    op.create_table(
        "contact_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("way", sa.String(length=60), nullable=False),
        sa.Column("reached", sa.String(length=60), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_contact_attempts_by_id")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_contact_attempts_case_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_attempts")),
        sa.UniqueConstraint("ref", name=op.f("uq_contact_attempts_ref")),
    )
    op.create_index("ix_contact_attempts_case_id", "contact_attempts", ["case_id", "at"])
    op.create_index("ix_contact_attempts_subject", "contact_attempts", ["subject", "at"])

    op.create_table(
        "session_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("therapy", sa.String(length=60), nullable=False),
        sa.Column("parts", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("needs_sign_off", sa.Boolean(), nullable=False),
        sa.Column("signed_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_off_by", sa.Integer(), nullable=True),
        sa.Column("returned_words", sa.LargeBinary(), nullable=True),
        sa.Column("returned_by", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(signed_off_at IS NULL) = (signed_off_by IS NULL)",
            name=op.f("ck_session_notes_signed_off_by_whom"),
        ),
        sa.CheckConstraint(
            "signed_off_by IS NULL OR signed_off_by <> author_id",
            name=op.f("ck_session_notes_not_ones_own"),
        ),
        sa.CheckConstraint(
            "(returned_words IS NULL) = (returned_by IS NULL)",
            name=op.f("ck_session_notes_returned_by_whom"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["staff.id"], name=op.f("fk_session_notes_author_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_session_notes_case_id")),
        sa.ForeignKeyConstraint(
            ["place_id"], ["session_places.id"], name=op.f("fk_session_notes_place_id")
        ),
        sa.ForeignKeyConstraint(
            ["signed_off_by"], ["staff.id"], name=op.f("fk_session_notes_signed_off_by")
        ),
        sa.ForeignKeyConstraint(
            ["returned_by"], ["staff.id"], name=op.f("fk_session_notes_returned_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_notes")),
        sa.UniqueConstraint("place_id", name=op.f("uq_session_notes_place_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_session_notes_ref")),
    )
    op.create_index("ix_session_notes_case_id", "session_notes", ["case_id", "id"])
    op.create_index(
        "ix_session_notes_finished_at", "session_notes", ["finished_at", "signed_off_at", "id"]
    )

    op.create_table(
        "session_note_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("parts", sa.LargeBinary(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["staff.id"], name=op.f("fk_session_note_versions_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["note_id"], ["session_notes.id"], name=op.f("fk_session_note_versions_note_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_note_versions")),
    )
    op.create_index(op.f("ix_session_note_versions_note_id"), "session_note_versions", ["note_id"])

    op.create_table(
        "session_note_addenda",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["staff.id"], name=op.f("fk_session_note_addenda_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["note_id"], ["session_notes.id"], name=op.f("fk_session_note_addenda_note_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_note_addenda")),
    )
    op.create_index(op.f("ix_session_note_addenda_note_id"), "session_note_addenda", ["note_id"])


def downgrade() -> None:
    """Forget it."""
    op.drop_table("session_note_addenda")
    op.drop_table("session_note_versions")
    op.drop_table("session_notes")
    op.drop_table("contact_attempts")
    op.drop_table("attendance")
