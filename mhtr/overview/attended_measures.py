"""Measures of men who were seen at a session of treatment at which nobody recorded any."""

from datetime import timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, or_, select

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.compliance.attendance import TOOK_PLACE
from mhtr.compliance.models import Attendance
from mhtr.compliance.queries import COUNTS, IS_TREATMENT
from mhtr.core import clock
from mhtr.core.access import Purpose, Viewer
from mhtr.core.prepared import Prepared
from mhtr.core.scope import ANYBODY, asked_by, visible
from mhtr.people.models import Person
from outcome_measures.flags.due import Urgency, session_in
from outcome_measures.flags.due_lines import DueLine, due_of
from outcome_measures.flags.lists import IS_HIS, ME
from outcome_measures.flags.queries import states_of
from outcome_measures.models import MeasureContact

MOST_MEN = 300
"""Men one list looks through: a service has far fewer who were seen lately and not asked."""


def seen_without(
    viewer: Viewer, *, own: bool, days: int, missing: bool
) -> list[tuple[Any, DueLine, str]]:
    """A man, what he was not asked, and the day on which he was seen; of the viewer's scope.

    Args:
        own: only men whom the viewer assesses, has met or has recorded as seen.
        days: sessions of so many days.
        missing: also what nobody is expected to record any more.
    """
    given = asked_by(viewer, Purpose.CLINICAL) | {ME: viewer.staff_id}
    men = _men(own).all(given | {"since": clock.today() - timedelta(days=days)})
    states = states_of([man.case_id for man in men])
    found = []
    for man in men:
        for line in due_of(man, states[man.case_id]):
            session = session_in(line.contact_ref)
            if session and (missing or line.urgency is not Urgency.MISSING):
                found.append((man, line, session[0]))
    return found


@lru_cache
def _men(own: bool) -> Prepared:
    """Made once for each shape of list: making it takes longer than asking it."""
    recorded = select(MeasureContact.id).where(
        MeasureContact.case_id == Attendance.case_id,
        MeasureContact.held_on == Attendance.on,
        MeasureContact.taken_back.is_(False),
    )
    lacking: Any = select(Attendance.case_id).where(
        Attendance.on >= bindparam("since"),
        Attendance.happened.in_(sorted(TOOK_PLACE)),
        IS_TREATMENT,
        COUNTS,
        ~recorded.exists(),
    )
    his = or_(IS_HIS, Case.id.in_(lacking.where(Attendance.by_id == bindparam(ME))))
    query = (
        select(
            Case.id.label("case_id"),
            Case.ref.label("case_ref"),
            Case.state,
            Case.state_since,
            Person.id.label("person_id"),
            Person.given_name,
            Person.family_name,
            Person.sort_name,
            Person.born,
            Staff.name.label("assessor"),
        )
        .join(Person, Person.id == Case.person_id)
        .outerjoin(Staff, Staff.id == Case.assessor_id)
        .where(Case.id.in_(lacking), visible(ANYBODY, Case.id, Case.restricted))
        .order_by(Case.id)
        .limit(MOST_MEN)
    )
    return Prepared(query.where(his) if own else query)
