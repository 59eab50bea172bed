"""What is due in a case, in lines that a page shows."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from mhtr.cases.facts import CaseState
from mhtr.core import clock
from outcome_measures.episodes import OVER
from outcome_measures.flags.due import Due, DueState, Place, Urgency, due
from outcome_measures.flags.state import CaseMeasures
from outcome_measures.flags.words import day, listed
from outcome_measures.instruments.registry import INSTRUMENTS

AWAITS = frozenset({CaseState.SENTENCED_WITH_MHTR, CaseState.INDUCTION})
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


class HasState(Protocol):
    """A case, or a row of one."""

    state: CaseState


def due_of(case: HasState, measures: CaseMeasures) -> tuple[DueLine, ...]:
    """What was not asked in a case where it should have been, the latest contact first."""
    state = DueState(
        schedules=measures.schedules,
        contacts=measures.contacts,
        asked=measures.asked,
        planned_sessions=measures.planned_sessions,
        parts=measures.parts,
        awaits_treatment=case.state in AWAITS,
        ended=case.state in OVER,
        history=measures.history,
    )
    return lines_of(due(state, clock.today()))


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
    return f"{names} {URGENCY_WORDS[urgency]}: {at} on {day(first.on)}{_begun(ones)}"


def _begun(ones: list[Due]) -> str:
    """Which of them somebody has begun; by name where it is not all of them."""
    begun = [INSTRUMENTS[one.instrument].name for one in ones if one.begun]
    if not begun:
        return ""
    which = "" if len(begun) == len(ones) else f"{listed(begun)} "
    return f", {which}begun and not finished"
