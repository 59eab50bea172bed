"""Service hours, and single days that differ from them."""

from datetime import time

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.own_trust import trust_of
from mhtr.core import clock
from mhtr.core.errors import NotFound, Refused
from mhtr.core.working_days import WEEKDAYS
from mhtr.tasks import rota_queries as queries
from mhtr.tasks import rota_service as service
from mhtr.tasks.rota_forms import ClosureForm, HoursForm
from mhtr.tasks.rota_routes import Page, would_break
from mhtr.tasks.routes import KEEPS, bp
from mhtr.web.forms import Form
from mhtr.web.gate import only
from mhtr.web.submission import saving


@bp.route("/hours", methods=["GET", "POST"])
@only(*KEEPS)
def hours() -> Page:
    """The week's service hours, those planned, and a form to set them from a day on."""
    viewer = current_viewer()
    organisation_id, ask = trust_of(viewer), False
    form = HoursForm(data=_now(organisation_id))
    valid = form.validate_on_submit()
    typed = form.hours() if valid else {}
    if valid and not form.summary() and form.valid_from.data:
        try:
            with saving() as saved:
                service.set_hours(
                    organisation_id=organisation_id,
                    valid_from=form.valid_from.data,
                    hours=typed,
                    by=viewer.staff_id,
                    accept=form.accept.data,
                )
                saved.goes_to(url_for("rota.hours"), "The service hours are saved")
            return saved.redirect()
        except Refused as refusal:
            ask = would_break(form, refusal)
    page = render_template(
        "tasks/rota_hours.html",
        form=form,
        ask=ask,
        rows=queries.hours_rows(organisation_id, clock.today()),
        unset=queries.hours_missing(organisation_id),
        weekdays=WEEKDAYS,
        today=clock.today(),
    )
    return (page, 422) if request.method == "POST" else page


@bp.route("/closures", methods=["GET", "POST"])
@only(*KEEPS)
def closures() -> Page:
    """Days on which the service is closed or open against the rule."""
    viewer = current_viewer()
    organisation_id, ask = trust_of(viewer), False
    form = ClosureForm()
    if form.validate_on_submit() and form.day.data:
        try:
            with saving() as saved:
                service.set_closure(
                    organisation_id=organisation_id,
                    day=form.day.data,
                    is_open=form.kind.data == "open",
                    label=form.label.data,
                    by=viewer.staff_id,
                    accept=form.accept.data,
                )
                saved.goes_to(url_for("rota.closures"), "The day is saved")
            return saved.redirect()
        except Refused as refusal:
            ask = would_break(form, refusal)
    page = render_template(
        "tasks/rota_closures.html",
        form=form,
        button=Form(formdata=None),
        ask=ask,
        rows=queries.closures(organisation_id, clock.today()),
    )
    return (page, 422) if request.method == "POST" else page


@bp.post("/closures/<day>/remove")
@only(*KEEPS)
def remove_closure(day: str) -> Response:
    """Let a day follow the rule again."""
    viewer = current_viewer()
    organisation_id = trust_of(viewer)
    for row in queries.closures(organisation_id, clock.today()):
        if row.day.isoformat() == day:
            on = row.day
            with saving() as saved:
                service.remove_closure(organisation_id=organisation_id, day=on, by=viewer.staff_id)
                saved.goes_to(url_for("rota.closures"), "The day follows the rule again")
            return saved.redirect()
    raise NotFound


def _now(organisation_id: int) -> dict[str, time]:
    """The hours in force today, to begin with."""
    today = clock.today()
    data: dict[str, time] = {}
    for row in queries.calendar(organisation_id, today, today).rows:
        if row.valid_to is None or row.valid_to >= today:
            data[f"opens_{row.weekday}"], data[f"closes_{row.weekday}"] = row.opens, row.closes
    return data
