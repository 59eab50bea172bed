"""What the papers of a referral are made of: every fact on record of one order and its sessions.

Nothing clinical is read: of what he says only what he gave for probation, of attempts to reach him
not what was said, of sessions only that they were held and how he was told of them.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.compliance.decision_models import AbsenceDecision
from mhtr.compliance.decision_queries import decisions_of
from mhtr.compliance.enforcement_models import BreachWarning, EnforcementStep
from mhtr.compliance.enforcement_queries import steps_of, warnings_of
from mhtr.compliance.explanation_page import Said, said_lines
from mhtr.compliance.explanation_queries import explanations_of
from mhtr.compliance.explanations import Side
from mhtr.compliance.models import Attendance, ContactAttempt
from mhtr.compliance.notice_queries import HowTold, how_told, notices_of
from mhtr.compliance.order_facts import OrderFacts, facts_of
from mhtr.compliance.queries import attempts_of_case
from mhtr.compliance.reading_queries import in_force
from mhtr.compliance.standing.counting import terms_on
from mhtr.compliance.standing.facts import Session
from mhtr.compliance.standing.known import Known
from mhtr.compliance.standing.mattering import OF_A_SESSION
from mhtr.compliance.standing.reading_words import InForce
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from sessions.availability.kinds import SiteKind
from sessions.availability.models import Site
from sessions.booking.models import SessionPlace, TreatmentSession
from sessions.register.called_off import CalledOff, called_off_of
from sessions.therapies import MODE_WORDS, SessionMode

AT_WORDS: Mapping[SiteKind, str] = {
    SiteKind.CLINIC: "at a clinic",
    SiteKind.PROBATION_OFFICE: "at a probation office",
    SiteKind.VOLUNTARY: "at a voluntary organisation",
}
NOT_BOOKED = "Kind of place not on record"
_HISTORY = (
    select(Attendance)
    .where(Attendance.case_id == bindparam("case"))
    .order_by(Attendance.starts_at, Attendance.subject, Attendance.number)
)
_WHERE = (
    select(SessionPlace.ref, TreatmentSession.mode, Site.kind)
    .join(TreatmentSession, TreatmentSession.id == SessionPlace.session_id)
    .outerjoin(Site, Site.id == TreatmentSession.site_id)
    .where(SessionPlace.case_id == bindparam("case"))
)
_NAMES = select(Staff.id, Staff.name).where(Staff.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True)
class Met:
    """One session of the requirement: what counts of it, and how that came about."""

    row: Attendance
    history: Sequence[Attendance]
    """Every record of it, the first one first."""
    told: HowTold
    where: str
    why_not: str
    """Why it can be no failure; empty where it can."""
    readings: tuple[str, ...] = ()
    """Each reading of the law, in words, of which another would say otherwise whether it can."""


@dataclass(frozen=True)
class Sources:
    """Everything that the papers of one referral rest on."""

    case: Case
    one: OrderFacts
    known: Known
    step: EnforcementStep
    met: Sequence[Met]
    called_off: Sequence[tuple[CalledOff, str]]
    """What was not to be, and was not his doing, with where it was to be."""
    attempts: Sequence[ContactAttempt]
    said: Sequence[tuple[Attendance, Said]]
    decided: Sequence[AbsenceDecision]
    warnings: Sequence[BreachWarning]
    steps: Sequence[tuple[EnforcementStep, str]]
    names: Mapping[int, str]

    @property
    def sessions(self) -> Mapping[uuid.UUID, Attendance]:
        """What counts of each session, by its reference."""
        return {met.row.subject: met.row for met in self.met}

    @property
    def about(self) -> Sequence[Met]:
        """The failures that were referred, the earliest first."""
        return [met for met in self.met if str(met.row.subject) in self.step.about]


def sources_of(case: Case, step: EnforcementStep) -> Sources:
    """Read what the papers of a referral rest on.

    Raises:
        NotFound: the order of the referral never was.
    """
    one = next((held for held in facts_of(case.id) if held.held.order.id == step.order_id), None)
    if one is None:
        raise NotFound
    today, law = clock.today(), in_force(clock.today())
    known = Known(one.order, one.facts, today, law.readings)
    history, where = _history(case.id), _where(case.id)
    met = _met(case.id, known, law, frozenset(step.about), history, where)
    wanted = {one.row.subject: one.row for one in met}
    warnings = [row for row in warnings_of(case.id) if row.order_id == step.order_id]
    steps = [(row, by) for row, by in steps_of(case.id) if row.order_id == step.order_id]
    decided = [row for row in decisions_of([case.id]) if row.subject in wanted]
    return Sources(
        case=case,
        one=one,
        known=known,
        step=step,
        met=met,
        called_off=[
            (row, where.get(row.subject, NOT_BOOKED))
            for row in called_off_of([case.id])
            if row.subject not in history and _inside(known, row.on)
        ],
        attempts=[row for row in attempts_of_case(case.id) if row.subject in wanted],
        said=_said(case.id, wanted),
        decided=decided,
        warnings=warnings,
        steps=[(row, by) for row, by in steps if row.taken_back_at is None],
        names=_names(_people(met, decided, warnings)),
    )


def _history(case_id: int) -> dict[uuid.UUID, list[Attendance]]:
    """Every record of each session, the first one first."""
    history: dict[uuid.UUID, list[Attendance]] = defaultdict(list)
    for row in db.session.scalars(_HISTORY, {"case": case_id}):
        history[row.subject].append(row)
    return history


def _met(
    case_id: int,
    known: Known,
    law: InForce,
    about: frozenset[str],
    history: Mapping[uuid.UUID, Sequence[Attendance]],
    where: Mapping[uuid.UUID, str],
) -> list[Met]:
    last = [rows[-1] for rows in history.values()]
    told = how_told(notices_of(case_id), {row.subject: row.starts_at for row in last})
    found, others = [], _read_otherwise(known, law)
    for row in sorted(last, key=lambda row: (row.starts_at, row.id)):
        session = known.sessions.get(row.subject)
        if session is None or not row.required:
            continue
        if str(row.subject) not in about and not _inside(known, row.on):
            continue
        found.append(
            Met(
                row,
                history[row.subject],
                told[row.subject],
                where.get(row.subject, NOT_BOOKED),
                known.why_not(session) or "",
                tuple(_mattered(session, known, others)),
            )
        )
    return found


def _read_otherwise(known: Known, law: InForce) -> list[tuple[str, Known]]:
    """The same facts by each other reading that bears on a session, with the one in force."""
    return [
        (law.words(point), Known(known.order, known.facts, known.on, other))
        for point, other in law.readings.others()
        if point in OF_A_SESSION
    ]


def _mattered(session: Session, known: Known, others: Iterable[tuple[str, Known]]) -> Iterator[str]:
    """Each reading without which it could be a failure, and cannot, or the other way."""
    here = known.why_not(session) is None
    return (words for words, other in others if (other.why_not(session) is None) is not here)


def _inside(known: Known, on: date) -> bool:
    """Whether a day lies inside a period of the requirement, as the order said that day."""
    terms = terms_on(known.terms, on)
    return terms is not None and any(first <= on <= last for first, last in terms.periods)


def _where(case_id: int) -> dict[uuid.UUID, str]:
    """The kind of place of each session he was booked in: never which place."""
    found = {}
    for ref, mode, kind in db.session.execute(_WHERE, {"case": case_id}):
        at = f", {AT_WORDS[kind]}" if mode is SessionMode.IN_PERSON and kind is not None else ""
        found[ref] = f"{MODE_WORDS[mode]}{at}"
    return found


def _said(case_id: int, wanted: Mapping[uuid.UUID, Attendance]) -> list[tuple[Attendance, Said]]:
    """What he said of these sessions, as probation reads it, and what was not taken back."""
    rows = defaultdict(list)
    for row in explanations_of(case_id):
        if row.subject in wanted and row.taken_back_at is None:
            rows[row.subject].append(row)
    return [
        (wanted[subject], one)
        for subject, held in rows.items()
        for one in said_lines(held, wanted[subject].on, side=Side.PROBATION)
    ]


def _people(
    met: Sequence[Met], decided: Sequence[AbsenceDecision], warnings: Sequence[BreachWarning]
) -> Iterable[int]:
    for one in met:
        yield one.row.by_id
    for row in decided:
        yield row.by_id
        if row.for_id is not None:
            yield row.for_id
    for warning in warnings:
        yield warning.by_id
        if warning.withdrawn_by is not None:
            yield warning.withdrawn_by


def _names(ids: Iterable[int]) -> dict[int, str]:
    found = db.session.execute(_NAMES, {"ids": sorted(set(ids))})
    return {staff_id: name for staff_id, name in found}
