"""Secret addresses of calendar feeds, and the feeds themselves."""

import uuid

from flask import Response as FlaskResponse
from flask import abort, flash, g, render_template, request, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.totp import qr_image
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, Purpose, Role
from mhtr.core.errors import Refused
from mhtr.web.forms import Form, Page, form_page
from mhtr.web.gate import by_token, only
from mhtr.web.submission import saving
from sessions.calendar import feed_queries, feed_service
from sessions.calendar.blueprint import bp
from sessions.calendar.ics import calendar_file

PURPOSES = (Purpose.CLINICAL, Purpose.ADMINISTRATION)
GIVES = (*CLINICAL_ROLES, Role.ADMINISTRATOR)
ENDED = "The address is ended. Calendars that follow it get nothing from it any more."


@bp.get("/calendar-feed/<secret>.ics")
@by_token
def feed(secret: str) -> FlaskResponse:
    """The appointments behind a secret address, for a calendar program."""
    found = feed_service.recognise(secret)
    if found is None:
        abort(404)
    told = (
        feed_queries.of_clinician(found.staff_id)
        if found.staff_id is not None
        else feed_queries.of_man(found.case_id or 0)
    )
    answer = FlaskResponse(calendar_file(told, clock.now()), mimetype="text/calendar")
    answer.headers["Content-Disposition"] = 'inline; filename="appointments.ics"'
    return answer


@bp.route("/calendar/feed", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def own_feed() -> Page | Response:
    """A clinician's own address: whether there is one, and making it anew."""
    viewer, form = current_viewer(), Form()
    if form.validate_on_submit():
        with saving() as saved:
            secret = feed_service.make_for_staff(staff_id=viewer.staff_id, by=viewer.staff_id)
            saved.goes_to(url_for(".own_feed"))
        return _made(secret, back=url_for(".own_feed"))
    return form_page(
        "calendar/own_feed.html", form=form, live=feed_service.live_feed(staff_id=viewer.staff_id)
    )


@bp.post("/calendar/feed/<uuid:feed_ref>/end")
@only(*CLINICAL_ROLES)
def end_own_feed(feed_ref: uuid.UUID) -> Response:
    """End one's own address."""
    viewer = current_viewer()
    with saving() as saved:
        feed_service.revoke(ref=feed_ref, staff_id=viewer.staff_id, by=viewer.staff_id)
        saved.goes_to(url_for(".own_feed"))
    flash(ENDED, "success")
    return saved.redirect()


@bp.route("/cases/<uuid:case_ref>/calendar", methods=["GET", "POST"])
@only(*GIVES)
def his_feed(case_ref: uuid.UUID) -> Page | Response:
    """A man's address, to give him: whether there is one, and making it anew."""
    viewer, form = current_viewer(), Form()
    case = find_case(viewer, case_ref, *PURPOSES)
    case_id = case.id
    if form.validate_on_submit():
        try:
            with saving() as saved:
                secret = feed_service.make_for_man(case_id=case_id, by=viewer.staff_id)
                saved.goes_to(url_for(".his_feed", case_ref=case_ref))
            return _made(secret, back=url_for(".his_feed", case_ref=case_ref), his=True)
        except Refused as refused:
            form.refuse(" ".join(refused.reasons))
            case = find_case(viewer, case_ref, *PURPOSES)
    return form_page(
        "calendar/his_feed.html",
        record=record(viewer, case),
        case=case,
        form=form,
        live=feed_service.live_feed(case_id=case_id),
    )


@bp.post("/cases/<uuid:case_ref>/calendar/<uuid:feed_ref>/end")
@only(*GIVES)
def end_his_feed(case_ref: uuid.UUID, feed_ref: uuid.UUID) -> Response:
    """End a man's address."""
    viewer = current_viewer()
    case_id = find_case(viewer, case_ref, *PURPOSES).id
    with saving() as saved:
        feed_service.revoke(ref=feed_ref, case_id=case_id, by=viewer.staff_id)
        saved.goes_to(url_for(".his_feed", case_ref=case_ref))
    flash(ENDED, "success")
    return saved.redirect()


def _made(secret: str, *, back: str, his: bool = False) -> str:
    # The one page that is not reached by a redirect: a secret must not be in a page's address.
    g.pop("shown", None)
    address = request.host_url.rstrip("/") + url_for(".feed", secret=secret)
    return render_template(
        "calendar/feed_made.html", address=address, qr=qr_image(address), back=back, his=his
    )
