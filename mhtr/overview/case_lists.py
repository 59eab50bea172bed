"""Cases as rows: hearings that come, and referrals nobody assesses yet."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, func, select, true

from mhtr.accounts.models import Staff
from mhtr.cases.facts import CaseState
from mhtr.cases.models import Case
from mhtr.cases.report_due import Countdowns
from mhtr.cases.standing import BEFORE_SENTENCE, UNDER_ORDER
from mhtr.cases.standing_words import outside_state, state_colour, state_text
from mhtr.core import clock, formats
from mhtr.core.access import Purpose, Viewer
from mhtr.core.due import Left, left_until, until_hearing
from mhtr.core.prepared import Prepared
from mhtr.core.scope import ALSO, ANYBODY, asked_by, has_only, visible
from mhtr.core.working_days import WorkingCalendar
from mhtr.overview.links import case_href, page_href
from mhtr.overview.rows import Row, court_name
from mhtr.overview.sorting import case_sorts, ordered
from mhtr.overview.task_lists import note_shown
from mhtr.people.models import Person
from mhtr.tasks.models import Task, TaskKind, TaskState

HEARING_DAYS = 10
"""Working days ahead that count as coming."""
SHAPES = 64
"""Shapes of list remembered: filters and sorts."""
UNALLOCATED = tuple(sorted(BEFORE_SENTENCE | UNDER_ORDER))
"""States in which somebody must have a man: he waits there until an assessor is named."""
TO_BEGIN = (TaskKind.TRIAGE, TaskKind.ALLOCATE)


@dataclass(frozen=True)
class WantedCases:
    """Which cases a list shows."""

    assessor_id: int | None = None
    until: date | None = None
    court: str = ""
    states: frozenset[CaseState] | None = None
    """None: any state."""
    sort: str = ""
    """A key of `case_sorts`, after a minus sign from the other end; empty: the list's own."""


def hearing_rows(
    viewer: Viewer, wanted: WantedCases, calendar: WorkingCalendar, *, limit: int, offset: int = 0
) -> list[Row]:
    """Hearings from today to `until` (ten working days ahead unless given), soonest first."""
    today = clock.today()
    until = wanted.until or calendar.add(today, HEARING_DAYS)
    given = _given(viewer, wanted, limit, offset) | {"from": today, "until": until}
    found = _hearings(_shape(wanted), _alone(viewer)).all(given)
    countdowns = Countdowns(calendar)
    rows = [_hearing(line, today, countdowns) for line in found]
    note_shown(rows)
    return rows


def next_hearing_row(viewer: Viewer, *, assessor_id: int | None) -> Row | None:
    """The next hearing of all, for an empty page."""
    far = clock.today() + timedelta(days=366)
    wanted = WantedCases(assessor_id=assessor_id, until=far)
    found = hearing_rows(viewer, wanted, WorkingCalendar(), limit=1)
    return found[0] if found else None


def unallocated_rows(
    viewer: Viewer, wanted: WantedCases, calendar: WorkingCalendar, *, limit: int, offset: int = 0
) -> list[Row]:
    """Referrals without an assessor: urgent ones first, then the longest waiting.

    Due when their triage or allocation is.
    """
    states = [s for s in UNALLOCATED if wanted.states is None or s in wanted.states]
    given = _given(viewer, wanted, limit, offset) | {"states": states}
    found = _unallocated(_shape(wanted), _alone(viewer)).all(given)
    countdowns, now = Countdowns(calendar), clock.now()
    rows = [_referral(viewer, line, countdowns, _begin_in(line, now, calendar)) for line in found]
    note_shown(rows)
    return rows


def _given(viewer: Viewer, wanted: WantedCases, limit: int, offset: int) -> dict[str, Any]:
    return {
        **asked_by(viewer, *Purpose, also=Purpose.CLINICAL),
        "assessor": wanted.assessor_id,
        "court": wanted.court,
        "states": sorted(wanted.states or ()),
        "limit": limit,
        "offset": offset,
    }


def _alone(viewer: Viewer) -> bool:
    return has_only(viewer, Purpose.CLINICAL)


def _shape(wanted: WantedCases) -> WantedCases:
    """The list with a stand-in for every value that has a place in its statement."""
    return replace(
        wanted,
        assessor_id=None if wanted.assessor_id is None else 0,
        until=None,
        court="?" if wanted.court else "",
        states=None if wanted.states is None else frozenset(),
    )


@lru_cache(maxsize=SHAPES)
def _hearings(shape: WantedCases, alone: bool) -> Prepared:
    """Made once for every list of this shape: making it takes longer than asking it."""
    query = _cases(shape, "due", alone).where(
        Case.hearing_on >= bindparam("from"),
        Case.hearing_on <= bindparam("until"),
        # Said the other way round, so that the index of court dates drives the list.
        Case.state.not_in(sorted(set(CaseState) - BEFORE_SENTENCE)),
    )
    if shape.assessor_id is not None:
        query = query.where(Case.assessor_id == bindparam("assessor"))
    if shape.states is not None:
        query = query.where(Case.state.in_(bindparam("states", expanding=True)))
    return Prepared(query)


@lru_cache(maxsize=SHAPES)
def _unallocated(shape: WantedCases, alone: bool) -> Prepared:
    due = (
        select(func.min(Task.due_at))
        .where(Task.case_id == Case.id, Task.state == TaskState.OPEN, Task.kind.in_(TO_BEGIN))
        .scalar_subquery()
    )
    return Prepared(
        _cases(shape, "age", alone)
        .add_columns(due.label("due_at"))
        .where(Case.state.in_(bindparam("states", expanding=True)), Case.assessor_id.is_(None))
    )


def _cases(shape: WantedCases, usual: str, alone: bool) -> Any:
    key = shape.sort or usual
    order = ordered(case_sorts()[key.removeprefix("-")], Case.id, descending=key.startswith("-"))
    if key == "age":
        order = (Case.urgent.desc(), *order)  # an urgent one waits behind nobody
    query = (
        _columns(alone)
        .where(visible(ANYBODY, Case.id, Case.restricted))
        .order_by(*order)
        .limit(bindparam("limit"))
        .offset(bindparam("offset"))
    )
    return query.where(Case.court_code == bindparam("court")) if shape.court else query


def _columns(alone: bool) -> Any:
    return (
        select(
            Case.id,
            Case.ref,
            Case.state,
            Case.court_code,
            Case.hearing_on,
            Case.opened_at,
            Case.urgent,
            Case.paused,
            Case.stage,
            Case.report_due_on,
            Case.progress,
            Staff.name.label("assessor"),
            Person.id.label("person_id"),
            Person.given_name,
            Person.family_name,
            Person.born,
            (true() if alone else visible(ALSO, Case.id, Case.restricted)).label("clinical"),
        )
        .select_from(Case)
        .join(Person, Person.id == Case.person_id)
        .outerjoin(Staff, Staff.id == Case.assessor_id)
    )


def _hearing(line: Any, today: date, countdowns: Countdowns) -> Row:
    return _row(
        line,
        countdowns,
        what=f"Hearing on {formats.short_day(line.hearing_on)}",
        href=case_href(line.ref),
        action="Open case",
        left=until_hearing(line.hearing_on, today),
        due=line.hearing_on,
        facts=("Paused",) if line.paused else (),
    )


def _referral(viewer: Viewer, line: Any, countdowns: Countdowns, left: Left | None) -> Row:
    triage = page_href(viewer, "intake.triage_case", line.ref)
    return _row(
        line,
        countdowns,
        what=f"Referred {formats.day(line.opened_at)}",
        href=triage or case_href(line.ref),
        action="Triage" if triage else "Open case",
        due=line.due_at,
        left=left,
        facts=("Paused",) if line.paused else (),
    )


def _begin_in(line: Any, now: datetime, calendar: WorkingCalendar) -> Left | None:
    return left_until(line.due_at, now, calendar) if line.due_at else None


def _row(line: Any, countdowns: Countdowns, **given: Any) -> Row:
    state = line.state if line.clinical else outside_state(line.state)
    return Row(
        ref=line.ref,
        who=f"{line.given_name} {line.family_name}".strip(),
        born=line.born,
        owner=line.assessor or "Nobody yet",
        since=line.opened_at,
        age=formats.ago(line.opened_at, clock.now()),
        court=court_name(line.court_code),
        state=state_text(state),
        state_colour=state_colour(state),
        hearing_on=line.hearing_on,
        urgent=line.urgent,
        report=countdowns.of(line),
        case_id=line.id,
        person_id=line.person_id,
        **given,
    )
