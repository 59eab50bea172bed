"""Reading what is due for cases, and saying it."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from mhtr.cases.facts import CaseState
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.policy import in_force
from outcome_measures.due import Asked, Due, DueState, Place, Schedule, Urgency, due, now_due
from outcome_measures.flag_queries import contacts_of, planned_of
from outcome_measures.flag_words import day, listed
from outcome_measures.instruments.registry import INSTRUMENTS
from outcome_measures.models import MeasureOccasion, OccasionState
from outcome_measures.page_parts import points_key, read_once
from outcome_measures.policy import WHEN
from outcome_measures.queries import points_of

AWAITS = frozenset({CaseState.SENTENCED_WITH_MHTR, CaseState.INDUCTION})
OVER = frozenset({CaseState.ENDED, CaseState.DISCHARGED})
URGENCY_WORDS = {
    Urgency.DUE: "due now",
    Urgency.OVERDUE: "overdue",
    Urgency.MISSING: "missing",
}


@dataclass(frozen=True)
class DueLine:
    """What lacks at one place in treatment: measures in the same standing, in one line."""

    names: str
    urgency: Urgency
    words: str
    contact_ref: str


def schedules() -> Mapping[str, Schedule]:
    """When each instrument is asked, in the order in which they are asked; never is left out."""
    held = in_force(*WHEN.values())
    return {
        name: Schedule(when)
        for name, value in WHEN.items()
        if name in INSTRUMENTS and (when := str(held[value.key])) != Schedule.NEVER
    }


def due_states(states: Mapping[int, CaseState]) -> Mapping[int, DueState]:
    """What decides what is due for cases, given the state of each by its id."""
    if not states:
        return {}
    asks, contacts = schedules(), contacts_of(states)
    asked, planned = _asked(states), planned_of(states)
    return {
        case_id: DueState(
            schedules=asks,
            contacts=contacts.get(case_id, ()),
            asked=asked.get(case_id, ()),
            planned_sessions=planned.get(case_id),
            awaits_treatment=state in AWAITS,
            ended=state in OVER,
        )
        for case_id, state in states.items()
    }


def due_of(case: Case) -> tuple[DueLine, ...]:
    """What was not asked in a case where it should have been, the latest contact first."""
    return lines_of(due(due_states({case.id: case.state})[case.id], clock.today()))


def now_due_of(states: Mapping[int, CaseState]) -> Mapping[int, tuple[DueLine, ...]]:
    """What a worklist says of each case: what can still be asked, what the latest session lacks."""
    today = clock.today()
    return {
        case_id: lines_of(now_due(state, today)) for case_id, state in due_states(states).items()
    }


def lines_of(found: Collection[Due]) -> tuple[DueLine, ...]:
    """Measures that lack at the same place and stand alike, in one line each."""
    together: dict[tuple[str, Place, Urgency], list[Due]] = defaultdict(list)
    for one in found:
        together[one.contact_ref, one.place, one.urgency].append(one)
    return tuple(
        DueLine(
            listed([INSTRUMENTS[one.instrument].name for one in ones]),
            urgency,
            _words(ones, place, urgency),
            contact_ref,
        )
        for (contact_ref, place, urgency), ones in together.items()
    )


def _words(ones: list[Due], place: Place, urgency: Urgency) -> str:
    names, first = listed([INSTRUMENTS[one.instrument].name for one in ones]), ones[0]
    where = {Place.BASELINE: "baseline", Place.SESSION: "", Place.END: "end of treatment"}[place]
    if first.on is None:
        return f"{names} {URGENCY_WORDS[urgency]}: {where}, before or at the first session"
    number = f"session {first.session_number}" if first.session_number else "session"
    at = f"{where}, {number}" if where else number
    begun = ", begun and not finished" if any(one.begun for one in ones) else ""
    return f"{names} {URGENCY_WORDS[urgency]}: {at} on {day(first.on)}{begun}"


def _asked(case_ids: Collection[int]) -> Mapping[int, tuple[Asked, ...]]:
    row = MeasureOccasion
    query = select(row.id, row.case_id, row.instrument, row.asked_on, row.point, row.state).where(
        row.case_id.in_(case_ids)
    )
    scores = read_once(points_key(case_ids), lambda: points_of(case_ids))
    complete = {point.order for points in scores.values() for point in points if point.complete}
    found: dict[int, list[Asked]] = defaultdict(list)
    for key, case_id, instrument, on, point, state in db.session.execute(query):
        finished = state is not OccasionState.OPEN
        found[case_id].append(Asked(instrument, on, point, finished, key in complete))
    return {case_id: tuple(asked) for case_id, asked in found.items()}
