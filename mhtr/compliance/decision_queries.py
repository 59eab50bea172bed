"""What probation decided of absences, and what waits for it, through cases the viewer may see."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import aliased

from mhtr.compliance.attendance import MISSED
from mhtr.compliance.deciding import Decision, Known, evidence_until
from mhtr.compliance.decision_models import AbsenceDecision
from mhtr.compliance.explanation_queries import Said, last_said
from mhtr.compliance.explanations import reopens
from mhtr.compliance.models import Attendance
from mhtr.compliance.notice_queries import how_told, notices_of
from mhtr.compliance.policy import decide_within, evidence_days
from mhtr.compliance.queries import COUNTS, history_of
from mhtr.compliance.standing.facts import Opinion
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.prepared import Prepared
from mhtr.core.transaction import once_a_page
from mhtr.orders.requirement_queries import is_within, requirement_days
from mhtr.tasks.calendar import working_calendar

_ON = (
    select(AbsenceDecision)
    .where(AbsenceDecision.subject == bindparam("subject"))
    .order_by(AbsenceDecision.number)
)
_OF_CASES = (
    select(AbsenceDecision)
    .where(AbsenceDecision.case_id.in_(bindparam("cases", expanding=True)))
    .order_by(AbsenceDecision.subject, AbsenceDecision.number)
)
_LAST_MADE = Prepared(
    select(
        AbsenceDecision.subject,
        AbsenceDecision.opinion,
        AbsenceDecision.until,
        AbsenceDecision.explanation,
    )
    .where(AbsenceDecision.case_id.in_(bindparam("cases", expanding=True)))
    .order_by(AbsenceDecision.subject, AbsenceDecision.number)
)
_FIRST = aliased(Attendance)
_MISSES = Prepared(
    select(
        Attendance.case_id,
        Attendance.subject,
        Attendance.on,
        _FIRST.created_at.label("first_at"),
    )
    .join(_FIRST, and_(_FIRST.subject == Attendance.subject, _FIRST.number == 1))
    .where(
        Attendance.case_id.in_(bindparam("cases", expanding=True)),
        Attendance.on <= bindparam("today"),
        Attendance.happened.in_(sorted(MISSED)),
        Attendance.required,
        COUNTS,
    )
)
DECIDED = frozenset({Opinion.EXCUSED, Opinion.NO_EXCUSE})


def decisions_on(subject: uuid.UUID) -> list[AbsenceDecision]:
    """Every decision on one session, the first one first; the last one counts."""
    key = ("decisions", subject)
    return once_a_page(key, lambda: list(db.session.scalars(_ON, {"subject": subject})))


def decisions_of(case_ids: Collection[int]) -> Sequence[AbsenceDecision]:
    """Every decision on these cases, by session, the first one first."""
    return db.session.scalars(_OF_CASES, {"cases": list(case_ids)}).all()


def decision_of(row: AbsenceDecision) -> Decision:
    """A decision as somebody made it."""
    return Decision(row.opinion, row.until, row.why or "", row.notice_why or "")


def known_of(row: Attendance, before: Sequence[AbsenceDecision]) -> Known:
    """What is on record of a session when it is decided."""
    told = how_told(notices_of(row.case_id), {row.subject: row.starts_at})[row.subject]
    return Known(
        notice=told.notice,
        evidence_until=evidence_until(asked_on(row), evidence_days(), _put_off(before)),
        before=decision_of(before[-1]) if before else None,
    )


def asked_on(row: Attendance) -> date:
    """The day on which the session was first recorded, from which his evidence is awaited."""
    first = history_of(row.subject)[0].created_at.astimezone(clock.LONDON).date()
    return max(first, row.on)


def _put_off(before: Sequence[AbsenceDecision]) -> date | None:
    return max((row.until for row in before if row.until is not None), default=None)


def is_reopened(decided: AbsenceDecision, latest: int) -> bool:
    """Whether what he said since opens a decision again.

    Args:
        latest: the number of the last thing he said of its session that counts, 0 for none.
    """
    return reopens(decided.opinion, known=decided.explanation, latest=latest)


@dataclass(frozen=True)
class Waiting:
    """A missed session that waits for probation; `until`: his evidence may come till then."""

    subject: uuid.UUID
    on: date
    until: date
    said_on: date | None = None
    """When he last said something of it."""


def decide_by(waiting: Waiting) -> date:
    """By the end of which day probation decides: some working days after his evidence.

    What he said of it later gives as many days more.
    """
    last = max(waiting.until, waiting.said_on or waiting.until)
    return working_calendar().add(last, decide_within())


def waiting_of(case_ids: Collection[int]) -> Mapping[int, Sequence[Waiting]]:
    """The missed sessions of each case that wait for probation, the earliest first.

    Those not decided, and those decided against him of which he has said more since.

    Only required ones that lie inside a period of the requirement: no other may count.
    """
    if not case_ids:
        return {}
    today, days, inside = clock.today(), evidence_days(), requirement_days(case_ids)
    given = {"cases": list(case_ids), "today": today}
    decided: dict[uuid.UUID, list[Any]] = defaultdict(list)
    for one in _LAST_MADE.all(given):
        decided[one.subject].append(one)
    said = last_said(case_ids)
    found: dict[int, list[Waiting]] = defaultdict(list)
    for line in _MISSES.all(given):
        before, spoke = decided[line.subject], said.get(line.subject)
        if before and before[-1].opinion in DECIDED and not is_reopened(before[-1], _number(spoke)):
            continue
        if is_within(line.on, inside[line.case_id]):
            asked = max(line.first_at.astimezone(clock.LONDON).date(), line.on)
            until = evidence_until(asked, days, _put_off(before))
            said_on = spoke.on if spoke else None
            found[line.case_id].append(Waiting(line.subject, line.on, until, said_on))
    return {case_id: sorted(held, key=lambda one: one.on) for case_id, held in found.items()}


def _number(said: Said | None) -> int:
    return said.number if said is not None else 0
