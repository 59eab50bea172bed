"""Open tasks as rows: read by an index, in the viewer's scope, one query a list."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true

from mhtr.accounts.models import Staff
from mhtr.cases.facts import CaseState
from mhtr.cases.models import Case
from mhtr.cases.report_due import Countdowns
from mhtr.cases.standing_words import outside_state, state_colour, state_text
from mhtr.core import clock, formats
from mhtr.core.access import Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.due import left_until
from mhtr.core.scope import visible, visible_also
from mhtr.core.working_days import WorkingCalendar
from mhtr.overview.answers import answers_of
from mhtr.overview.kinds import ACTION_WORDS, CLINICAL_ALONE, NAMELESS
from mhtr.overview.links import task_href
from mhtr.overview.rows import Row, court_name
from mhtr.overview.sorting import ordered, task_sorts
from mhtr.people.models import Person
from mhtr.tasks.models import Task, TaskKind, TaskState
from mhtr.web.reads import shows


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


def task_rows(
    viewer: Viewer, wanted: Wanted, calendar: WorkingCalendar, *, limit: int, offset: int = 0
) -> list[Row]:
    """The rows of a list, by due time. Their reading is audited."""
    found = db.session.execute(_with_people(viewer, wanted, limit, offset)).all()
    keys = [line.key for line in found if line.clinical and line.kind is TaskKind.RISK_REVIEW]
    said = answers_of(keys)
    now = clock.now()
    rows = []
    for line in found:
        answers = said.get(line.key)
        rows.append(_row(viewer, line, answers.lines if answers else (), now, calendar))
    note_shown(rows)
    return rows


def note_shown(rows: Iterable[Row]) -> None:
    """Note for the audit which cases and people a page names."""
    for row in rows:
        if row.case_id is not None and row.person_id is not None:
            shows("case", row.case_id)
            shows("person", row.person_id)


def _with_people(viewer: Viewer, wanted: Wanted, limit: int, offset: int) -> Any:
    ids = _ids(viewer, wanted, offset + limit)
    return (
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
            Person.id.label("person_id"),
            Person.given_name,
            Person.family_name,
            Person.born,
            visible_also(viewer, Case.id, Case.restricted, Purpose.CLINICAL).label("clinical"),
        )
        .select_from(Task)
        .outerjoin(Case, and_(Case.id == Task.case_id, Task.kind.not_in(sorted(NAMELESS))))
        .outerjoin(Person, Person.id == Case.person_id)
        .outerjoin(Staff, Staff.id == Task.owner_staff_id)
        .where(Task.id.in_(ids))
        .order_by(*_order(wanted))
        .limit(limit)
        .offset(offset)
    )


def _order(wanted: Wanted) -> tuple[Any, ...]:
    sort = task_sorts()[wanted.sort.removeprefix("-")]
    return ordered(sort, Task.id, descending=wanted.sort.startswith("-"))


def _ids(viewer: Viewer, wanted: Wanted, limit: int) -> Select[Any]:
    """The first tasks of a list; with `each`, the first so many of every kind.

    Only open tasks are read, of owners or kinds by index: they are as many as a service has to
    do, however many it has done.
    """
    of_case = Case.id == Task.case_id
    if wanted.case_id is None and wanted.kinds & NAMELESS:
        # Sorted by what is not shown, the order of the rows would tell it.
        of_case = and_(of_case, Task.kind.not_in(sorted(NAMELESS)))
    query = (
        select(Task.id)
        .outerjoin(Case, of_case)
        .where(Task.kind.in_(sorted(wanted.kinds)), Task.state == TaskState.OPEN)
        .where(*_narrowed(wanted), _seen(viewer, wanted))
    )
    if wanted.sort in ("name", "-name"):
        query = query.outerjoin(Person, Person.id == Case.person_id)
    order = _order(wanted)
    if not wanted.each:
        return query.order_by(*order).limit(limit)
    place = func.row_number().over(partition_by=Task.kind, order_by=order).label("place")
    placed = query.add_columns(place).subquery()
    return select(placed.c.id).where(placed.c.place <= wanted.each)


def _seen(viewer: Viewer, wanted: Wanted) -> ColumnElement[bool]:
    return and_(_in_scope(viewer, wanted), _for_him(viewer, wanted))


def _for_him(viewer: Viewer, wanted: Wanted) -> ColumnElement[bool]:
    """Clinical work only of cases that are his as a clinician, whatever else he sees them for."""
    clinical = sorted(wanted.kinds & CLINICAL_ALONE)
    if not clinical or viewer.purposes == {Purpose.CLINICAL}:
        return true()
    his = visible_also(viewer, Case.id, Case.restricted, Purpose.CLINICAL)
    return or_(Task.kind.not_in(clinical), his)


def _in_scope(viewer: Viewer, wanted: Wanted) -> ColumnElement[bool]:
    if wanted.case_id is not None:
        return true()
    seen = visible(viewer, Case.id, Case.restricted, *Purpose)
    if wanted.owners:
        # A task without a case is shown to its owner only: nothing else says whose it is.
        seen = or_(Task.case_id.is_(None), seen)
    nameless = sorted(wanted.kinds & NAMELESS)
    return or_(Task.kind.in_(nameless), seen) if nameless else seen


def _narrowed(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.case_id is not None:
        yield Task.case_id == wanted.case_id
    if wanted.owners:
        yield Task.owner_principal_id.in_(wanted.owners)
    elif wanted.assessor_id is not None:
        yield Case.assessor_id == wanted.assessor_id
    if wanted.due_before is not None:
        yield Task.due_at < wanted.due_before
    if wanted.by_today & wanted.kinds:
        later = sorted(wanted.kinds - wanted.by_today)
        yield or_(Task.kind.in_(later), Task.due_at < end_of_today())
    if wanted.court:
        yield Case.court_code == wanted.court
    if wanted.states is not None:
        yield Case.state.in_(sorted(wanted.states))


def _row(
    viewer: Viewer, line: Any, said: tuple[str, ...], now: datetime, calendar: WorkingCalendar
) -> Row:
    state = _state(line)
    countdown = line.case_id is not None and line.kind is not TaskKind.REPORT_DUE
    return Row(
        ref=line.ref,
        what=line.title,
        href=task_href(
            viewer,
            kind=line.kind,
            task_ref=line.ref,
            endpoint=line.endpoint,
            subject_ref=line.subject_ref,
            case_ref=line.case_ref,
            progress=line.progress,
        ),
        action=ACTION_WORDS[line.kind],
        who=f"{line.given_name} {line.family_name}".strip() if line.person_id else "",
        born=line.born,
        left=left_until(line.due_at, now, calendar),
        due=line.due_at,
        owner=line.owner or "Team",
        since=line.created_at,
        age=formats.ago(line.created_at, now),
        court=court_name(line.court_code or ""),
        state=state_text(state) if state else "",
        state_colour=state_colour(state) if state else "grey",
        hearing_on=line.hearing_on,
        urgent=bool(line.urgent),
        facts=("Seen",) if line.acknowledged_at else (),
        said=said,
        report=Countdowns(calendar).of(line) if countdown else None,
        case_id=line.case_id,
        person_id=line.person_id,
        kind=line.kind,
    )


def _state(line: Any) -> CaseState | None:
    """No recommendation before release for those who see no clinical record of him."""
    state: CaseState | None = line.state
    return state if state is None or line.clinical else outside_state(state)
