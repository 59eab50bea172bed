"""The case: one referral of one man, its milestone facts, and its hearings."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mhtr.cases.facts import CaseState, FactKind, ReportProgress, StageOfCase
from mhtr.core.crypto import EncryptedJson, EncryptedText
from mhtr.core.database import HasCreated, HasRef, Id, Model
from mhtr.people.models import Person


class Case(HasRef, HasCreated, Model):
    """A referral and all that comes of it.

    The columns below `person_id` repeat what the facts say, so that lists can sort and filter
    by index; `cases.service.refresh` recomputes them whenever a fact is added, and a test
    compares the two.
    """

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_state_report_due_on", "state", "report_due_on", "id"),
        Index("ix_cases_hearing_on", "hearing_on", "id"),
        Index("ix_cases_state_opened_at", "state", "opened_at", "id"),
        Index("ix_cases_state_state_since", "state", "state_since", "id"),
        Index("ix_cases_assessor_id_state", "assessor_id", "state"),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    state: Mapped[CaseState]
    state_since: Mapped[date]
    progress: Mapped[ReportProgress] = mapped_column(default=ReportProgress.NOT_STARTED)
    paused: Mapped[bool] = mapped_column(default=False)
    restricted: Mapped[bool] = mapped_column(default=False)
    """Only staff granted access by name may see it."""
    urgent: Mapped[bool] = mapped_column(default=False)
    stage: Mapped[StageOfCase | None]
    opened_at: Mapped[datetime]
    assessor_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    court_code: Mapped[str] = mapped_column(String(12), default="")
    hearing_on: Mapped[date | None]
    report_due_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class CaseFact(Model):
    """One milestone fact. Never changed or removed; put right by a later `corrected` fact."""

    __tablename__ = "case_facts"
    __table_args__ = (Index("ix_case_facts_case_id_id", "case_id", "id"),)

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[FactKind]
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Codes, ids and dates only; wording lives in the feature's own tables."""


class ConsentAsked(Model):
    """On which case he decided about an item of consent. Rows are only ever added.

    Decisions of before this was kept have none.
    """

    __tablename__ = "case_consents"

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(ForeignKey("consent_events.id"), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)


class HearingChange(StrEnum):
    """How a hearing date came about."""

    SET = "set"
    ADJOURNED = "adjourned"
    ADVANCED = "advanced"
    TRANSFERRED = "transferred"


class Hearing(HasRef, HasCreated, Model):
    """A court date. A later one supersedes it; nothing is overwritten."""

    __tablename__ = "hearings"
    __table_args__ = (Index("ix_hearings_case_id_id", "case_id", "id"),)

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    change: Mapped[HearingChange]
    court_code: Mapped[str] = mapped_column(String(12))
    on: Mapped[date | None]
    """None where the court has not fixed a date."""
    purpose: Mapped[str] = mapped_column(String(40), default="")
    """plea, sentence, other."""
    psr_kind: Mapped[str] = mapped_column(String(10), default="")
    """Pre-sentence report the court has asked for: oral, short, standard; empty: not known."""
    reason: Mapped[str] = mapped_column(String(200), default="")
    """A code: why it was moved."""
    filing_said: Mapped[str] = mapped_column(String(10), default="")
    """What was said of the filing of the pre-sentence report: day, not_known; empty: nothing."""
    psr_filed_on: Mapped[date | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    superseded_at: Mapped[datetime | None]
    superseded_by_id: Mapped[int | None] = mapped_column(ForeignKey("hearings.id"))


class Restriction(HasCreated, Model):
    """A time during which only staff named one by one may see a case, and why."""

    __tablename__ = "case_restrictions"
    __table_args__ = (
        Index("ix_case_restrictions_case_id_lifted_at", "case_id", "lifted_at"),
        CheckConstraint("(lifted_at IS NULL) = (lifted_by IS NULL)", name="lifted_who_and_when"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    reason: Mapped[str] = mapped_column(EncryptedText("case_restrictions.reason"))
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    lifted_reason: Mapped[str | None] = mapped_column(
        EncryptedText("case_restrictions.lifted_reason")
    )


class PersonLink(HasRef, HasCreated, Model):
    """Records of two trusts found to be of one man, by one person of each. Both records stay."""

    __tablename__ = "person_links"
    __table_args__ = (
        CheckConstraint(
            "undone_at IS NOT NULL OR proposed_by <> confirmed_by",
            name="two_people_while_it_stands",
        ),
        CheckConstraint("(undone_at IS NULL) = (undone_by IS NULL)", name="undone_who_and_when"),
    )

    id: Mapped[Id]
    one_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    two_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    proposed_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    confirmed_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    taken: Mapped[dict[str, Any]] = mapped_column(EncryptedJson("person_links.taken"))
    """By record and field: what it said before and what it was set to, so that it can go back."""
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    merge_id: Mapped[int | None] = mapped_column(ForeignKey("merges.id"), index=True)
    """What made the two records one: it takes the place of the link, until it is undone."""


class IdentityAnswer(HasRef, HasCreated, Model):
    """Somebody said that two records are of two men: who, when and why, and its taking back."""

    __tablename__ = "identity_answers"
    __table_args__ = (
        CheckConstraint(
            "(taken_back_at IS NULL) = (taken_back_by IS NULL)", name="taken_back_who_and_when"
        ),
    )

    id: Mapped[Id]
    question_id: Mapped[int] = mapped_column(ForeignKey("identity_questions.id"), index=True)
    reason: Mapped[str | None] = mapped_column(EncryptedText("identity_answers.reason"))
    for_both: Mapped[bool] = mapped_column(default=False)
    """Written for the other trust to read too; otherwise only for who may see both records."""
    by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    taken_back_at: Mapped[datetime | None]
    taken_back_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    taken_back_reason: Mapped[str | None] = mapped_column(
        EncryptedText("identity_answers.taken_back_reason")
    )


class ProposalOutcome(StrEnum):
    """What became of what one side proposed."""

    CONFIRMED = "confirmed"
    TURNED_DOWN = "turned_down"
    TAKEN_BACK = "taken_back"
    LAPSED = "lapsed"
    """The question was settled in another way."""


class IdentityProposal(HasCreated, Model):
    """Somebody of one trust says that two records are one man, or are not after all.

    Nothing changes until somebody who holds the other record has confirmed it.
    """

    __tablename__ = "identity_proposals"
    __table_args__ = (
        CheckConstraint("(question_id IS NULL) <> (link_id IS NULL)", name="about_one_thing"),
        CheckConstraint("(settled_at IS NULL) = (outcome IS NULL)", name="settled_how_and_when"),
        CheckConstraint(
            "outcome <> 'confirmed' OR settled_by IS NOT NULL AND settled_by <> proposed_by",
            name="confirmed_by_a_second_person",
        ),
    )

    id: Mapped[Id]
    question_id: Mapped[int | None] = mapped_column(ForeignKey("identity_questions.id"), index=True)
    """They are one man."""
    link_id: Mapped[int | None] = mapped_column(ForeignKey("person_links.id"), index=True)
    """They are two men after all."""
    side_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    """The record of whoever proposed it."""
    name_of_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    """Whose name and birth date he would have hold; None leaves it to the rule."""
    reason: Mapped[str] = mapped_column(EncryptedText("identity_proposals.reason"))
    proposed_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    outcome: Mapped[ProposalOutcome | None]
