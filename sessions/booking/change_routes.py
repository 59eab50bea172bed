"""Moving and cancelling a man's sessions: who asked, why, how far it reaches, what he is told."""

import uuid

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core.access import Viewer
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.submission import saving
from sessions.blueprint import bp
from sessions.booking import cancel_service, move_service, seat_service
from sessions.booking.changes import Which, affected
from sessions.booking.find_page import Offers
from sessions.booking.finding import nearest
from sessions.booking.forms import CancelForm, MoveForm
from sessions.booking.gap_rules import too_close
from sessions.booking.models import TreatmentSession
from sessions.booking.move_service import Move
from sessions.booking.plans import moved_with, sent_places
from sessions.booking.queries import booked_of, coming_in_series, place_of
from sessions.booking.routes import (
    BOOKERS,
    PURPOSES,
    Sought,
    find_href,
    find_session,
    sought,
)
from sessions.booking.search import best, search
from sessions.booking.shapes import Place, london_day
from sessions.booking.tokens import place_from
from sessions.booking.told import told, where, where_each
from sessions.booking.wishes import off_plan, plan_of, wanted_for

CHANGED = (
    "Somebody changed this session meanwhile. Nothing of yours is saved: look at it, then send "
    "again."
)
NOT_ALL = "No time was found for every session. Move those one by one, or choose only this session."


@bp.route("/cases/<uuid:case_ref>/sessions/<uuid:session_ref>/move", methods=["GET", "POST"])
@only(*BOOKERS)
def move_session(case_ref: uuid.UUID, session_ref: uuid.UUID) -> Page | Response:
    """Move a session to the chosen time, with those that follow where that is asked."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *PURPOSES)
    session = find_session(case, session_ref)
    reach = request.args.get("reach", "")
    form = MoveForm(slot=request.args.get("slot", ""), which=reach or None, asked=reach)
    place = place_from(form.slot.data, session.organisation_id)
    if place is None:
        return redirect(find_href(case, sought(case, "", str(session.ref), reach)), 303)
    if session.in_group:
        raise NotFound
    form.offer(len(coming_in_series(session)))
    if not form.is_submitted():
        form.plan.data = moved_with([case], session, place, Which.ALL).sent
    if form.validate_on_submit():
        try:
            moves = _moves(session, place, form)
            with saving() as saved:
                made = move_service.move(moves=moves, why=form.why(), by=viewer.staff_id)
                words = (
                    "The session is moved."
                    if len(made) == 1
                    else (f"{len(made)} sessions are moved.")
                )
                saved.goes_to(url_for(".case_sessions", case_ref=case_ref), words)
            return saved.redirect()
        except Stale:
            form.refuse(CHANGED)
        except Refused as refused:
            form.refuse(" ".join(refused.reasons))
    return _move_page(viewer, case_ref, session_ref, form, place)


def _moves(session: TreatmentSession, place: Place, form: MoveForm) -> list[Move]:
    """This session and those that go with it, to the times that the page showed."""
    rows = affected(session, coming_in_series(session), form.reach)
    sent = sent_places(form.plan.data, session.organisation_id)
    moves = [Move(session.id, session.version, place)]
    for row in rows:
        if row.id != session.id:
            if row.ref.hex not in sent:
                raise Refused(NOT_ALL)
            moves.append(Move(row.id, row.version, sent[row.ref.hex]))
    return moves


def _move_page(
    viewer: Viewer, case_ref: uuid.UUID, session_ref: uuid.UUID, form: MoveForm, place: Place
) -> Page:
    case = find_case(viewer, case_ref, *PURPOSES)
    session = find_session(case, session_ref)
    what = sought(case, "", str(session.ref), form.asked.data)
    rest = moved_with([case], session, place, Which.ALL)
    others = []
    if form.form_errors:
        found = search(case, session.organisation_id, what.part, moving=session, which=what.which)
        offers = Offers(found)
        others = [offers.of(o) for o in nearest(best(found.slots, 60), place.span.starts_at)]
        form.plan.data = rest.sent
    return form_page(
        "sessions/move_session.html",
        form=form,
        record=record(viewer, case),
        case=case,
        session=session,
        before=where(place_of(session)),
        after=where(place),
        told=told(place, required=_required(case, session)),
        **_if_alone(case, session, what, place),
        rest=rest,
        others=others,
        back=find_href(case, what),
    )


@bp.route("/cases/<uuid:case_ref>/sessions/<uuid:session_ref>/cancel", methods=["GET", "POST"])
@only(*BOOKERS)
def cancel_session(case_ref: uuid.UUID, session_ref: uuid.UUID) -> Page | Response:
    """Cancel a man's session, or his place where it is a group's."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *PURPOSES)
    session = find_session(case, session_ref)
    session_id, in_group = session.id, session.in_group
    form = CancelForm(version=session.version)
    form.offer(1 if in_group else len(coming_in_series(session)))
    if form.validate_on_submit():
        try:
            with saving() as saved:
                words = _cancel(case, session_id, in_group, form, by=viewer.staff_id)
                saved.goes_to(url_for(".case_sessions", case_ref=case_ref), words)
            return saved.redirect()
        except Stale:
            session = find_session(find_case(viewer, case_ref, *PURPOSES), session_ref)
            form.version.carry(session.version)
            form.refuse(CHANGED)
        except Refused as refused:
            form.refuse(" ".join(refused.reasons))
    return _cancel_page(viewer, case_ref, session_ref, form)


def _cancel(case: Case, session_id: int, in_group: bool, form: CancelForm, *, by: int) -> str:
    if in_group:
        place = next(one.place for one in booked_of(case.id) if one.session.id == session_id)
        seat_service.leave_group(place_id=place.id, why=form.why(), by=by)
        return "His place in the group is given up."
    done = cancel_service.cancel(
        session_id=session_id,
        which=form.reach,
        version=form.read_version,
        why=form.why(),
        by=by,
    )
    return "The session is cancelled." if len(done) == 1 else f"{len(done)} sessions are cancelled."


def _cancel_page(
    viewer: Viewer, case_ref: uuid.UUID, session_ref: uuid.UUID, form: CancelForm
) -> Page:
    case = find_case(viewer, case_ref, *PURPOSES)
    session = find_session(case, session_ref)
    coming = [] if session.in_group else coming_in_series(session)
    what, *others = where_each([place_of(one) for one in (session, *coming)])
    return form_page(
        "sessions/cancel_session.html",
        form=form,
        record=record(viewer, case),
        case=case,
        session=session,
        what=what,
        coming=others,
        following=len(affected(session, coming, Which.FOLLOWING)),
    )


def _if_alone(
    case: Case, session: TreatmentSession, what: Sought, place: Place
) -> dict[str, object]:
    """What the move does to the gaps of his course where nothing else moves."""
    if what.part is None:
        return {"close": None, "off_plan": ()}
    plan, day = plan_of(case.id, leaving_out=[session.id]), london_day(place.span.starts_at)
    wanted = wanted_for(plan, what.part, ())
    close = wanted if too_close(wanted, day) else None
    return {"close": close, "off_plan": () if close else off_plan(plan, what.part, day)}


def _required(case: Case, session: TreatmentSession) -> bool:
    return any(one.place.required for one in booked_of(case.id) if one.session.id == session.id)
