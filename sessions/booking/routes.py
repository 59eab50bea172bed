"""His sessions: what is booked, not booked yet, moved or cancelled; and finding a time."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import render_template, request, url_for

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Staff
from mhtr.cases.away_service import is_away
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.cases.standing import UNDER_ORDER
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, Purpose, Role, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.web import navigation
from mhtr.web.gate import only
from mhtr.web.navigation import CaseGroup
from mhtr.web.reads import shows
from sessions.availability.open_rules import monday_of
from sessions.blueprint import bp
from sessions.booking import find_page
from sessions.booking.case_page import shown
from sessions.booking.changes import Which, affected
from sessions.booking.find_page import Checked, Offers
from sessions.booking.forms import AskForm, FindForm
from sessions.booking.holding import GONE
from sessions.booking.models import TreatmentSession
from sessions.booking.queries import all_of, booked_of, coming_in_series, session_with
from sessions.booking.search import Search, search
from sessions.booking.shapes import london_day
from sessions.booking.tokens import refs_of
from sessions.booking.wishes import plan_of
from sessions.courses.models import CourseSession
from sessions.courses.queries import open_course
from sessions.therapies import SessionMode

PURPOSES = (Purpose.CLINICAL, Purpose.ADMINISTRATION)
BOOKERS = (*CLINICAL_ROLES, Role.ADMINISTRATOR)
_WEEK = timedelta(weeks=1)
_FURTHEST = timedelta(weeks=60)
NOT_SHOWN = "Enter a day from this week on, at most 60 weeks ahead."
NO_SUCH_TIME = "The clocks go forward over that time. Enter another one."

navigation.add_case(
    CaseGroup.TREATMENT,
    20,
    "Sessions",
    "sessions.case_sessions",
    *PURPOSES,
    section=(
        "sessions.find_time",
        "sessions.plan_",
        "sessions.book_",
        "sessions.move_",
        "sessions.cancel_",
        "register.told_him",
    ),
    roles=BOOKERS,
)


@bp.get("/cases/<uuid:case_ref>/sessions")
@only(*BOOKERS)
def case_sessions(case_ref: uuid.UUID) -> str:
    """Everything booked for a man, and what of his course is not booked yet."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *PURPOSES)
    found = shown(case)
    shows("session", *found.session_ids, case_id=case.id)
    return render_template(
        "sessions/case_sessions.html",
        record=record(viewer, case),
        case=case,
        shown=found,
        can_book=may_be_booked(case),
        away=is_away(case.id),
    )


def may_be_booked(case: Case) -> bool:
    """Whether sessions can be booked for a case now."""
    return case.state in UNDER_ORDER and not case.paused and not is_away(case.id)


@dataclass(frozen=True)
class Sought:
    """What a time is looked for: a session of the course, or one that is booked and moves."""

    part: CourseSession | None
    moving: TreatmentSession | None
    which: Which = Which.ONE
    following: int = 0
    """How many booked sessions follow the one that moves, and can move with it."""

    @property
    def query(self) -> dict[str, str]:
        """What links between these pages carry."""
        if self.moving is not None:
            reach = {"reach": self.which.value} if self.which is not Which.ONE else {}
            return {"move": str(self.moving.ref), **reach}
        return {"part": str(self.part.ref)} if self.part else {}


def sought(case: Case, part_ref: str, move_ref: str, reach: str = "") -> Sought:
    """What the address says a time is looked for; the first session not booked where it is silent.

    Args:
        reach: how far a move reaches; only this session where it is silent.

    Raises:
        NotFound: no such session of this man.
    """
    plan = plan_of(case.id)
    if move_ref:
        session = find_session(case, _ref(move_ref))
        own = next(one for one in booked_of(case.id) if one.session.id == session.id)
        rest = affected(session, coming_in_series(session), Which.FOLLOWING)
        wide = reach == Which.FOLLOWING and len(rest) > 1
        which = Which.FOLLOWING if wide else Which.ONE
        part = plan.session(own.place.course_session_id)
        return Sought(part, session, which, max(len(rest) - 1, 0))
    if part_ref:
        part = next((one for one in plan.sessions if one.ref == _ref(part_ref)), None)
        if part is None:
            raise NotFound
        return Sought(part, None)
    return Sought(next((one for one in plan.unbooked if not one.in_group), None), None)


def find_session(case: Case, ref: uuid.UUID) -> TreatmentSession:
    """A session in which this man has a place.

    Raises:
        NotFound: there is none, or he never had one.
        Refused: it was moved or cancelled.
    """
    session = session_with(ref)
    if session is None or session.id not in {one.session.id for one in all_of(case.id)}:
        raise NotFound
    if session.id not in {one.session.id for one in booked_of(case.id)}:
        raise Refused(GONE)
    shows("session", session.id, case_id=case.id)
    return session


def _ref(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as nonsense:
        raise NotFound from nonsense


def treating(viewer: Viewer, case: Case) -> int:
    """The trust whose clinicians and rooms are booked."""
    course = open_course(case.id)
    return course.organisation_id if course else viewer.organisation_id


@bp.get("/cases/<uuid:case_ref>/sessions/find")
@only(*BOOKERS)
def find_time(case_ref: uuid.UUID) -> str:
    """The best times for one session, a week of possibilities, and why another time is none."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *PURPOSES)
    what = sought(case, *(request.args.get(name, "") for name in ("part", "move", "reach")))
    asking = "ask" in request.args
    form, ask = FindForm(), AskForm() if asking else AskForm({})
    monday = _week_asked(form)
    days = [monday] if monday else []
    if asking and ask.day.data and can_be_shown(ask.day.data):
        days.append(monday_of(ask.day.data))
    found = search(
        case, treating(viewer, case), what.part, weeks=days, moving=what.moving, which=what.which
    )
    offers = Offers(found)
    staff = _clinicians(found, form, ask)
    shown_week = days[-1] if days else _first_week(found)
    valid = form.validate()
    staff_id = staff.get(form.clinician.data or "") if valid else None
    way = SessionMode(form.mode.data) if valid and form.mode.data and not asking else None
    checked = _checked(found, offers, ask, staff) if asking and ask.validate() else None
    return render_template(
        "sessions/find_time.html",
        record=record(viewer, case),
        case=case,
        can_book=may_be_booked(case),
        what=what,
        found=found,
        therapist=_fixed_name(found),
        way_here=found.diary.men[0].way,
        best=find_page.ranked(found, offers),
        days=find_page.week(found, offers, shown_week, None if asking else staff_id, way),
        monday=shown_week,
        earlier=shown_week - _WEEK if shown_week > monday_of(clock.today()) else None,
        later=shown_week + _WEEK if can_be_shown(shown_week + _WEEK) else None,
        form=form,
        ask=ask,
        asking=asking,
        checked=checked,
    )


def _fixed_name(found: Search) -> str:
    """The therapist who alone sees him, where that is so."""
    only_id = found.wanted.only_id
    return db.session.get_one(Staff, only_id).name if only_id is not None else ""


def _checked(
    found: Search, offers: Offers, ask: AskForm, staff: Mapping[str, int]
) -> Checked | None:
    """Whether the time that somebody asks for is possible."""
    day, at = ask.day.data, ask.time.data
    if not day or not at:
        return None
    if not can_be_shown(day):
        ask.day.errors = [NOT_SHOWN]
        return None
    checked = find_page.check(found, offers, day, at, staff[ask.whom.data or ""], ask.way)
    if checked is None:
        ask.time.errors = [NO_SUCH_TIME]
    return checked


def _clinicians(found: Search, form: FindForm, ask: AskForm) -> dict[str, int]:
    refs = refs_of(found.diary.clinicians, ())
    choices = [(str(refs.staff[key]), one.name) for key, one in found.diary.clinicians.items()]
    form.clinician.set_choices(choices)
    ask.whom.set_choices(choices)
    return {str(ref): key for key, ref in refs.staff.items()}


def _week_asked(form: FindForm) -> date | None:
    try:
        day = date.fromisoformat(form.week.data or "")
    except ValueError:
        return None
    return monday_of(day) if can_be_shown(day) else None


def can_be_shown(day: date) -> bool:
    """Whether a day is to come, and not so far off that reading up to it would take long."""
    return monday_of(clock.today()) <= day <= clock.today() + _FURTHEST


def _first_week(found: Search) -> date:
    """The week of the best time; where there is none, the first that would be looked at."""
    if found.slots:
        return monday_of(london_day(found.slots[0].starts_at))
    return monday_of(max(clock.today(), found.wanted.first or clock.today()))


def find_href(case: Case, what: Sought) -> str:
    """The page that finds a time for the same session."""
    values: dict[str, Any] = {"case_ref": case.ref, **what.query}
    return url_for("sessions.find_time", **values)
