"""The month of duty clinicians, one day of it, and filling a range."""

from datetime import date, timedelta

from flask import render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Staff
from mhtr.accounts.own_trust import trust_of
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.core.working_days import WEEKDAYS
from mhtr.tasks import rota_queries as queries
from mhtr.tasks import rota_service as service
from mhtr.tasks.rota_forms import DayForm, FillForm
from mhtr.tasks.rota_keeping import WouldBreak
from mhtr.tasks.routes import KEEPS, SEES, bp
from mhtr.web.forms import Form
from mhtr.web.gate import only
from mhtr.web.submission import saving

Page = Response | str | tuple[str, int]


def would_break(form: Form, refusal: Refused) -> bool:
    """Put a refusal on the form; say whether it may be accepted knowingly."""
    for reason in refusal.reasons:
        form.refuse(reason)
    return isinstance(refusal, WouldBreak)


@bp.get("")
@only(*SEES)
def month() -> str:
    """A month of duty clinicians, with the days ahead that have none."""
    viewer = current_viewer()
    organisation_id = trust_of(viewer)
    shown, today = _month(request.args.get("month", "")), clock.today()
    weeks = queries.weeks_of(organisation_id, shown)
    ahead = [week for week in weeks if week[-1].day >= today]
    return render_template(
        "tasks/rota.html",
        month=shown,
        weeks=ahead or weeks,
        earlier=[week for week in weeks if week[0].day < today] if ahead else [],
        weekdays=WEEKDAYS,
        today=today,
        bare=queries.bare_days(organisation_id),
        unset=queries.hours_missing(organisation_id),
        keeps=viewer.has(*KEEPS),
        previous=f"{shown - timedelta(days=1):%Y-%m}",
        next=f"{shown + timedelta(days=31):%Y-%m}",
    )


@bp.route("/days/<day>", methods=["GET", "POST"])
@only(*KEEPS)
def day(day: str) -> Page:
    """Who is on duty on one day."""
    viewer = current_viewer()
    organisation_id, on = trust_of(viewer), _day(day)
    assigned = queries.assigned_ids(organisation_id, on)
    form = DayForm(data={"people": assigned, "seen": " ".join(map(str, assigned))})
    form.people.set_choices(
        [(str(one.id), one.name) for one in queries.clinicians(organisation_id)]
    )
    ask = False
    if form.validate_on_submit():
        try:
            with saving() as saved:
                service.set_day(
                    organisation_id=organisation_id,
                    day=on,
                    staff_ids=[int(one) for one in form.people.data],
                    seen=[int(one) for one in form.seen.data.split() if one.isdigit()],
                    by=viewer.staff_id,
                    accept=form.accept.data,
                )
                saved.goes_to(url_for("rota.month", month=f"{on:%Y-%m}"), "The rota is saved")
            return saved.redirect()
        except Refused as refusal:
            ask = would_break(form, refusal)
        except Stale:
            now = queries.assigned_ids(organisation_id, on)
            form.seen.carry(" ".join(map(str, now)))
            form.refuse(
                f"Somebody else changed this day meanwhile. On duty now: {_names(now)}. "
                "What you chose is below"
            )
    page = render_template(
        "tasks/rota_day.html", form=form, on=queries.cover_on(organisation_id, on), ask=ask
    )
    return (page, 422) if request.method == "POST" else page


@bp.route("/fill", methods=["GET", "POST"])
@only(*KEEPS)
def fill() -> Page:
    """Put somebody on duty on some weekdays of a range."""
    viewer = current_viewer()
    organisation_id = trust_of(viewer)
    form = FillForm()
    form.person.set_choices(
        [(str(one.id), one.name) for one in queries.clinicians(organisation_id)]
    )
    if form.validate_on_submit() and form.first.data and form.last.data:
        try:
            with saving() as saved:
                added = service.fill(
                    organisation_id=organisation_id,
                    staff_id=int(form.person.data or 0),
                    first=form.first.data,
                    last=form.last.data,
                    weekdays=[int(one) for one in form.weekdays.data],
                    by=viewer.staff_id,
                )
                saved.goes_to(
                    url_for("rota.month", month=f"{form.first.data:%Y-%m}"),
                    f"{added} {'day was' if added == 1 else 'days were'} added to the rota",
                )
            return saved.redirect()
        except Refused as refusal:
            would_break(form, refusal)
    page = render_template("tasks/rota_fill.html", form=form)
    return (page, 422) if request.method == "POST" else page


def _names(staff_ids: tuple[int, ...]) -> str:
    query = select(Staff.name).where(Staff.id.in_(staff_ids)).order_by(Staff.sort_name, Staff.id)
    return ", ".join(db.session.scalars(query)) or "nobody"


YEARS = range(2000, 2101)
"""Years a rota can be looked at: at the ends of the calendar there is no month beside one."""


def _day(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise NotFound from None
    if found.year not in YEARS:
        raise NotFound
    return found


def _month(text: str) -> date:
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        found = date.min
    return found if found.year in YEARS else clock.today().replace(day=1)
