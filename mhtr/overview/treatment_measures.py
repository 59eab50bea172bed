"""Measures of men who have no open session: baselines before treatment, and its end without them.

What is due of one man, his own page says by the same rules (`due`).
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, exists, or_, select, union_all

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.access import Purpose, Viewer
from mhtr.core.prepared import Prepared
from mhtr.core.scope import ANYBODY, asked_by, visible
from mhtr.people.models import Person
from outcome_measures.caseload.scores import points_in, texts_of
from outcome_measures.episodes import OVER
from outcome_measures.flags.due import Asked, DueState, Schedule, due
from outcome_measures.flags.due_lines import AWAITS, DueLine, due_of, lines_of
from outcome_measures.flags.ends import ends_of
from outcome_measures.flags.lists import ME, is_his
from outcome_measures.models import MeasureContact, MeasureOccasion, OccasionState
from outcome_measures.sessions_on_record import IS_SESSION
from outcome_measures.time_points import TimePoint

MOST_MEN = 300
"""Men one list looks through: a service has far fewer who wait for their first session."""


def waiting_men(viewer: Viewer, *, own: bool, ended_days: int) -> Sequence[Any]:
    """Men in the viewer's scope who wait for their first session, the longest waiting first.

    Args:
        ended_days: also those whose treatment ended in so many days; 0: none.
    """
    given = asked_by(viewer, Purpose.CLINICAL) | {ME: viewer.staff_id}
    given |= {"ended_since": clock.today() - timedelta(days=ended_days)}
    return _men(own, bool(ended_days)).all(given)


_BEGUN = or_(
    exists().where(MeasureContact.case_id == Case.id, IS_SESSION),
    exists().where(
        MeasureOccasion.case_id == Case.id,
        MeasureOccasion.point == TimePoint.SESSION,
        MeasureOccasion.state != OccasionState.WITHDRAWN,
    ),
)
"""A treatment session of the `Case` of a query is on record."""


@lru_cache
def _men(own: bool, ended: bool) -> Prepared:
    """Made once for each shape of list: making it takes longer than asking it."""
    wanted: Any = select(Case.id).where(Case.state.in_(sorted(AWAITS)), ~_BEGUN)
    if ended:
        lately = Case.state_since >= bindparam("ended_since")
        # Each by its index: said with "or", the database goes through all who were ever treated.
        wanted = union_all(wanted, select(Case.id).where(Case.state.in_(sorted(OVER)), lately))
    found = wanted.subquery()
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
        .join(found, found.c.id == Case.id)
        .join(Person, Person.id == Case.person_id)
        .outerjoin(Staff, Staff.id == Case.assessor_id)
        .where(visible(ANYBODY, Case.id, Case.restricted))
        .order_by(Case.state_since, Case.id)
        .limit(MOST_MEN)
    )
    return Prepared(query.where(is_his()) if own else query)


def baselines(
    men: Sequence[Any], schedules: Mapping[str, Schedule]
) -> list[tuple[Any, tuple[DueLine, ...]]]:
    """What each man who waits for his first session lacks; those who lack nothing left out."""
    waiting = [man for man in men if man.state in AWAITS]
    if not waiting or not schedules:
        return []
    texts = texts_of([man.case_id for man in waiting], list(schedules))
    found = []
    for man in waiting:
        asked = [
            Asked(point.instrument, point.on, point.point, complete=point.complete)
            for point in points_in(texts.get(man.case_id, ""))
        ]
        lacks = due(DueState(schedules, (), asked, awaits_treatment=True), clock.today())
        if lacks:
            found.append((man, lines_of(lacks)))
    return found


def ends(men: Sequence[Any]) -> list[tuple[Any, tuple[DueLine, ...]]]:
    """What lacks at the end of each treatment that is over; those who lack nothing left out.

    At the last session or after it: earlier gaps are past mending.
    """
    over = [man for man in men if man.state in OVER]
    states = ends_of([man.case_id for man in over])
    found = []
    for man in over:
        lines = due_of(man, states[man.case_id]) if man.case_id in states else ()
        if lines:
            found.append((man, lines))
    return found
