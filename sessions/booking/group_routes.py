"""Groups: what is booked, who has a place, and giving and taking places."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from flask import url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case, in_scope
from mhtr.cases.standing import UNDER_ORDER
from mhtr.core import clock
from mhtr.core.access import Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.web import navigation
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.reads import shows
from mhtr.web.submission import saving
from sessions.availability.queries import clinicians_open, rooms_open
from sessions.availability.shapes import Span
from sessions.blueprint import bp
from sessions.booking import cancel_service, group_service
from sessions.booking.change_routes import CHANGED
from sessions.booking.forms import CancelForm, GroupForm, JoinForm, LeaveForm
from sessions.booking.group_service import Group
from sessions.booking.models import BookingState, SessionPlace, TreatmentSession
from sessions.booking.queries import (
    coming_in_series,
    count_in,
    place_of,
    places_in,
    session_with,
)
from sessions.booking.routes import BOOKERS, PURPOSES
from sessions.booking.shapes import Place
from sessions.booking.spacing import on_the_wall
from sessions.booking.tokens import refs_of
from sessions.booking.told import told, where
from sessions.booking.wishes import Plan, plan_of, plans_of
from sessions.courses.models import Course
from sessions.therapies import THERAPY_WORDS, SessionMode, Therapy

navigation.add_under(
    navigation.CALENDAR, 30, "Groups", "sessions.groups", *BOOKERS, section=("sessions.group",)
)
_WEEK = timedelta(weeks=1)
NO_SUCH_TIME = "The clocks go forward over that time. Enter another one."


@bp.route("/sessions/groups/new", methods=["GET", "POST"])
@only(*BOOKERS)
def group_new() -> Page | Response:
    """Book the sessions of a group, once or weekly."""
    viewer, form = current_viewer(), GroupForm()
    staff, rooms = _choices(viewer, form)
    if form.validate_on_submit():
        try:
            places = _places(form, staff, rooms)
            group = Group(
                form.title.data, Therapy(form.therapy.data or ""), form.capacity.data or 0
            )
            with saving() as saved:
                made = group_service.make_group(group=group, places=places, by=viewer.staff_id)
                words = "The group is booked."
                saved.goes_to(url_for(".group", session_ref=made[0].ref), words)
            return saved.redirect()
        except Refused as refused:
            form.refuse(" ".join(refused.reasons))
    return form_page("sessions/group_new.html", form=form)


def _choices(viewer: Viewer, form: GroupForm) -> tuple[dict[str, int], dict[str, tuple[int, int]]]:
    """Clinicians who lead groups and rooms of the trust, by reference."""
    today = clock.today()
    clinicians = clinicians_open(viewer.organisation_id, today, today)
    rooms = rooms_open(viewer.organisation_id, today, today)
    refs = refs_of(clinicians, rooms)
    form.clinician.set_choices(
        [(str(refs.staff[key]), one.name) for key, one in clinicians.items() if one.leads_groups]
    )
    form.room.set_choices(
        [
            (str(refs.rooms[key]), f"{one.name} at {one.site_name}, for {one.capacity}")
            for key, one in rooms.items()
        ]
    )
    return (
        {str(refs.staff[key]): key for key in clinicians},
        {str(refs.rooms[key]): (key, one.site_id) for key, one in rooms.items()},
    )


def _places(
    form: GroupForm, staff: dict[str, int], rooms: dict[str, tuple[int, int]]
) -> list[Place]:
    room_id, site_id = rooms[form.room.data or ""]
    day, at, minutes = form.day.data, form.time.data, form.minutes.data or 0
    if day is None or at is None:
        raise Refused(NO_SUCH_TIME)
    places = []
    for number in range(form.weeks.data or 0):
        starts = on_the_wall(day + number * _WEEK, at.hour * 60 + at.minute)
        if starts is None:
            raise Refused(NO_SUCH_TIME)
        span = Span(starts, starts + timedelta(minutes=minutes))
        clinician_id = staff[form.clinician.data or ""]
        places.append(Place(clinician_id, SessionMode.IN_PERSON, span, site_id, room_id))
    return places


def find_group(viewer: Viewer, ref: uuid.UUID) -> TreatmentSession:
    """A session of a group of the viewer's trust.

    Raises:
        NotFound: there is none.
    """
    session = session_with(ref)
    if session is None or not session.in_group or session.organisation_id != viewer.organisation_id:
        raise NotFound
    shows("session", session.id)
    return session


@dataclass(frozen=True)
class Member:
    """One place in a group; without a name where the man is not the viewer's to see."""

    place: SessionPlace
    case: Case | None


@bp.route("/sessions/groups/<uuid:session_ref>", methods=["GET", "POST"])
@only(*BOOKERS)
def group(session_ref: uuid.UUID) -> Page | Response:
    """Who has a place in a session of a group, and giving a place to one man more."""
    viewer = current_viewer()
    session = find_group(viewer, session_ref)
    session_id, form = session.id, JoinForm()
    men = _who_may_come(viewer, session)
    for one in men:
        shows("case", one.id, case_id=one.id)
    form.case.set_choices([(str(one.ref), one.person.name) for one in men])
    if form.validate_on_submit():
        case = find_case(viewer, uuid.UUID(form.case.data or ""), *PURPOSES)
        case_id = case.id
        try:
            with saving() as saved:
                group_service.join_group(
                    case_id=case_id,
                    session_id=session_id,
                    course_session_id=_part(case_id, session.therapy),
                    by=viewer.staff_id,
                )
                saved.goes_to(url_for(".group", session_ref=session_ref), "He has a place.")
            return saved.redirect()
        except Refused as refused:
            form.refuse(" ".join(refused.reasons))
    return _group_page(viewer, session_ref, form)


def _part(case_id: int, therapy: Therapy | None) -> int | None:
    """The first session of his course, not booked yet, that is held in such a group."""
    return _in_group(plan_of(case_id), therapy)


def _in_group(plan: Plan, therapy: Therapy | None) -> int | None:
    parts = (one for one in plan.unbooked if one.in_group and one.therapy is therapy)
    return next((one.id for one in parts), None)


def _who_may_come(viewer: Viewer, session: TreatmentSession) -> list[Case]:
    there = {one.case_id for one in places_in([session.id])}
    query = (
        select(Case)
        .where(
            in_scope(viewer, *PURPOSES),
            Case.state.in_(sorted(UNDER_ORDER)),
            Case.paused.is_(False),
            Case.id.not_in(there),
        )
        .order_by(Case.id)
        .limit(200)
    )
    men = db.session.scalars(query).unique().all()
    own = select(Course).where(
        Course.case_id.in_([one.id for one in men]), Course.ended_at.is_(None)
    )
    plans = plans_of(db.session.scalars(own).all())
    wait = {key for key, plan in plans.items() if _in_group(plan, session.therapy) is not None}
    return sorted(men, key=lambda one: (one.id not in wait, one.person.sort_name))


def _group_page(viewer: Viewer, session_ref: uuid.UUID, form: JoinForm) -> Page:
    session = find_group(viewer, session_ref)
    members = [_member(viewer, one) for one in places_in([session.id])]
    series = [one for one in coming_in_series(session) if one.id != session.id]
    place = place_of(session)
    return form_page(
        "sessions/group.html",
        form=form,
        session=session,
        where=where(place),
        therapy=THERAPY_WORDS[session.therapy] if session.therapy else "",
        members=members,
        free=session.capacity - len(members),
        series=[(one, where(place_of(one)), count_in(one.id)) for one in series],
        told=told(place, required=True),
        coming=session.state is BookingState.BOOKED and session.starts_at > clock.now(),
    )


def _member(viewer: Viewer, place: SessionPlace) -> Member:
    query = select(Case).where(Case.id == place.case_id, in_scope(viewer, *PURPOSES))
    case = db.session.scalars(query).unique().first()
    if case is not None:
        shows("case", case.id, case_id=case.id)
    return Member(place, case)


@bp.route("/sessions/groups/<uuid:session_ref>/<uuid:place_ref>/leave", methods=["GET", "POST"])
@only(*BOOKERS)
def group_leave(session_ref: uuid.UUID, place_ref: uuid.UUID) -> Page | Response:
    """A man gives up his place in one session of a group."""
    viewer = current_viewer()
    session = find_group(viewer, session_ref)
    found = next((one for one in places_in([session.id]) if one.ref == place_ref), None)
    member = _member(viewer, found) if found else None
    if found is None or member is None or member.case is None:
        raise NotFound
    place_id, form = found.id, LeaveForm()
    if form.validate_on_submit():
        try:
            with saving() as saved:
                group_service.leave_group(place_id=place_id, why=form.why(), by=viewer.staff_id)
                words = "His place is given up."
                saved.goes_to(url_for(".group", session_ref=session_ref), words)
            return saved.redirect()
        except Refused as refused:
            form.refuse(" ".join(refused.reasons))
            session = find_group(viewer, session_ref)
    who = find_case(viewer, member.case.ref, *PURPOSES)
    return form_page(
        "sessions/group_leave.html",
        form=form,
        session=session,
        name=who.person.name,
        where=where(place_of(session)),
    )


@bp.route("/sessions/groups/<uuid:session_ref>/cancel", methods=["GET", "POST"])
@only(*BOOKERS)
def group_cancel(session_ref: uuid.UUID) -> Page | Response:
    """Cancel a session of a group with everybody's place in it."""
    viewer = current_viewer()
    session = find_group(viewer, session_ref)
    session_id, form = session.id, CancelForm(version=session.version)
    form.offer(len(coming_in_series(session)))
    if form.validate_on_submit():
        try:
            with saving() as saved:
                cancel_service.cancel(
                    session_id=session_id,
                    which=form.reach,
                    version=form.read_version,
                    why=form.why(),
                    by=viewer.staff_id,
                )
                saved.goes_to(url_for(".groups"), "Cancelled.")
            return saved.redirect()
        except Stale:
            form.version.carry(find_group(viewer, session_ref).version)
            form.refuse(CHANGED)
        except Refused as refused:
            form.refuse(" ".join(refused.reasons))
    session = find_group(viewer, session_ref)
    return form_page(
        "sessions/group_cancel.html",
        form=form,
        session=session,
        where=where(place_of(session)),
        coming=[where(place_of(one)) for one in coming_in_series(session)],
        count=count_in(session.id),
    )
