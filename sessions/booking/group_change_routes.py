"""Changing what is booked of a group: moving and cancelling meetings, giving up places."""

import uuid
from collections.abc import Sequence
from datetime import timedelta

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.queries import find_case
from mhtr.core.access import Viewer
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.submission import saving
from sessions.availability.shapes import Span
from sessions.blueprint import bp
from sessions.booking import cancel_service, find_page, move_service, seat_service
from sessions.booking.change_routes import CHANGED, NOT_ALL
from sessions.booking.changes import Which, affected
from sessions.booking.find_page import Checked, Offers
from sessions.booking.forms import GroupAskForm, GroupCancelForm, GroupMoveForm, LeaveForm
from sessions.booking.group_finding import (
    GroupFound,
    cases_of,
    look_for_group,
    who_cannot,
    why_good,
)
from sessions.booking.group_queries import members_of, names_in
from sessions.booking.group_routes import find_group, may_still_change
from sessions.booking.models import TreatmentSession
from sessions.booking.move_service import Move
from sessions.booking.plans import Several, moved_with, sent_places
from sessions.booking.queries import coming_in_series, place_of, places_in
from sessions.booking.routes import BOOKERS, NO_SUCH_TIME, NOT_SHOWN, PURPOSES, can_be_shown
from sessions.booking.search import best
from sessions.booking.shapes import Place
from sessions.booking.tokens import place_from, refs_of
from sessions.booking.told import told, where, where_each


@bp.get("/sessions/groups/<uuid:session_ref>/find")
@only(*BOOKERS)
def group_find(session_ref: uuid.UUID) -> str | Response:
    """Times at which everybody in a meeting could come to it, and why another is none."""
    viewer = current_viewer()
    session = find_group(viewer, session_ref)
    if not may_still_change(session):
        return redirect(url_for(".group", session_ref=session_ref), 303)
    asking = "ask" in request.args
    ask = GroupAskForm() if asking else GroupAskForm({})
    which, following = _reach(session, request.args.get("reach", ""))
    on = ask.day.data if asking and ask.day.data and can_be_shown(ask.day.data) else None
    found = look_for_group(session, which, [on] if on else [])
    offers, refs = Offers(found, why_good), refs_of(found.diary.clinicians, ())
    staff = {str(refs.staff[key]): key for key in found.diary.clinicians}
    ask.whom.set_choices(
        [(str(refs.staff[key]), one.name) for key, one in found.diary.clinicians.items()]
    )
    checked: Checked | None = None
    reasons: dict[str, tuple[str, ...]] = {}
    if asking and ask.validate() and on is None:
        ask.day.errors = [NOT_SHOWN]
    elif asking and not ask.summary() and on and ask.time.data:
        staff_id = staff[ask.whom.data or ""]
        checked = find_page.check(found, offers, on, ask.time.data, staff_id, session.mode)
        reasons = _whose(viewer, session, found, checked, staff_id)
        if checked is None:
            ask.time.errors = [NO_SUCH_TIME]
    return render_template(
        "sessions/group_find.html",
        session=session,
        where=where(place_of(session)),
        found=found,
        best=[offers.of(slot) for slot in best(found.slots)],
        which=which,
        following=following,
        ask=ask,
        asking=asking,
        checked=checked,
        whose=reasons,
    )


def _reach(session: TreatmentSession, asked: str) -> tuple[Which, int]:
    """How far a move is to reach, and how many meetings follow."""
    following = len(affected(session, coming_in_series(session), Which.FOLLOWING)) - 1
    wide = asked == Which.FOLLOWING and following > 0
    return (Which.FOLLOWING if wide else Which.ONE), max(following, 0)


def _whose(
    viewer: Viewer,
    session: TreatmentSession,
    found: GroupFound,
    checked: Checked | None,
    staff_id: int,
) -> dict[str, tuple[str, ...]]:
    """By name: what stands against a time for one of those who come."""
    if checked is None or checked.offer is not None:
        return {}
    was = place_of(session)
    span = Span(checked.starts_at, checked.starts_at + timedelta(minutes=found.wanted.minutes))
    place = Place(staff_id, was.mode, span, was.site_id, was.room_id)
    names = {
        one.case.id: one.case.person.name
        for one in members_of(viewer, [session.id])
        if one.case is not None
    }
    why = who_cannot(found, place)
    return {names[case_id]: reasons for case_id, reasons in why.items() if case_id in names}


@bp.route("/sessions/groups/<uuid:session_ref>/move", methods=["GET", "POST"])
@only(*BOOKERS)
def group_move(session_ref: uuid.UUID) -> Page | Response:
    """Move a meeting of a group to the chosen time, with those that follow where that is asked."""
    viewer = current_viewer()
    session = find_group(viewer, session_ref)
    reach = request.args.get("reach", "")
    form = GroupMoveForm(
        slot=request.args.get("slot", ""), which=reach or None, seen=_versions(session)
    )
    place = place_from(form.slot.data, session.organisation_id)
    if place is None or not may_still_change(session):
        return redirect(url_for(".group_find", session_ref=session_ref, reach=reach), 303)
    rows = affected(session, coming_in_series(session), Which.FOLLOWING)
    form.offer(len(rows))
    if not form.is_submitted():
        form.plan.data = _along(session, rows, place).sent
    if form.validate_on_submit():
        try:
            moves = _moves(session, rows, place, form)
            with saving() as saved:
                made = move_service.move(moves=moves, why=form.why(), by=viewer.staff_id)
                words = (
                    "The group is moved." if len(made) == 1 else f"{len(made)} meetings are moved."
                )
                saved.goes_to(url_for(".group", session_ref=made[0].ref), words)
            return saved.redirect()
        except Stale:
            form.seen.carry(_versions(find_group(viewer, session_ref)))
            form.refuse(CHANGED)
        except Refused as refused:
            form.refuse(" ".join(refused.reasons))
    return _move_page(viewer, session_ref, form, place)


def _versions(session: TreatmentSession) -> str:
    """What is shown of a meeting and those that follow, as one word that any change alters."""
    rows = affected(session, coming_in_series(session), Which.FOLLOWING)
    return f"{len(rows)}-{sum(row.version for row in rows)}"


def _along(session: TreatmentSession, rows: Sequence[TreatmentSession], place: Place) -> Several:
    coming = [one.case_id for one in places_in([row.id for row in rows])]
    return moved_with(cases_of(coming), session, place, Which.FOLLOWING)


def _moves(
    session: TreatmentSession, rows: Sequence[TreatmentSession], place: Place, form: GroupMoveForm
) -> list[Move]:
    """This meeting and those that go with it, to the times that the page showed."""
    if form.seen.data != _versions(session):
        raise Stale(session)
    sent = sent_places(form.plan.data, session.organisation_id)
    moves = [Move(session.id, session.version, place)]
    for row in affected(session, rows, form.reach):
        if row.id != session.id:
            if row.ref.hex not in sent:
                raise Refused(NOT_ALL)
            moves.append(Move(row.id, row.version, sent[row.ref.hex]))
    return moves


def _move_page(viewer: Viewer, session_ref: uuid.UUID, form: GroupMoveForm, place: Place) -> Page:
    session = find_group(viewer, session_ref)
    rows = affected(session, coming_in_series(session), Which.FOLLOWING)
    rest = _along(session, rows, place)
    others = []
    if form.form_errors:
        found = look_for_group(session, form.reach if "which" in form else Which.ONE)
        offers = Offers(found, why_good)
        others = [offers.of(one) for one in best(found.slots)]
        form.plan.data = rest.sent
    names, hidden = names_in(members_of(viewer, [row.id for row in rows]))
    return form_page(
        "sessions/group_move.html",
        form=form,
        session=session,
        before=where(place_of(session)),
        after=where(place),
        told=told(place, required=True),
        names=names,
        hidden=hidden,
        rest=rest,
        others=others,
    )


@bp.route("/sessions/groups/<uuid:session_ref>/<uuid:place_ref>/leave", methods=["GET", "POST"])
@only(*BOOKERS)
def group_leave(session_ref: uuid.UUID, place_ref: uuid.UUID) -> Page | Response:
    """A man gives up his place in a meeting of a group, with those that follow where asked."""
    viewer = current_viewer()
    session = find_group(viewer, session_ref)
    found = [one for one in members_of(viewer, [session.id]) if one.place.ref == place_ref]
    if not found or found[0].case is None:
        raise NotFound
    case, place_id, form = found[0].case, found[0].place.id, LeaveForm()
    his = _his_meetings(session, case.id)
    form.offer(len(his))
    if form.validate_on_submit():
        try:
            with saving() as saved:
                count = seat_service.leave_group(
                    place_id=place_id, which=form.reach, why=form.why(), by=viewer.staff_id
                )
                words = "His place is given up." if count == 1 else f"{count} places are given up."
                saved.goes_to(url_for(".group", session_ref=session_ref), words)
            return saved.redirect()
        except Refused as refused:
            form.refuse(" ".join(refused.reasons))
            session, his = find_group(viewer, session_ref), []
    who = find_case(viewer, case.ref, *PURPOSES)
    return form_page(
        "sessions/group_leave.html",
        form=form,
        session=session,
        name=who.person.name,
        where=where(place_of(session)),
        his=where_each([place_of(one) for one in his]),
    )


def _his_meetings(session: TreatmentSession, case_id: int) -> list[TreatmentSession]:
    """This meeting and those that follow, as far as he has a place in them."""
    rows = affected(session, coming_in_series(session), Which.FOLLOWING)
    his = {one.session_id for one in places_in([row.id for row in rows]) if one.case_id == case_id}
    return [row for row in rows if row.id in his]


@bp.route("/sessions/groups/<uuid:session_ref>/cancel", methods=["GET", "POST"])
@only(*BOOKERS)
def group_cancel(session_ref: uuid.UUID) -> Page | Response:
    """Cancel a meeting of a group with everybody's place in it."""
    viewer = current_viewer()
    session = find_group(viewer, session_ref)
    session_id, form = session.id, GroupCancelForm(version=session.version)
    form.offer(len(coming_in_series(session)))
    if form.validate_on_submit():
        try:
            with saving() as saved:
                done = cancel_service.cancel(
                    session_id=session_id,
                    which=form.reach,
                    version=form.read_version,
                    why=form.why(),
                    by=viewer.staff_id,
                )
                words = "Cancelled." if len(done) == 1 else f"{len(done)} meetings are cancelled."
                saved.goes_to(url_for(".groups"), words)
            return saved.redirect()
        except Stale:
            form.version.carry(find_group(viewer, session_ref).version)
            form.refuse(CHANGED)
        except Refused as refused:
            form.refuse(" ".join(refused.reasons))
    session = find_group(viewer, session_ref)
    series = coming_in_series(session)
    names, hidden = names_in(members_of(viewer, [row.id for row in series] or [session.id]))
    return form_page(
        "sessions/group_cancel.html",
        form=form,
        session=session,
        where=where(place_of(session)),
        coming=where_each([place_of(one) for one in series]),
        names=names,
        hidden=hidden,
    )
