"""Tables of three-way reviews. But for the day on which one is due, nothing of them is changed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mhtr.compliance.contact_rules import Way
from mhtr.core.crypto import EncryptedJson, EncryptedText
from mhtr.core.database import HasCreated, HasRef, Id, Model
from mhtr.reviews.rules import DueWhy, MeetingState, Party, Signs, Topic, WhyNot
from sessions.courses.kinds import ReviewPoint
from sessions.therapies import SessionMode


class Review(HasRef, HasCreated, Model):
    """A review of one course, at its middle or its end."""

    __tablename__ = "reviews"
    __table_args__ = (
        UniqueConstraint("course_id", "point"),
        Index("ix_reviews_case_id", "case_id", "id"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    point: Mapped[ReviewPoint]
    due_on: Mapped[date]
    """Worked out from the course and the requirement, and kept for lists; follows both."""
    due_why: Mapped[DueWhy]


class ReviewMeeting(HasCreated, Model):
    """When a review is held, that it was, or that it was not. Never changed; the last counts."""

    __tablename__ = "review_meetings"
    __table_args__ = (
        UniqueConstraint("review_id", "number"),
        CheckConstraint("(state = 'not_held') = (why_not IS NOT NULL)", name="not_held_why"),
        CheckConstraint(
            "(state = 'held') = (he_came IS NOT NULL)"
            " AND (he_came IS NULL) = (officer_came IS NULL)",
            name="held_with_whom",
        ),
    )

    id: Mapped[Id]
    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id"))
    number: Mapped[int]
    """Of the review, from one."""
    state: Mapped[MeetingState]
    starts_at: Mapped[datetime]
    mode: Mapped[SessionMode]
    place: Mapped[str | None] = mapped_column(EncryptedText("review_meetings.place"))
    """Where, or at which number: read by everybody who comes."""
    clinician_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    """Who holds it, and signs for the service."""
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Who supervised him when it was recorded, where that officer signs in here."""
    told_way: Mapped[Way | None]
    """How he was told of it, where that was done when it was arranged."""
    he_came: Mapped[bool | None]
    officer_came: Mapped[bool | None]
    why_not: Mapped[WhyNot | None]
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class ReviewItem(HasRef, HasCreated, Model):
    """A point that somebody brings. Never changed: another takes its place, or takes it away."""

    __tablename__ = "review_items"
    __table_args__ = (
        Index("ix_review_items_review_id", "review_id", "id"),
        UniqueConstraint("replaces_id"),
        CheckConstraint(
            "words IS NOT NULL OR officer_words IS NOT NULL OR replaces_id IS NOT NULL",
            name="says_something_or_takes_away",
        ),
    )

    id: Mapped[Id]
    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id"))
    topic: Mapped[Topic]
    side: Mapped[Party]
    """Whose point it is."""
    words: Mapped[str | None] = mapped_column(EncryptedText("review_items.words"))
    """Of him or his therapist. Probation reads it only where both chose so."""
    officer_words: Mapped[str | None] = mapped_column(EncryptedText("review_items.officer_words"))
    """Of probation: read by all three."""
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("review_items.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class ReviewChoice(HasCreated, Model):
    """Whether he, or his therapist, wants probation to read a point. Never changed; the last
    of each counts. It is of these words: other words ask again."""

    __tablename__ = "review_choices"
    __table_args__ = (
        Index("ix_review_choices_item_id", "item_id", "id"),
        CheckConstraint("party <> 'officer'", name="of_the_two"),
        CheckConstraint("(party = 'him') = (way IS NOT NULL)", name="how_he_said_it"),
    )

    id: Mapped[Id]
    item_id: Mapped[int] = mapped_column(ForeignKey("review_items.id"))
    party: Mapped[Party]
    shares: Mapped[bool]
    way: Mapped[Way | None]
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    """Who recorded it."""


class ReviewSheet(HasCreated, Model):
    """A sheet as somebody was asked to sign it. Never changed; the highest is the newest."""

    __tablename__ = "review_sheets"
    __table_args__ = (UniqueConstraint("review_id", "number"),)

    id: Mapped[Id]
    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(EncryptedJson("review_sheets.content"))
    content_hash: Mapped[str] = mapped_column(String(64))


class ReviewSignature(HasCreated, Model):
    """What one of the three said of one sheet. Never changed; the last of each counts."""

    __tablename__ = "review_signatures"
    __table_args__ = (Index("ix_review_signatures_sheet_id", "sheet_id", "id"),)

    id: Mapped[Id]
    sheet_id: Mapped[int] = mapped_column(ForeignKey("review_sheets.id"))
    party: Mapped[Party]
    signs: Mapped[Signs]
    way: Mapped[Way | None]
    """How it was said, where somebody else records it."""
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
