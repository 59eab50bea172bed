"""Planning one man's whole course, and booking it in one step."""

import uuid

from flask import url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core.errors import Refused
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.submission import saving
from sessions.blueprint import bp
from sessions.booking import service
from sessions.booking.plans import sent_places
from sessions.booking.routes import BOOKERS, PURPOSES, may_be_booked, treating
from sessions.booking.service import Asked
from sessions.booking.told import told_of_several
from sessions.planning.forms import CourseForm
from sessions.planning.man_page import keys_of, planned


@bp.route("/cases/<uuid:case_ref>/sessions/plan", methods=["GET", "POST"])
@only(*BOOKERS)
def plan_course(case_ref: uuid.UUID) -> Page | Response:
    """The best whole course for him, or what would make one possible; booking all of it."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *PURPOSES)
    trust = treating(viewer, case)
    form = CourseForm()
    if form.validate_on_submit():
        keys = keys_of(case.id)
        places = sent_places(form.plan.data or "", trust)
        asked = [Asked(place, keys.get(ref, 0)) for ref, place in places.items()]
        try:
            with saving() as saved:
                made = service.book(case_id=case.id, asked=asked, by=viewer.staff_id)
                saved.goes_to(
                    url_for("sessions.case_sessions", case_ref=case_ref),
                    f"{len(made)} session{'' if len(made) == 1 else 's'} booked.",
                )
            return saved.redirect()
        except Refused as refused:
            form.refuse(" ".join(refused.reasons))
            case = find_case(viewer, case_ref, *PURPOSES)
    found = planned(case, trust)
    form.plan.data = found.sent
    return form_page(
        "sessions/plan_course.html",
        form=form,
        record=record(viewer, case),
        case=case,
        found=found,
        told=told_of_several(found.places),
        can_book=may_be_booked(case),
    )
