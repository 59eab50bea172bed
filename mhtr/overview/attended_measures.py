"""Sessions of treatment at which men were seen, and of which nobody recorded a contact."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select, union_all
from sqlalchemy.orm import aliased

from mhtr.accounts.models import Staff
from mhtr.cases.facts import CaseState
from mhtr.cases.models import Case
from mhtr.compliance.attendance import TOOK_PLACE
from mhtr.compliance.models import Attendance
from mhtr.compliance.queries import COUNTS, IS_TREATMENT
from mhtr.core import clock
from mhtr.core.access import Purpose, Viewer
from mhtr.core.prepared import Prepared
from mhtr.core.scope import ANYBODY, asked_by, visible
from mhtr.people.models import Person
from outcome_measures.episodes import OVER
from outcome_measures.flags.attended import paper_until, with_attended
from outcome_measures.flags.due import attended_at, session_in
from outcome_measures.flags.lists import ME, is_his
from outcome_measures.flags.queries import contacts_of
from outcome_measures.models import TAKES_ITS_DAY, MeasureContact, MeasureOccasion
from sessions.courses.models import Course

MOST_SESSIONS = 300
"""Sessions one list looks through: a service has far fewer at which it asked nothing lately."""
_SAME_DAY = and_(
    MeasureOccasion.case_id == Attendance.case_id,
    MeasureOccasion.asked_on == Attendance.on,
    MeasureOccasion.state.in_(TAKES_ITS_DAY),
)
_COURSES = (
    select(func.count(Course.id)).where(Course.case_id == Case.id).correlate(Case).scalar_subquery()
)


def seen_without(viewer: Viewer, *, own: bool, days: int, missing: bool) -> Sequence[Any]:
    """The sessions of a viewer's men in the last days, the earliest first, as lines of contacts.

    Args:
        own: only men whom the viewer assesses, has met or has recorded as seen.
        missing: also those of which nobody is expected to record measures any more.
    """
    first = paper_until(clock.today())
    since = clock.today() - timedelta(days=days) if missing else first
    given = asked_by(viewer, Purpose.CLINICAL) | {ME: viewer.staff_id, "since": since}
    return _counted_through(_seen(own).all(given), first)


def _counted_through(rows: Sequence[Any], first: date) -> Sequence[Any]:
    """The sessions by the numbers that measures have for them, without those recorded by these."""
    several = {row.case_id for row in rows if row.courses > 1}
    lacking: dict[tuple[int, date], list[int | None]] = defaultdict(list)
    met = with_attended(contacts_of(several), {}, several) if several else {}
    for case_id, contacts in met.items():
        for one in contacts:
            if session_in(one.ref):
                lacking[case_id, one.held_on].append(one.session_number)
    found = []
    for row in rows:
        if row.case_id not in several:
            found.append(_line(row, row.session_number, first))
        elif numbers := lacking[row.case_id, row.held_on]:
            found.append(_line(row, numbers.pop(0), first))
    return found


def _line(row: Any, number: int | None, first: date) -> Any:
    """As the row of a contact, which is closed once it is too late to record one from paper."""
    day = clock.from_london(datetime.combine(row.held_on, time(0)))
    contact = attended_at(row.held_on, number, closed=row.held_on < first)
    return SimpleNamespace(
        **{**row._asdict(), "session_number": number},
        ref=contact.ref,
        point=contact.point,
        created_at=day,
        closed_at=day if contact.closed else None,
    )


def _in_treatment() -> Any:
    """By the state of their case: those who ended meanwhile lack what they lack."""
    lately = and_(Case.state.in_(sorted(OVER)), Case.state_since >= bindparam("since"))
    states = (Case.state == CaseState.IN_TREATMENT, lately)
    return union_all(*(select(Case.id).where(condition) for condition in states)).subquery()


def _recorded() -> Any:
    """A contact of the day, or one since, of a day without a session, that names its number."""
    there, contact = aliased(Attendance), MeasureContact
    same_number = and_(
        contact.session_number == Attendance.session_number,
        contact.held_on > Attendance.on,
        ~select(there.id)
        .where(there.case_id == contact.case_id, there.on == contact.held_on)
        .exists(),
    )
    return (
        select(contact.id)
        .where(
            contact.case_id == Attendance.case_id,
            contact.taken_back.is_(False),
            or_(contact.held_on == Attendance.on, same_number),
        )
        .exists()
    )


@lru_cache
def _seen(own: bool) -> Prepared:
    """Made once for each shape of list: making it takes longer than asking it."""
    treated, occasion = _in_treatment(), MeasureOccasion
    query = (
        select(
            Case.id.label("case_id"),
            Case.ref.label("case_ref"),
            Person.id.label("person_id"),
            Person.given_name,
            Person.family_name,
            Person.sort_name,
            Person.born,
            Attendance.on.label("held_on"),
            Attendance.session_number,
            _COURSES.label("courses"),
            Staff.name.label("met_by"),
            func.aggregate_strings(occasion.instrument + "=" + occasion.state, ";").label("asked"),
        )
        .select_from(treated)
        .join(Case, Case.id == treated.c.id)
        .join(Attendance, Attendance.case_id == Case.id)
        .join(Person, Person.id == Case.person_id)
        .join(Staff, Staff.id == Attendance.by_id)
        .outerjoin(occasion, _SAME_DAY)
        .where(
            Attendance.on >= bindparam("since"),
            Attendance.happened.in_(sorted(TOOK_PLACE)),
            IS_TREATMENT,
            COUNTS,
            ~_recorded(),
            visible(ANYBODY, Case.id, Case.restricted),
        )
        .group_by(Attendance.id, Case.id, Person.id, Staff.id)
        .order_by(Attendance.on, Attendance.id)
        .limit(MOST_SESSIONS)
    )
    return Prepared(query.where(or_(is_his(), Attendance.by_id == bindparam(ME))) if own else query)
