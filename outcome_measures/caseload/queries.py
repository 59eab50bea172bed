"""A clinician's people with their last scores: one page of them, in few statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, exists, func, select
from sqlalchemy.orm import aliased

from mhtr.cases.facts import CaseState
from mhtr.cases.models import Case
from mhtr.cases.report_due import Countdowns
from mhtr.cases.standing import BEFORE_SENTENCE, UNDER_ORDER
from mhtr.cases.standing_words import state_colour, state_text
from mhtr.core import clock
from mhtr.core.access import Purpose, Viewer
from mhtr.core.due import Left
from mhtr.core.prepared import Prepared
from mhtr.core.scope import ANYBODY, asked_by, visible
from mhtr.people.models import Person
from outcome_measures.caseload.scores import COLUMNS, Cell, cells_of
from outcome_measures.flags.lists import is_his
from outcome_measures.models import MeasureOccasion, OccasionState

STATES = {
    "treatment": UNDER_ORDER,
    "before": BEFORE_SENTENCE,
    "over": frozenset({CaseState.ENDED, CaseState.DISCHARGED}),
}
OPEN = STATES["treatment"] | STATES["before"]
SORTS = ("name", "measured", "phq9", "phq9_change", "gad7", "gad7_change")
BY_SCORE = frozenset(SORTS[2:])
MOST_BY_SCORE = 300
"""Scores are worked out, not stored: only so many people are read to be sorted by them."""

_REPORT = (Case.report_due_on, Case.progress, Case.paused, Case.stage)


@dataclass(frozen=True)
class Wanted:
    """Which people, in which order. `sort` is one of `SORTS`, after a minus sign reversed."""

    mine: bool
    states: str = ""
    """A key of `STATES`; empty: every open case."""
    not_for_days: int = 0
    """Only those not measured for so many days; 0: all."""
    sort: str = "name"


@dataclass(frozen=True)
class Row:
    """One man."""

    case_id: int
    person_id: int
    ref: UUID
    name: str
    born: date | None
    state: str
    state_colour: str
    measured_on: date | None
    report: Left | None
    """The countdown to the report on him."""
    cells: tuple[Cell, ...]


def too_many(viewer: Viewer, wanted: Wanted) -> bool:
    """Whether there are more people than can be sorted by a score."""
    by_score = wanted.sort.removeprefix("-") in BY_SCORE
    return by_score and len(_people(viewer, wanted, "name", MOST_BY_SCORE + 1, 0)) > MOST_BY_SCORE


def rows(viewer: Viewer, wanted: Wanted, *, limit: int, offset: int) -> list[Row]:
    """The people wanted whom the viewer may see as a clinician and who were ever measured."""
    key = wanted.sort.removeprefix("-")
    if key not in BY_SCORE:
        return _rows(_people(viewer, wanted, wanted.sort, limit, offset))
    found = _rows(_people(viewer, wanted, "name", MOST_BY_SCORE, 0))
    column, change = COLUMNS.index(key.partition("_")[0]), key.endswith("_change")

    def value(row: Row) -> int | None:
        cell = row.cells[column]
        return cell.change if change else cell.total

    there = [row for row in found if value(row) is not None]
    there.sort(key=lambda row: value(row) or 0, reverse=wanted.sort.startswith("-"))
    ordered = there + [row for row in found if value(row) is None]
    return ordered[offset : offset + limit]


def _people(viewer: Viewer, wanted: Wanted, sort: str, limit: int, offset: int) -> Sequence[Any]:
    given = {
        **asked_by(viewer, Purpose.CLINICAL),
        "me": viewer.staff_id,
        "states": sorted(STATES.get(wanted.states, OPEN)),
        "before": clock.today() - timedelta(days=wanted.not_for_days),
        "limit": limit,
        "offset": offset,
    }
    few = STATES.get(wanted.states, OPEN) <= OPEN
    query = _statement(wanted.mine, bool(wanted.not_for_days), sort, few)
    return query.all(given)


@lru_cache(maxsize=32)
def _statement(mine: bool, stale: bool, sort: str, few: bool) -> Prepared:
    """Made once for every list of this shape: making it takes longer than asking it.

    Args:
        few: only open cases.
    """
    of_him = (
        MeasureOccasion.case_id == Case.id,
        MeasureOccasion.instrument.in_(COLUMNS),
        MeasureOccasion.state == OccasionState.SUBMITTED,
    )
    # The last day of all is worked out only where the list is about it: rows have it of the scores.
    measured = select(func.max(MeasureOccasion.asked_on)).where(*of_him).scalar_subquery()
    query = (
        select(
            Case.id,
            Case.ref,
            Case.state,
            *_REPORT,
            Person.id.label("person_id"),
            Person.given_name,
            Person.family_name,
            Person.born,
        )
        .join(Person, Person.id == Case.person_id)
        .where(
            _in_state(few),
            visible(ANYBODY, Case.id, Case.restricted),
            exists().where(*of_him),
        )
        .order_by(*_order(sort, measured))
        .limit(bindparam("limit"))
        .offset(bindparam("offset"))
    )
    if mine:
        query = query.where(is_his())
    return Prepared(query.where(measured <= bindparam("before")) if stale else query)


def _in_state(few: bool) -> ColumnElement[bool]:
    """Open cases are as many as a service treats, however long it has treated: they are found
    first, and sorted then. Those that are over are read in the order of the list."""
    states: Any = bindparam("states", expanding=True)
    if not few:
        return Case.state.in_(states)
    there = aliased(Case)
    return Case.id.in_(select(there.id).where(there.state.in_(states)))


def _order(sort: str, measured: Any) -> list[Any]:
    name: list[Any] = [Person.sort_name, Case.id]
    columns = [measured, *name] if sort.endswith("measured") else name
    return [column.desc() for column in columns] if sort.startswith("-") else columns


def _rows(people: Sequence[Any]) -> list[Row]:
    ids = [line.id for line in people]
    cells, countdowns = cells_of(ids), Countdowns()
    return [
        Row(
            case_id=line.id,
            person_id=line.person_id,
            ref=line.ref,
            name=f"{line.given_name} {line.family_name}".strip(),
            born=line.born,
            state=state_text(line.state),
            state_colour=state_colour(line.state),
            measured_on=cells[line.id].measured_on,
            report=countdowns.of(line),
            cells=cells[line.id].cells,
        )
        for line in people
    ]
