"""Owned, dated things to do; notices; the duty rota with service hours and leave."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mhtr.core import clock
from mhtr.core.crypto import EncryptedJson, EncryptedText
from mhtr.core.database import HasCreated, HasRef, Id, Model


class TaskKind(StrEnum):
    """What is to be done."""

    RISK_REVIEW = "risk_review"
    TRIAGE = "triage"
    ALLOCATE = "allocate"
    ASSESS = "assess"
    REPORT_DUE = "report_due"
    REPORT_LATE = "report_late"
    """It cannot be ready in time: give it to somebody else, or arrange what is sent."""
    COUNTERSIGN = "countersign"
    REVISE = "revise"
    RELEASE = "release"
    ADDENDUM_ASKED = "addendum_asked"
    """Probation changed its request after the report went out: add to it, or say why not."""
    RESULT_AWAITED = "result_awaited"
    CHASE_HEARING = "chase_hearing"
    ANSWER_DATE = "answer_date"
    ANSWER_QUESTION = "answer_question"
    """The service asks the referrer something about his referral."""
    IDENTITY_QUESTION = "identity_question"
    NAME_READER = "name_reader"
    """Nobody named on a restricted record may answer a question about it: name somebody."""
    TAKE_OVER = "take_over"
    """Another team asks for a report that somebody has: hand it over or decline."""
    ONWARD_REFERRAL = "onward_referral"
    BREAK_GLASS_REVIEW = "break_glass_review"
    FLAG_REVIEW = "flag_review"
    FLAG_MAN = "flag_man"
    """A man on record may be the one whom a warning names: is it he?"""
    CONSENT_WITHDRAWN = "consent_withdrawn"
    CONFIRM_CONSENT = "confirm_consent"
    """He said no on another case of his: ask him whether what he agreed to on this one stands."""
    ASK_CONTACT = "ask_contact"
    """A way of reaching him may not be safe any more: ask him again."""
    PAUSED_CASE = "paused_case"
    RECORD_ORDER = "record_order"
    """He was sentenced with the requirement: record what the order says."""
    INDUCTION = "induction"
    """He was sentenced with the requirement: speak with him, and see to all that comes first."""
    MAKE_COURSE = "make_course"
    """He was sentenced with the requirement and has no course of treatment."""
    CHANGE_THERAPIST = "change_therapist"
    """Another therapist is proposed for a man of his: agree or refuse."""
    CHANGE_THERAPIST_LEAD = "change_therapist_lead"
    """The same, for a clinical lead."""
    CHANGE_THERAPIST_HIM = "change_therapist_him"
    """Ask a man whether he agrees to another therapist."""
    NAME_CONTACT = "name_contact"
    """Nobody is named who supervises him for probation."""
    NAMED_PRACTITIONER = "named_practitioner"
    """Whom the order names no longer directs his treatment: tell probation, or have it amended."""
    RECORD_OUTCOME = "record_outcome"
    """A session is over and nobody recorded what happened."""
    CONTACT_HIM = "contact_him"
    """He missed a session and nobody knows why: try to reach him."""
    WELFARE_CALL = "welfare_call"
    """He missed a session and may not be well: find out how he is."""
    REBOOK = "rebook"
    """The order was changed, and sessions are booked outside its requirement."""
    SIGN_OFF_NOTE = "sign_off_note"
    """A note of somebody who is not registered: the clinical lead reads and signs it."""
    FINISH_NOTE = "finish_note"
    """A session note was returned to its author, or its author left before he finished it."""
    TELL_PROBATION = "tell_probation"
    """Probation could not be written to about a session: tell them another way."""
    DECIDE_LATE = "decide_late"
    """Probation has not decided on an absence in time: a senior sees to it."""
    SEND_PAPERS = "send_papers"
    """A matter was referred to an enforcement officer: send its papers."""
    RELEASED_REPORT = "released_report"
    """A compliance report that left does not say what is so, or its mail did not go: see to it."""
    FURTHER_TREATMENT = "further_treatment"
    """The planned sessions are finished and the requirement runs: is more treatment required?"""
    TREATMENT_REPORT = "treatment_report"
    """Write and sign the report on his treatment to the responsible officer."""
    APPLY_TO_COURT = "apply_to_court"
    """A report on treatment is with probation: have an application made to the court."""
    REVIEW = "review"
    """A three-way review is due: arrange it, hold it, and see that its sheet is signed."""
    SIGN_REVIEW = "sign_review"
    """The sheet of a review waits for probation."""
    LETTER = "letter"
    """A discharge summary is to be written, or a signed letter given or sent."""
    SIGN_LETTER = "sign_letter"
    """A letter of somebody who is not registered: the clinical lead reads and signs it."""
    WORD_CLINICAL = "word_clinical"
    """Probation told something of him that a clinician sees to."""
    WORD_OFFICE = "word_office"
    """The same, for an administrator."""
    RISK_TOLD = "risk_told"
    """A clinician told probation of a risk: somebody of it acknowledges that."""
    SAFEGUARDING = "safeguarding"
    """A safeguarding referral was made: see that the local authority acknowledges it."""
    PAST_ANSWER = "past_answer"
    """An imported answer to a risk question: looked at by a clinician, never escalated."""


class TaskState(StrEnum):
    """Where a task stands."""

    OPEN = "open"
    DONE = "done"
    WITHDRAWN = "withdrawn"
    """No longer needed. Risk reviews can never be withdrawn."""


class Task(HasRef, HasCreated, Model):
    """Something to be done by a named person or team by a moment."""

    __tablename__ = "tasks"
    __table_args__ = (
        Index("ix_tasks_owner", "owner_principal_id", "kind", "state", "due_at", "id"),
        Index("ix_tasks_case", "case_id", "state"),
        Index("ix_tasks_kind", "kind", "state", "due_at", "id"),
        CheckConstraint("(state = 'open') = (finished_at IS NULL)", name="finished_when_not_open"),
        CheckConstraint(
            "NOT (kind = 'risk_review' AND state = 'withdrawn')", name="risk_never_withdrawn"
        ),
        CheckConstraint(
            "NOT (kind = 'risk_review' AND state = 'done' AND outcome IS NULL)",
            name="risk_needs_outcome",
        ),
    )

    id: Mapped[Id]
    kind: Mapped[TaskKind]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    key: Mapped[str] = mapped_column(String(120), unique=True)
    """Says which task this is (`risk:occasion:12:item:9`); a second call opens no second task."""
    title: Mapped[str] = mapped_column(String(200))
    """Neutral words: no personal or clinical detail."""
    endpoint: Mapped[str] = mapped_column(String(80), default="")
    """The page where it is done; its record is `subject_ref`."""
    subject_ref: Mapped[str] = mapped_column(String(36), default="")
    owner_principal_id: Mapped[int] = mapped_column(ForeignKey("principals.id"))
    owner_staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """The named person, where the owner is one."""
    owner_since: Mapped[datetime] = mapped_column(default=clock.now)
    escalated: Mapped[int] = mapped_column(default=0)
    """How far it was passed on because nobody had seen it: `escalation_rules.Stage`."""
    due_at: Mapped[datetime]
    state: Mapped[TaskState] = mapped_column(default=TaskState.OPEN)
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    finished_at: Mapped[datetime | None]
    finished_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    outcome: Mapped[str | None] = mapped_column(EncryptedText("tasks.outcome"))
    plan: Mapped[str | None] = mapped_column(EncryptedText("tasks.plan"))
    about: Mapped[Any | None] = mapped_column(EncryptedJson("tasks.about"))
    """What the task's page tells clinical viewers that is on record nowhere else."""


class Notice(HasRef, HasCreated, Model):
    """Something a member of staff or a team is told in the program. Neutral words."""

    __tablename__ = "notices"
    __table_args__ = (
        Index("ix_notices_principal", "principal_id", "read_at", "created_at"),
        UniqueConstraint("principal_id", "key"),
    )

    id: Mapped[Id]
    principal_id: Mapped[int] = mapped_column(ForeignKey("principals.id"))
    key: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(String(300))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    endpoint: Mapped[str] = mapped_column(String(80), default="")
    subject_ref: Mapped[str] = mapped_column(String(36), default="")
    read_at: Mapped[datetime | None]
    read_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class ServiceHours(Model):
    """When a treating trust looks at risk tasks, by weekday (0 Monday), from a date on."""

    __tablename__ = "service_hours"
    __table_args__ = (
        UniqueConstraint("organisation_id", "weekday", "valid_from"),
        CheckConstraint("opens < closes", name="opens_before_closes"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    weekday: Mapped[int]
    opens: Mapped[time]
    closes: Mapped[time]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class LocalClosure(Model):
    """A day a treating trust is closed beyond bank holidays, or open in spite of one."""

    __tablename__ = "local_closures"
    __table_args__ = (UniqueConstraint("organisation_id", "day"),)

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    day: Mapped[date]
    is_open: Mapped[bool] = mapped_column(default=False)
    label: Mapped[str] = mapped_column(String(120))


class DutyShift(HasRef, HasCreated, Model):
    """Who is duty clinician of a treating trust on a day.

    The trust stands beside the person: who works elsewhere later does not take his days with him.
    """

    __tablename__ = "duty_shifts"
    __table_args__ = (UniqueConstraint("organisation_id", "day", "staff_id"),)

    id: Mapped[Id]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    day: Mapped[date] = mapped_column(index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    made_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))


class Leave(HasRef, HasCreated, Model):
    """Days a member of staff is away (first and last day included)."""

    __tablename__ = "leave"
    __table_args__ = (
        Index("ix_leave_staff_id_first_day", "staff_id", "first_day"),
        CheckConstraint("first_day <= last_day", name="first_before_last"),
    )

    id: Mapped[Id]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    cover_staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class JobRun(Model):
    """How a job went: what has not run to its end for long is not running."""

    __tablename__ = "job_runs"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    done_at: Mapped[datetime | None]
    """When it last ran to its end; empty: it never did."""
    did: Mapped[int | None]
    """How much it did then."""
    failed_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(String(80))
    """The kind of error it last failed with, and nothing of what it was about."""


class JobLease(Model):
    """Which process runs the jobs, and until when; another stands by."""

    __tablename__ = "job_leases"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(String(80))
    until: Mapped[datetime]
