"""What is on record of attendance, read through a case that the viewer may see."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import String, bindparam, cast, func, literal, or_, select
from sqlalchemy.orm import aliased

from mhtr.compliance.attendance import MISSED, TOOK_PLACE, Happened
from mhtr.compliance.models import Attendance, ContactAttempt
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.prepared import Prepared
from mhtr.orders import queries as orders
from outcome_measures import listeners as measures

_OF_CASE = (
    select(Attendance)
    .where(Attendance.case_id == bindparam("case"))
    .order_by(Attendance.starts_at, Attendance.subject, Attendance.number)
)
_OF_SUBJECTS = (
    select(Attendance)
    .where(Attendance.subject.in_(bindparam("subjects", expanding=True)))
    .order_by(Attendance.number)
)
_RECORDED = Prepared(
    select(Attendance.subject, Attendance.happened, Attendance.minutes_late)
    .where(Attendance.subject.in_(bindparam("subjects", expanding=True)))
    .order_by(Attendance.number)
)
_LATER = aliased(Attendance)
COUNTS = (
    ~select(_LATER.id)
    .where(_LATER.subject == Attendance.subject, _LATER.number > Attendance.number)
    .exists()
)
"""The condition that an `Attendance` has not been put right."""
_LAST = Prepared(
    select(Attendance.case_id, Attendance.on, Attendance.happened, Attendance.minutes_late)
    .where(
        Attendance.case_id.in_(bindparam("cases", expanding=True)),
        Attendance.on <= bindparam("today"),
        Attendance.required,
        COUNTS,
    )
    .order_by(Attendance.starts_at, Attendance.id)
)
_ATTEMPTS = (
    select(ContactAttempt)
    .where(ContactAttempt.subject == bindparam("subject"))
    .order_by(ContactAttempt.at, ContactAttempt.id)
)
_ATTEMPTS_OF_CASE = (
    select(ContactAttempt)
    .where(ContactAttempt.case_id == bindparam("case"))
    .order_by(ContactAttempt.at, ContactAttempt.id)
)


class Recorded(NamedTuple):
    """What counts of one man's session, in short."""

    happened: Happened
    minutes_late: int | None


class Last(NamedTuple):
    """One of the last sessions of a man, in short."""

    on: date
    happened: Happened
    minutes_late: int | None


def attendance_of(case_id: int) -> list[Attendance]:
    """What counts of each session of a case, the earliest session first."""
    latest: dict[uuid.UUID, Attendance] = {}
    for row in db.session.scalars(_OF_CASE, {"case": case_id}):
        latest[row.subject] = row
    return sorted(latest.values(), key=lambda row: (row.starts_at, row.id))


def history_of(subject: uuid.UUID) -> list[Attendance]:
    """Every row of one man's session, the first one first."""
    return list(db.session.scalars(_OF_SUBJECTS, {"subjects": [subject]}))


def latest(subject: uuid.UUID) -> Attendance | None:
    """What counts of one man's session; None while nothing is recorded."""
    return latest_of([subject]).get(subject)


def latest_of(subjects: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Attendance]:
    """What counts of each of these sessions of men; one without a record is absent."""
    if not subjects:
        return {}
    rows = db.session.scalars(_OF_SUBJECTS, {"subjects": list(subjects)})
    return {row.subject: row for row in rows}


def recorded_of(subjects: Collection[uuid.UUID]) -> dict[uuid.UUID, Recorded]:
    """The same, of a list that only says what happened."""
    rows = _RECORDED.all({"subjects": subjects}) if subjects else ()
    return {row.subject: Recorded(row.happened, row.minutes_late) for row in rows}


def last_of(case_ids: Collection[int], count: int = 5) -> Mapping[int, Sequence[Last]]:
    """The last required sessions of each case with what happened, the newest last.

    One that was cancelled beforehand is among them from its day on. A case without one is absent.
    """
    found: dict[int, list[Last]] = defaultdict(list)
    given = {"cases": list(case_ids), "today": clock.today()}
    for case_id, *told in _LAST.all(given) if case_ids else ():
        found[case_id].append(Last(*told))
    return {case_id: held[-count:] for case_id, held in found.items()}


def attempts_of(subject: uuid.UUID) -> list[ContactAttempt]:
    """The attempts to reach him about one session, the first one first."""
    return list(db.session.scalars(_ATTEMPTS, {"subject": subject}))


def attempts_of_case(case_id: int) -> list[ContactAttempt]:
    """Every attempt to reach him after a missed session, the first one first."""
    return list(db.session.scalars(_ATTEMPTS_OF_CASE, {"case": case_id}))


_HAPPENED = Prepared(
    select(Attendance.case_id, Attendance.on, Attendance.happened, Attendance.required).where(
        Attendance.case_id.in_(bindparam("cases", expanding=True)), COUNTS
    )
)


def held_days(case_ids: Collection[int]) -> Mapping[int, Collection[date]]:
    """The days of the required sessions of each case that took place."""
    found: dict[int, set[date]] = {case_id: set() for case_id in case_ids}
    for case_id, on, happened, required in _what_counts(case_ids):
        if required and happened in TOOK_PLACE:
            found[case_id].add(on)
    return found


IS_TREATMENT = or_(Attendance.required, Attendance.session_number.is_not(None))
"""The condition that an `Attendance` is of a session of treatment, not of a meeting beside it."""
_ATTENDED = Prepared(
    select(
        Attendance.case_id,
        func.aggregate_strings(
            cast(Attendance.on, String)
            + literal("=")
            + cast(func.coalesce(Attendance.session_number, 0), String),
            ",",
        ),
    )
    .where(
        Attendance.case_id.in_(bindparam("cases", expanding=True)),
        Attendance.happened.in_(sorted(TOOK_PLACE)),
        IS_TREATMENT,
        COUNTS,
    )
    .group_by(Attendance.case_id)
)


_MISSED = Prepared(
    select(Attendance.case_id, func.aggregate_strings(cast(Attendance.on, String), ","))
    .where(
        Attendance.case_id.in_(bindparam("cases", expanding=True)),
        Attendance.happened.in_(sorted(MISSED)),
        Attendance.on <= bindparam("today"),
        COUNTS,
    )
    .group_by(Attendance.case_id)
)


def attended_sessions(case_ids: Collection[int]) -> Mapping[int, str]:
    """The days and numbers of the treatment sessions at which each was seen, as one text."""
    rows = _ATTENDED.all({"cases": list(case_ids)}) if case_ids else ()
    return {case_id: held for case_id, held in rows}


def missed_days(case_ids: Collection[int]) -> Mapping[int, Collection[date]]:
    """The days of the sessions each missed, as it stands now: never one that was not his doing.

    One that he cancelled beforehand is among them from its day on.
    """
    given = {"cases": list(case_ids), "today": clock.today()}
    rows = _MISSED.all(given) if case_ids else ()
    return {case_id: {date.fromisoformat(day) for day in days.split(",")} for case_id, days in rows}


def _what_counts(case_ids: Collection[int]) -> list[tuple[int, date, Happened, bool]]:
    """Of each session the case, the day, what happened and whether it is required, no more."""
    return _HAPPENED.all({"cases": list(case_ids)}) if case_ids else []


orders.held_days.append(held_days)
measures.attended_sessions.append(attended_sessions)
measures.missed_sessions.append(missed_days)
