"""Tables of what there is to schedule with: places, clinicians' hours, when and where he can come.

Times of day are London wall time: a weekly 10:00 stays 10:00 when the clocks change.
"""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mhtr.core.crypto import EncryptedText
from mhtr.core.database import HasCreated, HasRef, Id, Model
from sessions.availability.adjust_kinds import AdjustReason, Adjusts, AgreedBy
from sessions.availability.kinds import CannotReason, HoursUse, SiteKind
from sessions.therapies import Gender, Therapy


class Site(HasRef, HasCreated, Model):
    """A place where sessions are held for one treating trust."""

    __tablename__ = "sites"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[SiteKind]
    address: Mapped[str] = mapped_column(String(400))
    postcode: Mapped[str] = mapped_column(String(10), default="")
    directions: Mapped[str] = mapped_column(String(500), default="")
    """How to get there and where to report, as he is told."""
    step_free: Mapped[bool] = mapped_column(default=False)
    closed_on: Mapped[date | None]
    """The first day on which nothing is held there any more."""
    version: Mapped[int] = mapped_column(default=1)


class SiteHours(HasRef, Model):
    """When a place is open, by weekday (0 Monday), from a day until another (included)."""

    __tablename__ = "site_hours"
    __table_args__ = (
        Index("ix_site_hours_site_id", "site_id", "weekday"),
        CheckConstraint("opens < closes", name="opens_before_closes"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="is_a_weekday"),
    )

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    weekday: Mapped[int]
    opens: Mapped[time]
    closes: Mapped[time]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class Room(HasRef, HasCreated, Model):
    """A room in which one session is held at a time."""

    __tablename__ = "rooms"
    __table_args__ = (
        UniqueConstraint("site_id", "name"),
        CheckConstraint("capacity BETWEEN 1 AND 60", name="holds_somebody"),
    )

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    name: Mapped[str] = mapped_column(String(60))
    capacity: Mapped[int]
    """How many people may be in it, the clinician counted."""
    step_free: Mapped[bool] = mapped_column(default=False)
    closed_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)


class PlaceClosure(HasRef, HasCreated, Model):
    """Days on which a place, or one room of it, cannot be used (first and last included)."""

    __tablename__ = "place_closures"
    __table_args__ = (
        Index("ix_place_closures_site_id", "site_id", "last_day"),
        CheckConstraint("first_day <= last_day", name="first_before_last"),
    )

    id: Mapped[Id]
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("rooms.id"))
    """Empty: the whole place."""
    first_day: Mapped[date]
    last_day: Mapped[date]
    label: Mapped[str] = mapped_column(String(120))
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class Clinician(HasCreated, Model):
    """How one clinician can be booked. Without a row nobody is booked with him."""

    __tablename__ = "clinicians"
    __table_args__ = (
        CheckConstraint("daily_most BETWEEN 1 AND 12", name="sees_somebody"),
        CheckConstraint("buffer_minutes BETWEEN 0 AND 60", name="buffer_of_minutes"),
    )

    id: Mapped[Id]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), unique=True)
    gender: Mapped[Gender] = mapped_column(default=Gender.NOT_SAID)
    daily_most: Mapped[int] = mapped_column(default=5)
    """Sessions a day at most; a group counts as one."""
    buffer_minutes: Mapped[int] = mapped_column(default=10)
    """Kept free after each session."""
    telephone: Mapped[bool] = mapped_column(default=True)
    video: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)


class Qualification(Model):
    """What a clinician may deliver."""

    __tablename__ = "qualifications"
    __table_args__ = (UniqueConstraint("staff_id", "therapy"),)

    id: Mapped[Id]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    therapy: Mapped[Therapy]
    groups: Mapped[bool] = mapped_column(default=False)
    """May lead a group of it too."""


class WeeklyHours(HasRef, HasCreated, Model):
    """A stretch of a clinician's week, from a day until another (included).

    Supervision and other uses take their time out of the hours for sessions they overlap.
    """

    __tablename__ = "weekly_hours"
    __table_args__ = (
        Index("ix_weekly_hours_staff_id", "staff_id", "weekday"),
        CheckConstraint("starts < ends", name="starts_before_it_ends"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="is_a_weekday"),
        CheckConstraint("every IN (1, 2, 4)", name="every_few_weeks"),
        CheckConstraint("use <> 'away'", name="away_is_dated"),
    )

    id: Mapped[Id]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    weekday: Mapped[int]
    starts: Mapped[time]
    ends: Mapped[time]
    use: Mapped[HoursUse] = mapped_column(default=HoursUse.SESSIONS)
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites.id"))
    """Where he works then; empty: elsewhere, so by telephone or video only."""
    every: Mapped[int] = mapped_column(default=1)
    """Every so many weeks, counted from the week of `valid_from`."""
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class DatedHours(HasRef, HasCreated, Model):
    """A one-off change on one day: hours beside the weekly ones, or time taken out of them."""

    __tablename__ = "dated_hours"
    __table_args__ = (
        Index("ix_dated_hours_staff_id", "staff_id", "day"),
        CheckConstraint("starts < ends", name="starts_before_it_ends"),
    )

    id: Mapped[Id]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    day: Mapped[date]
    starts: Mapped[time]
    ends: Mapped[time]
    use: Mapped[HoursUse]
    site_id: Mapped[int | None] = mapped_column(ForeignKey("sites.id"))


class TimeHeCannot(HasRef, HasCreated, Model):
    """A time at which he cannot come: weekly, or on dated days. Ended, never deleted."""

    __tablename__ = "times_he_cannot"
    __table_args__ = (
        Index("ix_times_he_cannot_case_id", "case_id", "ended_at"),
        CheckConstraint("starts < ends", name="starts_before_it_ends"),
        CheckConstraint("weekday IS NULL OR weekday BETWEEN 0 AND 6", name="is_a_weekday"),
        CheckConstraint("last_day IS NULL OR first_day <= last_day", name="first_before_last"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_by_whom"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    weekday: Mapped[int | None]
    """0 Monday; empty: every day from `first_day` to `last_day`."""
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    """Empty: until further notice."""
    starts: Mapped[time]
    ends: Mapped[time]
    reason: Mapped[CannotReason]
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class PlaceBarred(HasRef, HasCreated, Model):
    """A place he may not go to. Administrators see the fact, not the reason."""

    __tablename__ = "places_barred"
    __table_args__ = (
        Index("ix_places_barred_case_id", "case_id", "ended_at"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_by_whom"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    reason: Mapped[str | None] = mapped_column(EncryptedText("places_barred.reason"))
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class AgreedAdjustment(HasRef, HasCreated, Model):
    """An adjustment that was agreed with him: what it changed in the tables above, and who agreed.

    It holds no need itself. Ended, never deleted; why, by category alone.
    """

    __tablename__ = "agreed_adjustments"
    __table_args__ = (
        Index("ix_agreed_adjustments_case_id", "case_id", "ended_at"),
        CheckConstraint("last_day IS NULL OR first_day <= last_day", name="first_before_last"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_by_whom"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[Adjusts]
    why: Mapped[AdjustReason]
    agreed_by: Mapped[AgreedBy]
    first_day: Mapped[date]
    last_day: Mapped[date | None]
    what: Mapped[str] = mapped_column(String(300))
    """In words that the program made."""
    made: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Which rows it made (`times`, `bar`), or how he was and is seen (`before`, `after`)."""
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class HowHeCanCome(HasCreated, Model):
    """What he needs of a session, for one case: how he is seen, and by whom."""

    __tablename__ = "how_he_can_come"
    __table_args__ = (CheckConstraint("in_person OR telephone OR video", name="seen_somehow"),)

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), unique=True)
    in_person: Mapped[bool] = mapped_column(default=True)
    telephone: Mapped[bool] = mapped_column(default=False)
    video: Mapped[bool] = mapped_column(default=False)
    therapist_gender: Mapped[Gender] = mapped_column(default=Gender.NOT_SAID)
    """Whom he asks for; not said: either."""
    step_free: Mapped[bool] = mapped_column(default=False)
    travel: Mapped[str] = mapped_column(String(300), default="")
    """What to know of his way there, e.g. the fare or a bus that takes long."""
    version: Mapped[int] = mapped_column(default=1)
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
