"""Booking the time that was chosen: what he will be told, then one session or the whole course."""

import uuid

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core.access import Viewer
from mhtr.core.errors import Refused
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.submission import saving
from sessions.blueprint import bp
from sessions.booking import service
from sessions.booking.find_page import Offers
from sessions.booking.finding import nearest
from sessions.booking.forms import COURSE, BookForm
from sessions.booking.plans import Several, course_from, sent_places
from sessions.booking.routes import BOOKERS, PURPOSES, Sought, find_href, sought, treating
from sessions.booking.search import best, search
from sessions.booking.service import Asked
from sessions.booking.shapes import Place, london_day
from sessions.booking.tokens import place_from
from sessions.booking.told import told, told_of_several, where
from sessions.booking.wishes import off_plan, plan_of


@bp.route("/cases/<uuid:case_ref>/sessions/book", methods=["GET", "POST"])
@only(*BOOKERS)
def book_session(case_ref: uuid.UUID) -> Page | Response:
    """What he will be told of the chosen time, and booking it, or the whole course from it."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *PURPOSES)
    form = BookForm(slot=request.args.get("slot", ""), part=request.args.get("part", ""))
    what = sought(case, form.part.data, "")
    trust = treating(viewer, case)
    place = place_from(form.slot.data, trust)
    if place is None:
        return redirect(find_href(case, what), 303)
    rest = _rest(case, trust, what, place)
    if rest.count:
        form.offer(rest.count)
    else:
        del form["how"]
    if not form.is_submitted():
        form.plan.data = rest.sent
    if form.validate_on_submit():
        whole = rest.count and form.how.data == COURSE
        asked = _asked(case, what, place, form.plan.data if whole else "", trust)
        try:
            with saving() as saved:
                made = service.book(case_id=case.id, asked=asked, by=viewer.staff_id)
                words = (
                    "The session is booked."
                    if len(made) == 1
                    else (f"{len(made)} sessions are booked.")
                )
                saved.goes_to(url_for(".case_sessions", case_ref=case_ref), words)
            return saved.redirect()
        except Refused as refused:
            form.refuse(" ".join(refused.reasons))
    return _page(viewer, case_ref, form, place)


def _rest(case: Case, trust: int, what: Sought, place: Place) -> Several:
    if what.part is None:
        return Several((), "", 0)
    return course_from(case, trust, plan_of(case.id), what.part, place)


def _asked(case: Case, what: Sought, place: Place, sent: str, trust: int) -> list[Asked]:
    keys = {one.ref.hex: one.id for one in plan_of(case.id).sessions}
    rest = sent_places(sent, trust) if sent else {}
    return [
        Asked(place, what.part.id if what.part else None),
        *(Asked(each, keys.get(ref, 0)) for ref, each in rest.items()),
    ]


def _page(viewer: Viewer, case_ref: uuid.UUID, form: BookForm, place: Place) -> Page:
    case = find_case(viewer, case_ref, *PURPOSES)
    what, trust = sought(case, form.part.data, ""), treating(viewer, case)
    rest = _rest(case, trust, what, place)
    others = []
    if form.form_errors:
        found = search(case, trust, what.part)
        offers = Offers(found)
        others = [offers.of(o) for o in nearest(best(found.slots, 60), place.span.starts_at)]
        form.plan.data = rest.sent
    required = what.part.required if what.part else False
    return form_page(
        "sessions/book_session.html",
        form=form,
        record=record(viewer, case),
        case=case,
        what=what,
        chosen=where(place),
        told=told(place, required=required),
        off_plan=off_plan(plan_of(case.id), what.part, london_day(place.span.starts_at))
        if what.part
        else (),
        rest=rest,
        several=told_of_several([place, *sent_places(form.plan.data, trust).values()])
        if form.plan.data
        else (),
        others=others,
        back=find_href(case, what),
    )
