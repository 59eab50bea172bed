"""Tables of booked sessions. A time that is taken is a row that no other may overlap."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from mhtr.core.crypto import EncryptedText
from mhtr.core.database import HasCreated, HasRef, Id, Model
from sessions.therapies import SessionMode, Side, Therapy


class BookingState(StrEnum):
    """What became of a booking."""

    BOOKED = "booked"
    MOVED = "moved"
    """Superseded by another, which names it."""
    CANCELLED = "cancelled"


class TreatmentSession(HasRef, HasCreated, Model):
    """One meeting at one time: a clinician, perhaps a room, and one man or a group.

    A move makes a new row that supersedes this one; `uid` stays, `sequence` rises, as calendars
    want it (RFC 5545).
    """

    __tablename__ = "treatment_sessions"
    __table_args__ = (
        Index("ix_treatment_sessions_clinician_id", "clinician_id", "starts_at", "id"),
        Index("ix_treatment_sessions_site_id", "site_id", "starts_at", "id"),
        Index("ix_treatment_sessions_room_id", "room_id", "starts_at", "id"),
        Index("ix_treatment_sessions_uid", "uid", "sequence"),
        Index("ix_treatment_sessions_series", "series"),
        Index("ix_treatment_sessions_organisation_id", "organisation_id", "starts_at", "id"),
        CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
        CheckConstraint("capacity BETWEEN 1 AND 40", name="somebody_comes"),
        CheckConstraint("in_group OR capacity = 1", name="alone_unless_a_group"),
        CheckConstraint(
            "(mode = 'in_person') = (site_id IS NOT NULL)", name="in_person_is_a_place"
        ),
        CheckConstraint("room_id IS NULL OR site_id IS NOT NULL", name="a_room_is_at_a_place"),
        CheckConstraint("(state = 'booked') = (closed_at IS NULL)", name="closed_when_not_booked"),
        CheckConstraint(
            "(closed_at IS NULL) = (side IS NULL) AND (closed_at IS NOT NULL OR closed_by IS NULL)",
            name="closed_by_whom_for_whom",
        ),
    )

    id: Mapped[Id]
    uid: Mapped[uuid.UUID] = mapped_column(default=uuid.uuid4)
    sequence: Mapped[int] = mapped_column(default=0)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    clinician_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    therapy: Mapped[Therapy | None]
    """None: a meeting outside any therapy."""
    mode: Mapped[SessionMode]
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites.id"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("rooms.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    in_group: Mapped[bool] = mapped_column(default=False)
    title: Mapped[str] = mapped_column(String(120), default="")
    """Of a group, for staff. Empty for one man's session."""
    capacity: Mapped[int] = mapped_column(default=1)
    """How many men can come."""
    series: Mapped[uuid.UUID | None]
    """Shared by sessions that were booked in one step, so that they change in one step."""
    state: Mapped[BookingState] = mapped_column(default=BookingState.BOOKED)
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("treatment_sessions.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """None: the program, because of what was recorded of him."""
    side: Mapped[Side | None]
    """Who asked for the move or the cancellation."""
    reason: Mapped[str | None] = mapped_column(EncryptedText("treatment_sessions.reason"))
    version: Mapped[int] = mapped_column(default=1)


class SessionPlace(HasRef, HasCreated, Model):
    """One man's place in a session: what he is told of, and what attendance is recorded for."""

    __tablename__ = "session_places"
    __table_args__ = (
        Index("ix_session_places_session_id", "session_id"),
        Index("ix_session_places_case_id", "case_id", "state"),
        Index(
            "uq_session_places_one_booked",
            "course_session_id",
            unique=True,
            sqlite_where=text("state = 'booked'"),
            postgresql_where=text("state = 'booked'"),
        ),
        CheckConstraint("(state = 'booked') = (closed_at IS NULL)", name="closed_when_not_booked"),
        CheckConstraint(
            "(closed_at IS NULL) = (side IS NULL) AND (closed_at IS NOT NULL OR closed_by IS NULL)",
            name="closed_by_whom_for_whom",
        ),
    )

    id: Mapped[Id]
    uid: Mapped[uuid.UUID] = mapped_column(default=uuid.uuid4)
    sequence: Mapped[int] = mapped_column(default=0)
    session_id: Mapped[int] = mapped_column(ForeignKey("treatment_sessions.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    course_session_id: Mapped[int | None] = mapped_column(ForeignKey("course_sessions.id"))
    """What of his course it is for; empty for one outside it, such as a review meeting."""
    required: Mapped[bool] = mapped_column(default=True)
    state: Mapped[BookingState] = mapped_column(default=BookingState.BOOKED)
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("session_places.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    side: Mapped[Side | None]
    reason: Mapped[str | None] = mapped_column(EncryptedText("session_places.reason"))


class TakenTime(Model):
    """A stretch of time of one clinician, room or man that is taken.

    No two rows of a lane overlap: an exclusion constraint (PostgreSQL) or a trigger (SQLite)
    refuses them (`core.guards`). A row is deleted when its session is moved or cancelled; what
    was booked stays on record in the tables above.
    """

    __tablename__ = "taken_times"
    __table_args__ = (
        Index("ix_taken_times_lane", "lane", "starts_at", "ends_at"),
        Index("ix_taken_times_session_id", "session_id"),
        CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
    )

    id: Mapped[Id]
    lane: Mapped[int] = mapped_column(BigInteger)
    """Whose time it is: see `sessions.booking.lanes`."""
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    """With the time kept free after it. At most a day after the start."""
    session_id: Mapped[int] = mapped_column(ForeignKey("treatment_sessions.id"))


class CalendarFeed(HasRef, HasCreated, Model):
    """A secret address from which a calendar program reads the sessions of one clinician or man.

    Only a hash of the secret is kept. Revoked, never deleted.
    """

    __tablename__ = "calendar_feeds"
    __table_args__ = (
        CheckConstraint("(staff_id IS NULL) <> (case_id IS NULL)", name="of_one"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="revoked_by_whom"),
    )

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
