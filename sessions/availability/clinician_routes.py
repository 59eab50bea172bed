"""Pages of clinicians: a week at a glance, one clinician, his profile and his week."""

import uuid
from datetime import date

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Staff
from mhtr.accounts.own_trust import trust_of
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, Viewer
from mhtr.core.errors import NotFound
from mhtr.core.working_days import WEEKDAYS
from mhtr.tasks import rota_queries
from mhtr.tasks.rota_routes import YEARS
from mhtr.web import navigation
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.submission import saving
from sessions.availability import clinician_page, profile_service, week_service
from sessions.availability.clinician_forms import (
    END,
    ProfileForm,
    WeeklyChangeForm,
    WeeklyForm,
    profile_data,
    weekly_data,
)
from sessions.availability.keeping import KEEPERS
from sessions.availability.kinds import HoursUse
from sessions.availability.scope import (
    find_clinician,
    find_hours,
    profile_of,
    sites_of,
)
from sessions.availability.weighing import asking, rows_for
from sessions.availability.words import USE_WORDS, times
from sessions.blueprint import bp

OWN = tuple(sorted(CLINICAL_ROLES))
_PAGES = ("sessions.clinician", "sessions.profile", "sessions.hours_", "sessions.one_off_")
navigation.add_under(
    navigation.CALENDAR, 50, "Hours", "sessions.clinicians", *KEEPERS, section=_PAGES
)
navigation.add_under(navigation.CALENDAR, 51, "My hours", "sessions.own_hours", *OWN)


@bp.get("/clinicians")
@only(*KEEPERS)
def clinicians() -> str:
    """A week of every clinician: when and where each can be booked."""
    organisation_id = trust_of(current_viewer())
    people = rota_queries.clinicians(organisation_id)
    return render_template(
        "sessions/clinicians.html",
        week=clinician_page.week(organisation_id, _day(request.args.get("week", "")), people),
    )


@bp.get("/my-hours")
@only(*OWN)
def own_hours() -> str:
    """His own page."""
    viewer = current_viewer()
    trust_of(viewer)
    return _page(viewer, viewer.staff_ref)


@bp.get("/clinicians/<uuid:clinician_ref>")
@only(*KEEPERS, *OWN)
def clinician(clinician_ref: uuid.UUID) -> str:
    """One clinician: how he can be booked, his week, one-off changes and leave."""
    return _page(current_viewer(), clinician_ref)


@bp.route("/clinicians/<uuid:clinician_ref>/profile", methods=["GET", "POST"])
@only(*KEEPERS)
def profile(clinician_ref: uuid.UUID) -> Page | Response:
    """Say how a clinician can be booked."""
    viewer = current_viewer()
    staff_id = find_clinician(viewer, clinician_ref).id

    def now() -> dict[str, object]:
        return profile_data(profile_of(staff_id), clinician_page.qualified(staff_id))

    form = ProfileForm(**now())
    if form.validate_on_submit():
        with asking(form, lambda: ProfileForm(None, **now())):
            with saving() as saved:
                profile_service.keep_profile(
                    staff_id=staff_id,
                    said=form.said(),
                    version=form.read_version,
                    by=viewer.staff_id,
                    accepted=form.accepted(),
                )
                saved.goes_to(_own(clinician_ref), "How the clinician can be booked is saved.")
            return saved.redirect()
    return form_page(
        "sessions/profile_form.html",
        form=form,
        staff=find_clinician(viewer, clinician_ref),
        broken=rows_for(viewer, form),
    )


@bp.route("/clinicians/<uuid:clinician_ref>/hours/new", methods=["GET", "POST"])
@only(*KEEPERS)
def hours_new(clinician_ref: uuid.UUID) -> Page | Response:
    """Add a stretch to a clinician's week."""
    viewer = current_viewer()
    staff = find_clinician(viewer, clinician_ref)
    staff_id, sites = staff.id, sites_of(staff.organisation_id)
    form = WeeklyForm(version=version_of(staff), every="1", use=HoursUse.SESSIONS.value)
    form.offers(sites)
    if form.validate_on_submit() and form.valid_from.data:
        stretch = form.stretch(HoursUse(form.use.data or ""), sites)
        with asking(form, lambda: WeeklyForm(None, version=version_of(staff)), compare=False):
            with saving() as saved:
                week_service.add_weekly(
                    staff_id=staff_id,
                    weekday=int(form.weekday.data or 0),
                    stretch=stretch,
                    valid_from=form.valid_from.data,
                    valid_to=form.valid_to.data,
                    every=int(form.every.data or 1),
                    version=form.read_version,
                    by=viewer.staff_id,
                    accepted=form.accepted(),
                )
                saved.goes_to(_own(clinician_ref), "The hours are added.")
            return saved.redirect()
    return form_page(
        "sessions/hours_form.html",
        form=form,
        staff=find_clinician(viewer, clinician_ref),
        broken=rows_for(viewer, form),
    )


@bp.route("/clinicians/<uuid:clinician_ref>/hours/<uuid:hours_ref>", methods=["GET", "POST"])
@only(*KEEPERS)
def hours_change(clinician_ref: uuid.UUID, hours_ref: uuid.UUID) -> Page | Response:
    """Change a stretch of the week from a day on, or end it; what was stays on record."""
    viewer = current_viewer()
    staff = find_clinician(viewer, clinician_ref)
    held, sites = find_hours(staff, hours_ref), sites_of(staff.organisation_id)
    form = WeeklyChangeForm(**weekly_data(held, sites, version_of(staff)))
    form.offers(sites)
    if form.validate_on_submit() and form.since.data:
        with asking(form, lambda: WeeklyChangeForm(None, version=version_of(staff)), compare=False):
            kept = {"version": form.read_version, "by": viewer.staff_id}
            hours_id, weekday, every, use = held.id, held.weekday, held.every, held.use
            stretch = None if form.happens.data == END else form.stretch(use, sites)
            accepted = form.accepted()
            with saving() as saved:
                if stretch is None:
                    week_service.end_weekly(
                        hours_id=hours_id, last_day=form.last_day(), accepted=accepted, **kept
                    )
                else:
                    week_service.change_weekly(
                        hours_id=hours_id,
                        weekday=weekday,
                        stretch=stretch,
                        since=form.since.data,
                        every=every,
                        accepted=accepted,
                        **kept,
                    )
                saved.goes_to(_own(clinician_ref), "The hours are saved.")
            return saved.redirect()
    return _change_page(viewer, clinician_ref, hours_ref, form)


def version_of(staff: Staff) -> int:
    """The version of a clinician's hours now; 0 where nobody said how he can be booked."""
    row = profile_of(staff.id)
    return row.version if row else 0


def _change_page(
    viewer: Viewer, clinician_ref: uuid.UUID, hours_ref: uuid.UUID, form: WeeklyChangeForm
) -> Page:
    staff = find_clinician(viewer, clinician_ref)
    held = find_hours(staff, hours_ref)
    return form_page(
        "sessions/hours_change.html",
        form=form,
        staff=staff,
        held=held,
        said=f"{WEEKDAYS[held.weekday]}s, {times(held.starts, held.ends)}",
        use=USE_WORDS[held.use],
        broken=rows_for(viewer, form),
    )


def _page(viewer: Viewer, clinician_ref: uuid.UUID) -> str:
    staff = find_clinician(viewer, clinician_ref)
    return render_template(
        "sessions/clinician.html",
        staff=staff,
        own=staff.id == viewer.staff_id,
        keeps=viewer.has(*KEEPERS),
        profile=clinician_page.profile_rows(staff.id),
        week=clinician_page.week(staff.organisation_id, clock.today(), [staff]),
        hours=clinician_page.hours_lines(staff),
        one_offs=clinician_page.one_off_lines(staff),
        leave=clinician_page.leave_of(staff),
    )


def _own(clinician_ref: uuid.UUID) -> str:
    return url_for(".clinician", clinician_ref=clinician_ref)


def _day(text: str) -> date:
    """The day of an address; today where there is none.

    Raises:
        NotFound: no day, or one of no use.
    """
    if not text:
        return clock.today()
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise NotFound from None
    if found.year not in YEARS:
        raise NotFound
    return found
