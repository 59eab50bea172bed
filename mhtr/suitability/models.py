"""The PSR author's request, the assessment, countersignature, and every released report."""

import hashlib
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from mhtr.core.crypto import EncryptedJson, EncryptedText
from mhtr.core.database import HasCreated, HasRef, Id, Model


def _hash_of_pdf(context: DefaultExecutionContext) -> str:
    # SQLAlchemy leaves this method without types.
    pdf: bytes = context.get_current_parameters()["pdf"]  # type: ignore[no-untyped-call]
    return hashlib.sha256(pdf).hexdigest()


class ReportRequest(HasRef, HasCreated, Model):
    """A PSR author asks whether he is suitable. A later request supersedes it."""

    __tablename__ = "report_requests"
    __table_args__ = (
        Index("ix_report_requests_case_id_id", "case_id", "id"),
        Index("ix_report_requests_author_id_due_on", "author_id", "due_on", "id"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    """The PSR author; her court team can hand the request to another of its members."""
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    requested_at: Mapped[datetime]
    psr_type: Mapped[str] = mapped_column(String(20))
    """oral, short, standard."""
    psr_filed_on: Mapped[date | None]
    asked_for_on: Mapped[date | None]
    due_on: Mapped[date]
    due_reasons: Mapped[list[str]] = mapped_column(JSON)
    earliest_on: Mapped[date | None]
    """Set where the date cannot be met: what she was told at once."""
    date_answer: Mapped[str] = mapped_column(String(30), default="")
    """Her answer: `seeks_adjournment`, `keeps_date`, `withdraws`; empty while open."""
    date_answered_at: Mapped[datetime | None]
    details: Mapped[dict[str, Any]] = mapped_column(EncryptedJson("report_requests.details"))
    """Everything else she said: see `mhtr.suitability.asked`; and the policy values used."""
    version: Mapped[int] = mapped_column(default=1)


class DateAnswered(Model):
    """What she said about a date that cannot be met. Rows are only ever added.

    The request repeats the answer that counts; it is asked anew when the dates change.
    """

    __tablename__ = "date_answers"
    __table_args__ = (Index("ix_date_answers_request_id_id", "request_id", "id"),)

    id: Mapped[Id]
    request_id: Mapped[int] = mapped_column(ForeignKey("report_requests.id"))
    answer: Mapped[str] = mapped_column(String(30))
    """A `DateAnswer`."""
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    due_on: Mapped[date]
    earliest_on: Mapped[date | None]
    """The dates she answered about; no earliest where she withdrew what could be met."""
    adjourn_to: Mapped[date | None]
    """The day to which she asks the court to put the hearing off."""


class ReadyFrom(Model):
    """What the service says of when a report can be ready; the last row, whatever is asked anew."""

    __tablename__ = "ready_from"
    __table_args__ = (Index("ix_ready_from_case_id_id", "case_id", "id"),)

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    earliest_on: Mapped[date | None]  # None: in time after all
    reason: Mapped[str] = mapped_column(String(20))  # a `ready_from.Reason`, or empty
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]


class TakeOverAnswer(StrEnum):
    """What became of another team's request for a report that somebody has already."""

    HANDED_OVER = "handed_over"
    DECLINED = "declined"
    OTHER_PROSECUTION = "other_prosecution"  # her request became a case of its own
    REPLACED = "replaced"  # she asked again before it was answered
    ENDED = "ended"
    """The case closed or the court decided before anybody answered."""


class TakeOverQuestion(HasRef, HasCreated, Model):
    """Somebody outside the court team that has a report asks for it; open until answered."""

    __tablename__ = "take_over_questions"
    __table_args__ = (
        Index("ix_take_over_questions_case_id_answer", "case_id", "answer", "id"),
        Index("ix_take_over_questions_asker_id_id", "asker_id", "id"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    asker_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    details: Mapped[dict[str, Any]] = mapped_column(EncryptedJson("take_over_questions.details"))
    """The man as she named him, and her request: on nobody's record until it is handed over."""
    answer: Mapped[str] = mapped_column(String(20), default="")
    """A `TakeOverAnswer`; empty while open."""
    # Why it was declined: she reads it.
    reason: Mapped[str | None] = mapped_column(EncryptedText("take_over_questions.reason"))
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class Assessment(HasRef, HasCreated, Model):
    """A suitability assessment by one author, written section by section."""

    __tablename__ = "assessments"

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    meetings: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """Each day on which he was met, how and by whom (`mhtr.suitability.meetings`)."""
    finished_at: Mapped[datetime | None]
    recommendation: Mapped[str] = mapped_column(String(30), default="")
    heard_at: Mapped[datetime | None]
    """When he read or heard the report before release."""
    heard_how: Mapped[str] = mapped_column(String(30), default="")
    his_answer: Mapped[str] = mapped_column(String(30), default="")
    """agrees, corrections, disagrees, could_not_be_read."""
    his_words: Mapped[str | None] = mapped_column(EncryptedText("assessments.his_words"))
    version: Mapped[int] = mapped_column(default=1)


class AssessmentSection(Model):
    """The present answers of one section; earlier ones are kept as revisions."""

    __tablename__ = "assessment_sections"
    __table_args__ = (UniqueConstraint("assessment_id", "section"),)

    id: Mapped[Id]
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"))
    section: Mapped[str] = mapped_column(String(40))
    answers: Mapped[dict[str, Any]] = mapped_column(EncryptedJson("assessment_sections.answers"))
    complete: Mapped[bool] = mapped_column(default=False)
    saved_at: Mapped[datetime]
    saved_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    version: Mapped[int] = mapped_column(default=1)


class SectionRevision(HasCreated, Model):
    """What a section said before it was saved again."""

    __tablename__ = "section_revisions"
    __table_args__ = (Index("ix_section_revisions_section_id_id", "section_id", "id"),)

    id: Mapped[Id]
    section_id: Mapped[int] = mapped_column(ForeignKey("assessment_sections.id"))
    version: Mapped[int]
    answers: Mapped[dict[str, Any]] = mapped_column(EncryptedJson("section_revisions.answers"))
    saved_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class Verdict(StrEnum):
    """What a clinical lead decided about a report."""

    COUNTERSIGNED = "countersigned"
    RETURNED = "returned"


class CountersignRequest(HasRef, HasCreated, Model):
    """A report put before the clinical leads. Exactly one decision can answer it."""

    __tablename__ = "countersign_requests"

    id: Mapped[Id]
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"), index=True)
    is_addendum: Mapped[bool] = mapped_column(default=False)
    addendum_text: Mapped[str | None] = mapped_column(
        EncryptedText("countersign_requests.addendum_text")
    )
    requested_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    content: Mapped[dict[str, Any]] = mapped_column(EncryptedJson("countersign_requests.content"))
    """The report exactly as put before the lead."""
    content_hash: Mapped[str] = mapped_column(String(64))
    withdrawn_at: Mapped[datetime | None]


class CountersignDecision(HasRef, Model):
    """The one decision on a request: the unique request id leaves one winner of a race."""

    __tablename__ = "countersign_decisions"

    id: Mapped[Id]
    request_id: Mapped[int] = mapped_column(ForeignKey("countersign_requests.id"), unique=True)
    verdict: Mapped[Verdict]
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
    hcpc_number: Mapped[str] = mapped_column(String(12))
    hcpc_checked_on: Mapped[date | None]
    comments: Mapped[list[dict[str, str]]] = mapped_column(
        EncryptedJson("countersign_decisions.comments")
    )
    """Each pinned to a section: {"section": ..., "text": ...}."""


class ReportRelease(HasRef, Model):
    """A report released to the PSR author and her court team. Kept for ever as released."""

    __tablename__ = "report_releases"
    __table_args__ = (Index("ix_report_releases_case_id_id", "case_id", "id"),)

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"), index=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("countersign_decisions.id"), unique=True)
    is_addendum: Mapped[bool]
    released_at: Mapped[datetime]
    released_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    to_author_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    to_team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    content: Mapped[dict[str, Any]] = mapped_column(EncryptedJson("report_releases.content"))
    content_hash: Mapped[str] = mapped_column(String(64))
    pdf: Mapped[bytes] = mapped_column(LargeBinary)
    pdf_hash: Mapped[str] = mapped_column(String(64), default=_hash_of_pdf)
    """SHA-256 (hex) of the file, worked out when the row is written."""


class LaterReader(Model):
    """Somebody to whom a report was opened after its release. Rows are only ever added."""

    __tablename__ = "release_later_readers"

    id: Mapped[Id]
    release_id: Mapped[int] = mapped_column(ForeignKey("report_releases.id"), index=True)
    to_author_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    to_team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    content_hash: Mapped[str] = mapped_column(String(64))
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]


class WarningSeen(Model):
    """A prompt of the last check that somebody looked at and let stand, with the release."""

    __tablename__ = "release_warnings_seen"

    id: Mapped[Id]
    release_id: Mapped[int] = mapped_column(ForeignKey("report_releases.id"), index=True)
    field: Mapped[str] = mapped_column(String(40))
    """Field of `ReportContent`."""
    words: Mapped[str] = mapped_column(EncryptedText("release_warnings_seen.words"))
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]


class UrgentHandover(HasCreated, Model):
    """Who received him urgently, when, and what was said. Rows are only ever added."""

    __tablename__ = "urgent_handovers"
    __table_args__ = (Index("ix_urgent_handovers_case_id_id", "case_id", "id"),)

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    received_by: Mapped[str] = mapped_column(EncryptedText("urgent_handovers.received_by"))
    received_at: Mapped[datetime]
    said: Mapped[str] = mapped_column(EncryptedText("urgent_handovers.said"))
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    in_emergency: Mapped[bool]
    """Recorded with emergency access only."""


class CourtOutcome(HasRef, HasCreated, Model):
    """What the PSR proposed and what the court did."""

    __tablename__ = "court_outcomes"
    __table_args__ = (Index("ix_court_outcomes_case_id_id", "case_id", "id"),)

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    proposed: Mapped[bool | None]
    result: Mapped[str] = mapped_column(String(40), default="")
    """A `Result`; empty while only the proposal is known."""
    sentenced_on: Mapped[date | None]
    recorded_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    note: Mapped[str | None] = mapped_column(EncryptedText("court_outcomes.note"))
    note_side: Mapped[str | None] = mapped_column(String(10))
    """The `Side` of the wall the note was written on, and stays on; NULL: nobody reads it."""
    correction: Mapped[str | None] = mapped_column(String(20))
    """The `Correction`: why what was recorded before is wrong; NULL where this corrects nothing."""
