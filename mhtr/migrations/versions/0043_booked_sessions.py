"""Booked sessions, places in them, and the times they take."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; nothing was kept of it before."""
    op.create_table(
        "treatment_sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("clinician_id", sa.Integer(), nullable=False),
        sa.Column("therapy", sa.String(length=60), nullable=True),
        sa.Column("mode", sa.String(length=60), nullable=False),
        sa.Column("site_id", sa.Integer(), nullable=True),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("in_group", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("series", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("supersedes_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("side", sa.String(length=60), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(mode = 'in_person') = (site_id IS NOT NULL)",
            name=op.f("ck_treatment_sessions_in_person_is_a_place"),
        ),
        sa.CheckConstraint(
            "(state = 'booked') = (closed_at IS NULL)",
            name=op.f("ck_treatment_sessions_closed_when_not_booked"),
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (side IS NULL) AND (closed_at IS NOT NULL OR closed_by IS NULL)",
            name=op.f("ck_treatment_sessions_closed_by_whom_for_whom"),
        ),
        sa.CheckConstraint(
            "capacity BETWEEN 1 AND 40", name=op.f("ck_treatment_sessions_somebody_comes")
        ),
        sa.CheckConstraint(
            "in_group OR capacity = 1", name=op.f("ck_treatment_sessions_alone_unless_a_group")
        ),
        sa.CheckConstraint(
            "room_id IS NULL OR site_id IS NOT NULL",
            name=op.f("ck_treatment_sessions_a_room_is_at_a_place"),
        ),
        sa.CheckConstraint(
            "starts_at < ends_at", name=op.f("ck_treatment_sessions_starts_before_it_ends")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_treatment_sessions_by_id")),
        sa.ForeignKeyConstraint(
            ["clinician_id"], ["staff.id"], name=op.f("fk_treatment_sessions_clinician_id")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["staff.id"], name=op.f("fk_treatment_sessions_closed_by")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_treatment_sessions_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["rooms.id"], name=op.f("fk_treatment_sessions_room_id")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_treatment_sessions_site_id")
        ),
        sa.ForeignKeyConstraint(
            ["supersedes_id"],
            ["treatment_sessions.id"],
            name=op.f("fk_treatment_sessions_supersedes_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_treatment_sessions")),
        sa.UniqueConstraint("ref", name=op.f("uq_treatment_sessions_ref")),
    )
    op.create_index(
        "ix_treatment_sessions_clinician_id",
        "treatment_sessions",
        ["clinician_id", "starts_at", "id"],
    )
    op.create_index(
        "ix_treatment_sessions_organisation_id",
        "treatment_sessions",
        ["organisation_id", "starts_at", "id"],
    )
    op.create_index(
        "ix_treatment_sessions_room_id", "treatment_sessions", ["room_id", "starts_at", "id"]
    )
    op.create_index("ix_treatment_sessions_series", "treatment_sessions", ["series"])
    op.create_index(
        "ix_treatment_sessions_site_id", "treatment_sessions", ["site_id", "starts_at", "id"]
    )
    op.create_index("ix_treatment_sessions_uid", "treatment_sessions", ["uid", "sequence"])

    op.create_table(
        "session_places",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("course_session_id", sa.Integer(), nullable=True),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=60), nullable=False),
        sa.Column("supersedes_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("side", sa.String(length=60), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'booked') = (closed_at IS NULL)",
            name=op.f("ck_session_places_closed_when_not_booked"),
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (side IS NULL) AND (closed_at IS NOT NULL OR closed_by IS NULL)",
            name=op.f("ck_session_places_closed_by_whom_for_whom"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_session_places_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_session_places_case_id")),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["staff.id"], name=op.f("fk_session_places_closed_by")
        ),
        sa.ForeignKeyConstraint(
            ["course_session_id"],
            ["course_sessions.id"],
            name=op.f("fk_session_places_course_session_id"),
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["treatment_sessions.id"], name=op.f("fk_session_places_session_id")
        ),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["session_places.id"], name=op.f("fk_session_places_supersedes_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_places")),
        sa.UniqueConstraint("ref", name=op.f("uq_session_places_ref")),
    )
    op.create_index("ix_session_places_case_id", "session_places", ["case_id", "state"])
    op.create_index("ix_session_places_session_id", "session_places", ["session_id"])
    op.create_index(
        "uq_session_places_one_booked",
        "session_places",
        ["course_session_id"],
        unique=True,
        sqlite_where=sa.text("state = 'booked'"),
        postgresql_where=sa.text("state = 'booked'"),
    )

    op.create_table(
        "taken_times",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lane", sa.BigInteger(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "starts_at < ends_at", name=op.f("ck_taken_times_starts_before_it_ends")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["treatment_sessions.id"], name=op.f("fk_taken_times_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taken_times")),
    )
    op.create_index("ix_taken_times_lane", "taken_times", ["lane", "starts_at", "ends_at"])
    op.create_index("ix_taken_times_session_id", "taken_times", ["session_id"])

    op.create_table(
        "calendar_feeds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Integer(), nullable=True),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by IS NULL)",
            name=op.f("ck_calendar_feeds_revoked_by_whom"),
        ),
        sa.CheckConstraint(
            "(staff_id IS NULL) <> (case_id IS NULL)", name=op.f("ck_calendar_feeds_of_one")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_calendar_feeds_case_id")),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_calendar_feeds_made_by")),
        sa.ForeignKeyConstraint(
            ["revoked_by"], ["staff.id"], name=op.f("fk_calendar_feeds_revoked_by")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_calendar_feeds_staff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("ref", name=op.f("uq_calendar_feeds_ref")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feeds_token_hash")),
    )
    op.create_index(op.f("ix_calendar_feeds_case_id"), "calendar_feeds", ["case_id"])
    op.create_index(op.f("ix_calendar_feeds_staff_id"), "calendar_feeds", ["staff_id"])


def downgrade() -> None:
    """Forget it."""
    op.drop_table("calendar_feeds")
    op.drop_table("taken_times")
    op.drop_table("session_places")
    op.drop_table("treatment_sessions")
