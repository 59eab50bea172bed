"""Recording an adjustment that was agreed with a man, and taking it back."""

import uuid
from collections.abc import Callable

from flask import url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.own_trust import trust_of
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core import clock
from mhtr.core.errors import NotFound
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.submission import saving
from sessions.availability import adjust_service as service
from sessions.availability.adjust_forms import (
    AdjustmentEndForm,
    AgreedForm,
    AgreedHowForm,
    AgreedPlaceForm,
    AgreedTimeForm,
)
from sessions.availability.adjust_queries import adjustments_of
from sessions.availability.limits_queries import how_he_can_come
from sessions.availability.man_routes import PURPOSES, RECORDERS
from sessions.availability.scope import sites_of
from sessions.availability.weighing import asking, rows_for
from sessions.blueprint import bp

AGREED = "It is recorded, and is his need from now on wherever he is booked. Probation sees it."
TITLES = {
    "time": "Times at which he is not seen",
    "place": "A place at which he is not seen",
    "how": "How he is seen",
}


@bp.route(
    "/cases/<uuid:case_ref>/when-he-can-come/agreed/<any(time,place,how):what>",
    methods=["GET", "POST"],
)
@only(*RECORDERS)
def limit_agreed(case_ref: uuid.UUID, what: str) -> Page | Response:
    """Record an adjustment that was agreed with him."""
    viewer = current_viewer()
    case_id = find_case(viewer, case_ref, *PURPOSES).id
    form, save = _asked(what, case_id, viewer.staff_id)
    if form.validate_on_submit():
        with asking(form, lambda: AgreedHowForm(None, **_how_data(case_id))):
            with saving() as saved:
                save()
                saved.goes_to(url_for(".limits", case_ref=case_ref), AGREED)
            return saved.redirect()
    case = find_case(viewer, case_ref, *PURPOSES)
    return form_page(
        "sessions/limit_agreed.html",
        record=record(viewer, case),
        case=case,
        form=form,
        title=TITLES[what],
        broken=rows_for(viewer, form),
    )


@bp.route(
    "/cases/<uuid:case_ref>/when-he-can-come/agreed/<uuid:adjustment_ref>/end",
    methods=["GET", "POST"],
)
@only(*RECORDERS)
def limit_agreed_end(case_ref: uuid.UUID, adjustment_ref: uuid.UUID) -> Page | Response:
    """Take an adjustment back."""
    viewer = current_viewer()
    case_id, form = find_case(viewer, case_ref, *PURPOSES).id, AdjustmentEndForm(version=0)
    if form.validate_on_submit():
        with asking(form, lambda: AdjustmentEndForm(None, version=0), compare=False):
            with saving() as saved:
                service.end(
                    case_id=case_id,
                    ref=adjustment_ref,
                    by=viewer.staff_id,
                    accepted=form.accepted(),
                )
                saved.goes_to(url_for(".limits", case_ref=case_ref), "Taken back.")
            return saved.redirect()
    case = find_case(viewer, case_ref, *PURPOSES)
    line = next((one for one in adjustments_of(case) if one.row.ref == adjustment_ref), None)
    if line is None:
        raise NotFound
    return form_page(
        "sessions/limit_agreed_end.html",
        record=record(viewer, case),
        case=case,
        form=form,
        line=line,
        broken=rows_for(viewer, form),
    )


def _asked(what: str, case_id: int, by: int) -> tuple[AgreedForm, Callable[[], object]]:
    """The form of a kind of adjustment, and what saves it once it is valid."""
    today = clock.today()
    if what == "time":
        timed = AgreedTimeForm(version=0, first=today)
        return timed, lambda: service.agree_time(
            case_id=case_id,
            agreed=timed.agreed(),
            said=timed.said(),
            by=by,
            accepted=timed.accepted(),
        )
    if what == "place":
        placed = AgreedPlaceForm(version=0, first=today)
        sites = sites_of(trust_of(current_viewer()))
        placed.offers(sites)
        return placed, lambda: service.agree_place(
            case_id=case_id,
            agreed=placed.agreed(),
            site_id=next(one.id for one in sites if str(one.ref) == placed.site.data),
            by=by,
            accepted=placed.accepted(),
        )
    seen = AgreedHowForm(**{"first": today, **_how_data(case_id)})
    return seen, lambda: service.agree_how(
        case_id=case_id,
        agreed=seen.agreed(),
        how=seen.how(),
        seen=seen.read_version,
        by=by,
        accepted=seen.accepted(),
    )


def _how_data(case_id: int) -> dict[str, object]:
    """How he is seen today, as the form is filled in."""
    row, held = how_he_can_come(case_id), service.how_now(case_id)
    modes = sorted(mode.value for mode in held.modes)
    return {"version": row.version if row else 0, "modes": modes, "step_free": held.step_free}
