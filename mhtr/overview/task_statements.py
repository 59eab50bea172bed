"""The statements behind lists of open tasks: one for each shape of list, made once.

A list's values (whose tasks, until when, of which court, for which viewer) have places in its
statement, so that the statement of one shape serves everybody: making it takes longer than
asking it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select, true, union_all

from mhtr.accounts.models import Staff
from mhtr.cases.facts import CaseState
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.access import Purpose, Viewer
from mhtr.core.database import UtcDateTime
from mhtr.core.prepared import Prepared
from mhtr.core.scope import ALSO, ANYBODY, asked_by, has_only, visible
from mhtr.overview.sorting import ordered, task_sorts
from mhtr.people.models import Person
from mhtr.tasks.kinds import CLINICAL_ALONE, NAMELESS
from mhtr.tasks.models import Task, TaskKind, TaskState

SHAPES = 256
"""Shapes of list remembered: kinds by role, filters and sorts."""
SOMETIME = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Wanted:
    """Which open tasks a list shows.

    `owners` are principals; without them every task of the kinds in the viewer's scope counts.
    With `case_id`, those of one case, which the caller has found in the viewer's scope.
    `assessor_id` limits a list without `owners` to that assessor's cases.
    """

    kinds: frozenset[TaskKind]
    owners: tuple[int, ...] = ()
    assessor_id: int | None = None
    due_before: datetime | None = None
    court: str = ""
    states: frozenset[CaseState] | None = None
    sort: str = "due"
    """A key of `task_sorts`, after a minus sign from the other end."""
    case_id: int | None = None
    by_today: frozenset[TaskKind] = frozenset()
    """Kinds of which only those due by the end of today count."""
    each: int = 0
    """Where it is set, so many of each kind, whatever the list's limit."""


def end_of_today() -> datetime:
    """Midnight in London."""
    tomorrow = clock.today() + timedelta(days=1)
    return clock.from_london(datetime.combine(tomorrow, time(0)))


def find_tasks(viewer: Viewer, *wanted: Wanted, limit: int, offset: int = 0) -> Sequence[Any]:
    """The lines of a list, or of several with `each` set; sorted as the first of them."""
    given = _given(viewer, *wanted)
    given |= {"reach": limit + offset, "limit": limit, "offset": offset}
    alone = has_only(viewer, Purpose.CLINICAL)
    made = _lines(tuple(_shape(part) for part in wanted), alone)
    return made.all(given)


def count_tasks(viewer: Viewer, wanted: Wanted) -> int:
    """How many lines the whole list has."""
    made = _number(_shape(wanted), has_only(viewer, Purpose.CLINICAL))
    number: int = made.values(_given(viewer, wanted))[0]
    return number


def _given(viewer: Viewer, *wanted: Wanted) -> dict[str, Any]:
    given: dict[str, Any] = asked_by(viewer, *Purpose, also=Purpose.CLINICAL)
    given |= {"tomorrow": end_of_today()}
    for number, part in enumerate(wanted):
        given |= {
            f"owners_{number}": part.owners,
            f"assessor_{number}": part.assessor_id,
            f"before_{number}": part.due_before,
            f"court_{number}": part.court,
            f"states_{number}": sorted(part.states or ()),
            f"case_{number}": part.case_id,
        }
    return given


def _shape(wanted: Wanted) -> Wanted:
    """The list with a stand-in for every value that has a place in its statement."""
    return replace(
        wanted,
        owners=(0,) if wanted.owners else (),
        assessor_id=None if wanted.assessor_id is None else 0,
        due_before=None if wanted.due_before is None else SOMETIME,
        court="?" if wanted.court else "",
        states=None if wanted.states is None else frozenset(),
        case_id=None if wanted.case_id is None else 0,
    )


@lru_cache(maxsize=SHAPES)
def _number(shape: Wanted, alone: bool) -> Prepared:
    return Prepared(select(func.count()).select_from(_open(shape, 0, alone).subquery()))


@lru_cache(maxsize=SHAPES)
def _lines(shapes: tuple[Wanted, ...], alone: bool) -> Prepared:
    ids = [_ids(shape, number, alone) for number, shape in enumerate(shapes)]
    return Prepared(
        select(
            Task.ref,
            Task.key,
            Task.kind,
            Task.title,
            Task.endpoint,
            Task.subject_ref,
            Task.due_at,
            Task.created_at,
            Task.acknowledged_at,
            Task.owner_principal_id,
            Staff.name.label("owner"),
            Case.id.label("case_id"),
            Case.ref.label("case_ref"),
            Case.state,
            Case.progress,
            Case.court_code,
            Case.hearing_on,
            Case.urgent,
            Case.report_due_on,
            Case.paused,
            Case.stage,
            Person.id.label("person_id"),
            Person.given_name,
            Person.family_name,
            Person.born,
            _clinical(alone).label("clinical"),
        )
        .select_from(Task)
        .outerjoin(Case, and_(Case.id == Task.case_id, Task.kind.not_in(sorted(NAMELESS))))
        .outerjoin(Person, Person.id == Case.person_id)
        .outerjoin(Staff, Staff.id == Task.owner_staff_id)
        .where(Task.id.in_(ids[0] if len(ids) == 1 else union_all(*ids)))
        .order_by(*_order(shapes[0]))
        .limit(bindparam("limit"))
        .offset(bindparam("offset"))
    )


def _order(wanted: Wanted) -> tuple[Any, ...]:
    sort = task_sorts()[wanted.sort.removeprefix("-")]
    return ordered(sort, Task.id, descending=wanted.sort.startswith("-"))


def _ids(shape: Wanted, number: int, alone: bool) -> Select[Any]:
    """The first tasks of a list; with `each`, the first so many of every kind."""
    query, order = _open(shape, number, alone), _order(shape)
    if shape.sort in ("name", "-name"):
        query = query.outerjoin(Person, Person.id == Case.person_id)
    if not shape.each:
        return query.order_by(*order).limit(bindparam("reach"))
    place = func.row_number().over(partition_by=Task.kind, order_by=order).label("place")
    placed = query.add_columns(place).subquery()
    return select(placed.c.id).where(placed.c.place <= shape.each)


def _open(shape: Wanted, number: int, alone: bool) -> Select[Any]:
    """Every task of a list.

    Only open tasks are read, of owners or kinds by index: they are as many as a service has to
    do, however many it has done.
    """
    of_case = Case.id == Task.case_id
    if shape.case_id is None and shape.kinds & NAMELESS:
        # Sorted by what is not shown, the order of the rows would tell it.
        of_case = and_(of_case, Task.kind.not_in(sorted(NAMELESS)))
    return (
        select(Task.id)
        .outerjoin(Case, of_case)
        .where(Task.kind.in_(sorted(shape.kinds)), Task.state == TaskState.OPEN)
        .where(*_narrowed(shape, number), _in_scope(shape), _for_him(shape, alone))
    )


def _clinical(alone: bool) -> ColumnElement[bool]:
    """The case is the viewer's as a clinician; `alone`: all of his are, without asking."""
    return true() if alone else visible(ALSO, Case.id, Case.restricted)


def _for_him(shape: Wanted, alone: bool) -> ColumnElement[bool]:
    """Clinical work only of cases that are his as a clinician, whatever else he sees them for."""
    clinical = sorted(shape.kinds & CLINICAL_ALONE)
    if alone or not clinical:
        return true()
    return or_(Task.kind.not_in(clinical), _clinical(alone))


def _in_scope(shape: Wanted) -> ColumnElement[bool]:
    if shape.case_id is not None:
        return true()
    seen = visible(ANYBODY, Case.id, Case.restricted)
    if shape.owners:
        # A task without a case is shown to its owner only: nothing else says whose it is.
        seen = or_(Task.case_id.is_(None), seen)
    nameless = sorted(shape.kinds & NAMELESS)
    return or_(Task.kind.in_(nameless), seen) if nameless else seen


def _narrowed(shape: Wanted, number: int) -> Iterator[ColumnElement[bool]]:
    if shape.case_id is not None:
        yield Task.case_id == bindparam(f"case_{number}")
    if shape.owners:
        yield Task.owner_principal_id.in_(bindparam(f"owners_{number}", expanding=True))
    elif shape.assessor_id is not None:
        yield Case.assessor_id == bindparam(f"assessor_{number}")
    if shape.due_before is not None:
        yield Task.due_at < bindparam(f"before_{number}", type_=UtcDateTime())
    if shape.by_today & shape.kinds:
        later = sorted(shape.kinds - shape.by_today)
        yield or_(Task.kind.in_(later), Task.due_at < bindparam("tomorrow", type_=UtcDateTime()))
    if shape.court:
        yield Case.court_code == bindparam(f"court_{number}")
    if shape.states is not None:
        yield Case.state.in_(bindparam(f"states_{number}", expanding=True))
