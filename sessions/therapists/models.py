"""Tables of proposed changes of a therapist, and of what each of those asked said."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from mhtr.core.crypto import EncryptedText
from mhtr.core.database import HasCreated, HasRef, Id, Model
from sessions.therapists.kinds import Absence, Answer, Booked, How, Lapse, Party, State, Why


class TherapistChange(HasRef, HasCreated, Model):
    """A change of a man's therapist as somebody proposed it, and what became of it."""

    __tablename__ = "therapist_changes"
    __table_args__ = (
        Index("ix_therapist_changes_course_id", "course_id", "id"),
        Index("ix_therapist_changes_case_id", "case_id"),
        Index(
            "uq_therapist_changes_one_open",
            "course_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed_when_not_open"),
        CheckConstraint("(state = 'lapsed') = (lapse IS NOT NULL)", name="lapsed_why"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    from_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    why: Mapped[Why]
    """For clinicians, as its words are."""
    words: Mapped[str] = mapped_column(EncryptedText("therapist_changes.words"))
    starts_on: Mapped[date]
    """From this day on, sessions booked with the therapist before are moved or listed."""
    booked: Mapped[Booked]
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    state: Mapped[State] = mapped_column(default=State.OPEN)
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """None: the program, because of what was recorded of him."""
    closed_words: Mapped[str | None] = mapped_column(
        EncryptedText("therapist_changes.closed_words")
    )
    """Why it was withdrawn. For clinicians."""
    lapse: Mapped[Lapse | None]


class TherapistAnswer(HasCreated, Model):
    """What one of those asked said to a proposal. Never changed."""

    __tablename__ = "therapist_answers"
    __table_args__ = (
        UniqueConstraint("change_id", "party"),
        Index(
            "uq_therapist_answers_one_role_each",
            "change_id",
            "by_id",
            unique=True,
            sqlite_where=text("how = 'signed_in' AND NOT both_roles"),
            postgresql_where=text("how = 'signed_in' AND NOT both_roles"),
        ),
        CheckConstraint(
            "(party = 'him') = (how IN ('in_person', 'telephone', 'letter'))", name="asked_how"
        ),
        CheckConstraint("(answer = 'not_there') = (absence IS NOT NULL)", name="not_there_why"),
        CheckConstraint(
            "(answer = 'not_there') = (how = 'on_record') "
            "AND (answer <> 'not_there' OR party = 'therapist')",
            name="only_a_therapist_is_not_there",
        ),
        CheckConstraint("party = 'lead' OR NOT both_roles", name="the_lead_in_both_roles"),
    )

    id: Mapped[Id]
    change_id: Mapped[int] = mapped_column(ForeignKey("therapist_changes.id"))
    party: Mapped[Party]
    answer: Mapped[Answer]
    how: Mapped[How]
    answered_on: Mapped[date]
    """The day on which he was asked; of staff the day on which they answered."""
    absence: Mapped[Absence | None]
    words: Mapped[str | None] = mapped_column(EncryptedText("therapist_answers.words"))
    """What he said, or why somebody refuses. For clinicians."""
    both_roles: Mapped[bool] = mapped_column(default=False)
    """The therapist is the only registered lead of the trust, and answered as both."""
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    """Who answered; for him, the clinician who recorded what he said."""
