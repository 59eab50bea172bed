"""Reading requests for reports: a court team's list, and one request with its history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import aliased

from mhtr.accounts.models import Staff
from mhtr.cases.facts import CaseState, ReportProgress
from mhtr.cases.models import Case
from mhtr.cases.queries import in_scope
from mhtr.cases.report_due import in_progress, is_at_rest
from mhtr.cases.standing import BEFORE_SENTENCE
from mhtr.core import clock, policy
from mhtr.core.access import Purpose, Viewer
from mhtr.core.codes.lists import load
from mhtr.core.database import db
from mhtr.core.working_days import WorkingCalendar
from mhtr.people.models import Person
from mhtr.people.queries import crn_of
from mhtr.suitability.asked import DateAnswer
from mhtr.suitability.countdown import Countdown, CountdownState, countdown
from mhtr.suitability.models import ReportRequest
from mhtr.suitability.policy import SOON_DAYS
from mhtr.suitability.reliance_news import mark_now, marks_of
from mhtr.suitability.request_states import (
    MAY_NOT_STAND,
    NOT_DUE,
    STATE_COLOURS,
    STATE_WORDS,
    WAITING,
    RequestState,
)
from mhtr.tasks.calendar import working_calendar

PAGE_SIZE = 25

SORTS: Mapping[str, tuple[Any, ...]] = MappingProxyType(
    {
        "due": (ReportRequest.due_on, ReportRequest.id),
        "-due": (ReportRequest.due_on.desc(), ReportRequest.id.desc()),
        "hearing": (Case.hearing_on.is_(None), Case.hearing_on, ReportRequest.id),
        "-hearing": (Case.hearing_on.is_(None), Case.hearing_on.desc(), ReportRequest.id.desc()),
        "asked": (ReportRequest.requested_at, ReportRequest.id),
        "-asked": (ReportRequest.requested_at.desc(), ReportRequest.id.desc()),
        "name": (Person.sort_name, ReportRequest.id),
        "-name": (Person.sort_name.desc(), ReportRequest.id.desc()),
    }
)
FINISHED = frozenset(CaseState) - BEFORE_SENTENCE


@dataclass(frozen=True)
class Wanted:
    """What the list is asked to show."""

    whose: str = "mine"
    shown: str = "waiting"
    due: str = "any"
    sort: str = "due"
    page: int = 1


@dataclass(frozen=True)
class Reckoning:
    """What days are counted with, read once for a whole list."""

    today: date
    calendar: WorkingCalendar
    soon_days: int

    @classmethod
    def now(cls) -> "Reckoning":
        soon = int(policy.values(SOON_DAYS)["soon_days"])
        return cls(clock.today(), working_calendar(), soon)

    def countdown(self, request: ReportRequest, state: RequestState) -> Countdown | None:
        """Working days left; None where nothing is due in this state."""
        if state in NOT_DUE:
            return None
        return countdown(request.due_on, self.today, self.calendar, self.soon_days)


@dataclass(frozen=True)
class RequestRow:
    """One request as its list shows it."""

    request: ReportRequest
    case: Case
    author: str
    crn: str
    court: str
    state: RequestState
    countdown: Countdown | None
    mark: str = ""
    """That the report that went out may no longer stand."""

    @property
    def state_words(self) -> str:
        return MAY_NOT_STAND if self.mark else STATE_WORDS[self.state]

    @property
    def colour(self) -> str:
        return "orange" if self.mark else STATE_COLOURS.get(self.state, "grey")

    @property
    def is_waiting(self) -> bool:
        """Whether a report is still to come."""
        return self.state in WAITING

    @property
    def not_due(self) -> str:
        """Why no report is due, in words; empty where one is."""
        return NOT_DUE.get(self.state, "")

    @property
    def countdown_colour(self) -> str:
        return COUNTDOWN_COLOURS[self.countdown.state] if self.countdown else "grey"


COUNTDOWN_COLOURS = {
    CountdownState.OVERDUE: "red",
    CountdownState.TODAY: "orange",
    CountdownState.SOON: "yellow",
    CountdownState.LATER: "grey",
}


def list_requests(viewer: Viewer, wanted: Wanted) -> tuple[list[RequestRow], bool]:
    """A page of the newest request of each case in scope, and whether another page follows."""
    query = _current(viewer).order_by(*SORTS[wanted.sort])
    for condition in _conditions(viewer, wanted):
        query = query.where(condition)
    query = query.limit(PAGE_SIZE + 1).offset((wanted.page - 1) * PAGE_SIZE)
    found = db.session.execute(query).unique().all()
    reckoning = Reckoning.now()
    out = [case.id for _, case, _ in found if case.progress is ReportProgress.RELEASED]
    marks = marks_of(out)
    rows = [
        _row(request, case, name, reckoning, marks.get(case.id, ""))
        for request, case, name in found[:PAGE_SIZE]
    ]
    return rows, len(found) > PAGE_SIZE


def next_due(viewer: Viewer) -> date | None:
    """The next due date among what she may see; for an empty list."""
    query = _current(viewer).where(
        *_open(),
        Case.progress != ReportProgress.RELEASED,
        Case.report_due_on.is_not(None),
        in_progress(),
    )
    found = db.session.execute(query.order_by(ReportRequest.due_on).limit(1)).unique().first()
    return found[0].due_on if found else None


def _current(viewer: Viewer) -> Select[ReportRequest, Case, str]:
    later = aliased(ReportRequest)
    superseded = (
        select(later.id)
        .where(later.case_id == ReportRequest.case_id, later.id > ReportRequest.id)
        .exists()
    )
    return (
        select(ReportRequest, Case, Staff.name)
        .join(Case, Case.id == ReportRequest.case_id)
        .join(Person, Person.id == Case.person_id)
        .join(Staff, Staff.id == ReportRequest.author_id)
        .where(in_scope(viewer, Purpose.PRE_SENTENCE), ~superseded)
    )


def _open() -> tuple[ColumnElement[bool], ...]:
    """Of a case not sentenced yet. By its state a case is found among those of many years; the
    subquery makes the database begin there, and not with all she and her team ever asked for.
    """
    live, other = sorted(BEFORE_SENTENCE), aliased(Case)
    return (
        Case.state.in_(live),
        ReportRequest.case_id.in_(select(other.id).where(other.state.in_(live))),
    )


def _conditions(viewer: Viewer, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.whose == "mine":
        found.append(ReportRequest.author_id == viewer.staff_id)
    open_states = Case.state.in_(sorted(BEFORE_SENTENCE))
    released = Case.progress == ReportProgress.RELEASED
    withdrawn = ReportRequest.date_answer == DateAnswer.WITHDRAWS
    stopped = Case.report_due_on.is_(None)
    if wanted.shown == "waiting":
        found += [*_open(), ~released, ~withdrawn, ~stopped]
    elif wanted.shown == "released":
        found += [released]
    elif wanted.shown == "finished":
        found.append(~open_states | withdrawn | (stopped & ~released))
    today = clock.today()
    if wanted.due == "overdue":
        found += [ReportRequest.due_on < today, *_open(), ~released, ~stopped, in_progress()]
    elif wanted.due == "week":
        found.append(ReportRequest.due_on.between(today, today + timedelta(days=7)))
    return found


def _row(
    request: ReportRequest, case: Case, author: str, reckoning: Reckoning, mark: str
) -> RequestRow:
    state = state_of(request, case)
    return RequestRow(
        request=request,
        case=case,
        author=author,
        crn=crn_of(case.person),
        court=court_name(case.court_code),
        state=state,
        countdown=reckoning.countdown(request, state),
        mark=mark if state is RequestState.RELEASED else "",
    )


def row_of(request: ReportRequest, case: Case) -> RequestRow:
    """One request as its own page shows it."""
    name = db.session.get_one(Staff, request.author_id).name
    return _row(request, case, name, Reckoning.now(), mark_now(case.id))


def state_of(request: ReportRequest, case: Case) -> RequestState:
    """Where the request stands in words that probation may read."""
    if request.date_answer == DateAnswer.WITHDRAWS:
        return RequestState.WITHDRAWN
    if case.state is CaseState.CLOSED:
        released = case.progress is ReportProgress.RELEASED
        return RequestState.DECIDED if released else RequestState.CLOSED
    if case.state not in BEFORE_SENTENCE:
        return RequestState.DECIDED
    if case.progress is ReportProgress.RELEASED:
        return RequestState.RELEASED
    if case.report_due_on is None:
        return RequestState.STOPPED
    if case.paused:
        return RequestState.PAUSED
    if is_at_rest(case):
        return RequestState.RESTS
    if case.progress in (ReportProgress.WITH_CLINICAL_LEAD, ReportProgress.COUNTERSIGNED):
        return RequestState.WITH_LEAD
    if case.progress is not ReportProgress.NOT_STARTED:
        return RequestState.BEING_ASSESSED
    return RequestState.WITH_ASSESSOR if case.assessor_id else RequestState.RECEIVED


def court_name(code: str) -> str:
    """The name of a court, retired or not."""
    entry = load("courts").get(code) if code else None
    return entry.label if entry else ""


def find_requests(viewer: Viewer, refs: list[Any]) -> list[ReportRequest]:
    """The current requests behind these references that are in her scope."""
    query = _current(viewer).where(ReportRequest.ref.in_(refs))
    return [request for request, _, _ in db.session.execute(query).unique()]
