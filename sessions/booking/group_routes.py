"""Groups: what is booked, who has a place, and giving places in them."""

import uuid
from collections.abc import Sequence
from datetime import timedelta

from flask import url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.core import clock
from mhtr.core.access import Viewer
from mhtr.core.errors import NotFound, Refused
from mhtr.web import navigation
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.reads import shows
from mhtr.web.submission import saving
from sessions.availability.queries import clinicians_open, rooms_open
from sessions.availability.shapes import Span
from sessions.blueprint import bp
from sessions.booking import group_service, seat_service
from sessions.booking.changes import Which, affected
from sessions.booking.forms import GroupForm, JoinForm
from sessions.booking.group_queries import (
    changes_of,
    meetings_of,
    members_of,
    moved_to,
    who_may_come,
)
from sessions.booking.group_service import Group
from sessions.booking.models import BookingState, SessionPlace, TreatmentSession
from sessions.booking.queries import coming_in_series, places_in, session_with
from sessions.booking.routes import BOOKERS, NO_SUCH_TIME, NOT_SHOWN, PURPOSES, can_be_shown
from sessions.booking.seat_service import Seat, seats_for
from sessions.booking.shapes import Place
from sessions.booking.spacing import on_the_wall
from sessions.booking.tokens import refs_of
from sessions.booking.wishes import plan_of
from sessions.therapies import THERAPY_WORDS, SessionMode, Therapy

navigation.add_under(
    navigation.CALENDAR, 30, "Groups", "sessions.groups", *BOOKERS, section=("sessions.group",)
)
_WEEK = timedelta(weeks=1)


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
    if not can_be_shown(day):
        raise Refused(NOT_SHOWN)
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


@bp.route("/sessions/groups/<uuid:session_ref>", methods=["GET", "POST"])
@only(*BOOKERS)
def group(session_ref: uuid.UUID) -> Page | Response:
    """Who has a place in a meeting of a group, and giving places to one man more."""
    viewer = current_viewer()
    session = find_group(viewer, session_ref)
    form, series = JoinForm(), coming_in_series(session)
    form.offer(len(series), len(affected(session, series, Which.FOLLOWING)))
    men = who_may_come(viewer, session) if may_still_change(session) else []
    form.case.set_choices([(str(one.case_ref), one.name) for one in men])
    if form.validate_on_submit():
        case = find_case(viewer, uuid.UUID(form.case.data or ""), *PURPOSES)
        case_id, seats = case.id, _seats(case, session, form.reach)
        try:
            with saving() as saved:
                made = seat_service.join_group(case_id=case_id, seats=seats, by=viewer.staff_id)
                saved.goes_to(url_for(".group", session_ref=session_ref), _said(made))
            return saved.redirect()
        except Refused as refused:
            form.refuse(" ".join(refused.reasons))
    return _group_page(viewer, session_ref, form)


def may_still_change(session: TreatmentSession) -> bool:
    """Whether a meeting is booked and has not begun."""
    return session.state is BookingState.BOOKED and session.starts_at > clock.now()


def _seats(case: Case, session: TreatmentSession, which: Which) -> list[Seat]:
    """Places in as many meetings as are asked for, without those in which he has one."""
    rows = affected(session, coming_in_series(session), which)
    his = {one.session_id for one in places_in([row.id for row in rows]) if one.case_id == case.id}
    return seats_for(plan_of(case.id), [row for row in rows if row.id not in his])


def _said(made: Sequence[SessionPlace]) -> str:
    if len(made) == 1:
        return "He has a place."
    required = sum(one.required for one in made)
    if required == len(made):
        return f"He has {len(made)} places, all part of the requirement."
    return f"He has {len(made)} places: {required} part of the requirement, the others voluntary."


def _group_page(viewer: Viewer, session_ref: uuid.UUID, form: JoinForm) -> Page:
    session = find_group(viewer, session_ref)
    members = members_of(viewer, [session.id])
    after = moved_to(session)
    here, *others = meetings_of(
        [session, *(one for one in coming_in_series(session) if one.id != session.id)]
    )
    return form_page(
        "sessions/group.html",
        form=form,
        session=session,
        where=here.where,
        therapy=THERAPY_WORDS[session.therapy] if session.therapy else "",
        members=members,
        free=session.capacity - len(members),
        series=others,
        changes=changes_of(viewer, session),
        after=meetings_of([after])[0] if after else None,
        coming=may_still_change(session),
    )
