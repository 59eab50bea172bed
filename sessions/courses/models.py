"""Tables of pathways, the templates a trust keeps, and of each man's own course."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from mhtr.core.crypto import EncryptedJson, EncryptedText
from mhtr.core.database import HasCreated, HasRef, Id, Model
from sessions.courses.kinds import CourseChangeKind, CourseEnd, Priority, ReviewPoint
from sessions.therapies import Therapy


class Pathway(HasRef, HasCreated, Model):
    """A template of sessions kept by a trust's clinical leads. Retired, never deleted."""

    __tablename__ = "pathways"
    __table_args__ = (
        UniqueConstraint("organisation_id", "name"),
        CheckConstraint(
            "(draft IS NULL) = (draft_by IS NULL) AND (draft IS NULL) = (draft_at IS NULL)",
            name="drafted_by_whom",
        ),
    )

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str] = mapped_column(String(120))
    about: Mapped[str] = mapped_column(String(500), default="")
    """Whom it is for, in a sentence or two."""
    revision: Mapped[int] = mapped_column(default=0)
    """Which set of its sessions counts; earlier ones are kept. 0: none is in use yet."""
    draft: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    """The sessions of the next revision while a lead works on them, first to last."""
    draft_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    draft_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class PathwayRevision(HasCreated, Model):
    """Who put which set of sessions into use, and why. Never changed."""

    __tablename__ = "pathway_revisions"
    __table_args__ = (UniqueConstraint("pathway_id", "revision"),)

    id: Mapped[Id]
    pathway_id: Mapped[int] = mapped_column(ForeignKey("pathways.id"))
    revision: Mapped[int]
    why: Mapped[str] = mapped_column(String(300))
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class PathwaySession(Model):
    """One session of one revision of a pathway. Never changed.

    A sequence of therapies is one pathway whose sessions follow each other.
    """

    __tablename__ = "pathway_sessions"
    __table_args__ = (
        UniqueConstraint("pathway_id", "revision", "position"),
        CheckConstraint("minutes BETWEEN 15 AND 240", name="minutes_of_a_session"),
        CheckConstraint(
            "0 < least_gap AND least_gap <= ideal_gap AND ideal_gap <= most_gap",
            name="gaps_in_order",
        ),
    )

    id: Mapped[Id]
    pathway_id: Mapped[int] = mapped_column(ForeignKey("pathways.id"))
    revision: Mapped[int]
    position: Mapped[int]
    """From 1."""
    name: Mapped[str] = mapped_column(String(120))
    purpose: Mapped[str] = mapped_column(String(300), default="")
    """What it is for, in words he can read."""
    therapy: Mapped[Therapy]
    in_group: Mapped[bool] = mapped_column(default=False)
    minutes: Mapped[int]
    least_gap: Mapped[int]
    """Days since the session before, at least; likewise the ideal and the most."""
    ideal_gap: Mapped[int]
    most_gap: Mapped[int]
    review: Mapped[ReviewPoint] = mapped_column(default=ReviewPoint.NONE)
    required: Mapped[bool] = mapped_column(default=True)
    """Part of the requirement; otherwise voluntary, and he is told so."""


class Course(HasRef, HasCreated, Model):
    """One man's course of treatment, made from a pathway and then his own.

    A case has one course that is open; an earlier one stays in its history.
    """

    __tablename__ = "courses"
    __table_args__ = (
        Index("ix_courses_case_id", "case_id", "ended_at"),
        Index("ix_courses_therapist_id", "therapist_id", "ended_at"),
        Index(
            "uq_courses_one_open",
            "case_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        CheckConstraint("(ended_at IS NULL) = (ended_how IS NULL)", name="ended_how_it_did"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    """The trust that treats him."""
    pathway_id: Mapped[int] = mapped_column(ForeignKey("pathways.id"))
    pathway_revision: Mapped[int]
    therapist_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Who sees him. Never the practitioner named in the order as such: see `mhtr.orders`."""
    priority: Mapped[Priority] = mapped_column(default=Priority.ROUTINE)
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    ended_at: Mapped[datetime | None]
    ended_how: Mapped[CourseEnd | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Empty while it is open, and where the program ended it."""
    version: Mapped[int] = mapped_column(default=1)


class CourseSession(HasRef, HasCreated, Model):
    """One session of his course: planned, not yet a time. Skipped ones are kept."""

    __tablename__ = "course_sessions"
    __table_args__ = (
        Index("ix_course_sessions_course_id", "course_id", "position"),
        CheckConstraint("minutes BETWEEN 15 AND 240", name="minutes_of_a_session"),
        CheckConstraint(
            "0 < least_gap AND least_gap <= ideal_gap AND ideal_gap <= most_gap",
            name="gaps_in_order",
        ),
        CheckConstraint("(skipped_at IS NULL) = (skipped_by IS NULL)", name="skipped_by_whom"),
        CheckConstraint("NOT replaced OR skipped_at IS NOT NULL", name="replaced_is_skipped"),
    )

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    position: Mapped[int]
    """Its place among all sessions of the course, from 1; skipped ones have theirs too."""
    name: Mapped[str] = mapped_column(String(120))
    purpose: Mapped[str] = mapped_column(String(300), default="")
    therapy: Mapped[Therapy]
    in_group: Mapped[bool] = mapped_column(default=False)
    minutes: Mapped[int]
    least_gap: Mapped[int]
    ideal_gap: Mapped[int]
    most_gap: Mapped[int]
    review: Mapped[ReviewPoint] = mapped_column(default=ReviewPoint.NONE)
    required: Mapped[bool] = mapped_column(default=True)
    repeats_id: Mapped[int | None] = mapped_column(ForeignKey("course_sessions.id"))
    """The session it catches up on."""
    skipped_at: Mapped[datetime | None]
    skipped_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    replaced: Mapped[bool] = mapped_column(default=False)
    """Skipped because the pathway changed: it is not brought back."""


class CourseChange(HasCreated, Model):
    """One change of a course, who made it and why. Never changed."""

    __tablename__ = "course_changes"
    __table_args__ = (Index("ix_course_changes_course_id", "course_id", "id"),)

    id: Mapped[Id]
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    course_session_id: Mapped[int | None] = mapped_column(ForeignKey("course_sessions.id"))
    kind: Mapped[CourseChangeKind]
    reason: Mapped[str | None] = mapped_column(EncryptedText("course_changes.reason"))
    before: Mapped[Any | None] = mapped_column(EncryptedJson("course_changes.before"))
    """What the fields that changed said before, by field name."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Empty where the program followed what else was recorded of him."""
