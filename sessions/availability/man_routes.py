"""Pages of a case about when, where and how he can come."""

import uuid

from flask import render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.own_trust import trust_of
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, Purpose, Role, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from mhtr.web import navigation
from mhtr.web.forms import Form, Page, form_page
from mhtr.web.gate import only
from mhtr.web.navigation import CaseGroup
from mhtr.web.submission import saving
from sessions.availability import man_page, man_service
from sessions.availability.adjust_queries import adjustments_of
from sessions.availability.limits_queries import how_he_can_come
from sessions.availability.man_forms import (
    BarForm,
    HowForm,
    ReasonedBarForm,
    TimeForm,
    how_data,
)
from sessions.availability.models import PlaceBarred, TimeHeCannot
from sessions.availability.scope import sites_of
from sessions.availability.weighing import WeighedForm, asking, rows_for
from sessions.blueprint import bp

PURPOSES = (Purpose.CLINICAL, Purpose.ADMINISTRATION)
RECORDERS = (*sorted(CLINICAL_ROLES), Role.ADMINISTRATOR)
CLINICIANS = tuple(sorted(CLINICAL_ROLES))

navigation.add_case(
    CaseGroup.TREATMENT,
    30,
    "Times",
    "sessions.limits",
    *PURPOSES,
    section=("sessions.limit",),
    roles=RECORDERS,
)


@bp.get("/cases/<uuid:case_ref>/when-he-can-come")
@only(*RECORDERS)
def limits(case_ref: uuid.UUID) -> str:
    """Times he cannot come, places he may not go to, whom he must not meet, how he is seen."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *PURPOSES)
    return render_template(
        "sessions/limits.html",
        record=record(viewer, case),
        case=case,
        times=man_page.time_lines(case),
        bars=man_page.bar_lines(viewer, case),
        reads_why=man_page.reads_why(viewer, case),
        adjustments=adjustments_of(case),
        apart=man_page.apart(viewer, case),
        how=man_page.how_rows(case),
        button=Form(formdata=None),
    )


@bp.route("/cases/<uuid:case_ref>/when-he-can-come/times", methods=["GET", "POST"])
@only(*RECORDERS)
def limit_time(case_ref: uuid.UUID) -> Page | Response:
    """Record a time at which he cannot come."""
    viewer = current_viewer()
    case_id = find_case(viewer, case_ref, *PURPOSES).id
    form = TimeForm(version=0, first=clock.today())
    if form.validate_on_submit():
        with asking(form, lambda: TimeForm(None, version=0), compare=False):
            with saving() as saved:
                man_service.add_time(
                    case_id=case_id,
                    said=form.said(),
                    by=viewer.staff_id,
                    accepted=form.accepted(),
                )
                saved.goes_to(_limits(case_ref), "The time is recorded.")
            return saved.redirect()
    return _form(viewer, case_ref, "sessions/limit_time.html", form)


@bp.post("/cases/<uuid:case_ref>/when-he-can-come/times/<uuid:time_ref>/end")
@only(*RECORDERS)
def limit_time_end(case_ref: uuid.UUID, time_ref: uuid.UUID) -> Response:
    """He can come then after all."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *PURPOSES)
    query = select(TimeHeCannot.id).where(
        TimeHeCannot.ref == time_ref, TimeHeCannot.case_id == case.id
    )
    case_id, time_id = case.id, _found(db.session.scalar(query))
    with saving() as saved:
        man_service.end_time(case_id=case_id, time_id=time_id, by=viewer.staff_id)
        saved.goes_to(_limits(case_ref), "Recorded: he can come then.")
    return saved.redirect()


@bp.route("/cases/<uuid:case_ref>/when-he-can-come/places", methods=["GET", "POST"])
@only(*RECORDERS)
def limit_place(case_ref: uuid.UUID) -> Page | Response:
    """Record a place he may not go to. Only a clinician is asked why."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *PURPOSES)
    case_id, sites = case.id, sites_of(trust_of(viewer))
    kind = ReasonedBarForm if man_page.reads_why(viewer, case) else BarForm
    form = kind(version=0)
    form.offers(sites)
    if form.validate_on_submit():
        site_id = next(site.id for site in sites if str(site.ref) == form.site.data)
        with asking(form, lambda: kind(None, version=0), compare=False):
            with saving() as saved:
                man_service.bar_place(
                    case_id=case_id,
                    site_id=site_id,
                    reason=form.reason.data if isinstance(form, ReasonedBarForm) else "",
                    by=viewer.staff_id,
                    accepted=form.accepted(),
                )
                saved.goes_to(_limits(case_ref), "The place is recorded.")
            return saved.redirect()
    return _form(viewer, case_ref, "sessions/limit_place.html", form)


@bp.post("/cases/<uuid:case_ref>/when-he-can-come/places/<uuid:bar_ref>/lift")
@only(*CLINICIANS)
def limit_place_lift(case_ref: uuid.UUID, bar_ref: uuid.UUID) -> Response:
    """He may go there again."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    query = select(PlaceBarred.id).where(PlaceBarred.ref == bar_ref, PlaceBarred.case_id == case.id)
    case_id, bar_id = case.id, _found(db.session.scalar(query))
    with saving() as saved:
        man_service.lift_bar(case_id=case_id, bar_id=bar_id, by=viewer.staff_id)
        saved.goes_to(_limits(case_ref), "Recorded: he may go there.")
    return saved.redirect()


@bp.route("/cases/<uuid:case_ref>/when-he-can-come/how", methods=["GET", "POST"])
@only(*RECORDERS)
def limit_how(case_ref: uuid.UUID) -> Page | Response:
    """Record how he can be seen, and by whom."""
    viewer = current_viewer()
    case_id = find_case(viewer, case_ref, *PURPOSES).id

    def now() -> dict[str, object]:
        return how_data(how_he_can_come(case_id))

    form = HowForm(**now())
    if form.validate_on_submit():
        with asking(form, lambda: HowForm(None, **now())):
            with saving() as saved:
                man_service.say_how(
                    case_id=case_id,
                    said=form.said(),
                    version=form.read_version,
                    by=viewer.staff_id,
                    accepted=form.accepted(),
                )
                saved.goes_to(_limits(case_ref), "How he can come is saved.")
            return saved.redirect()
    return _form(viewer, case_ref, "sessions/limit_how.html", form)


def _form(viewer: Viewer, case_ref: uuid.UUID, template: str, form: WeighedForm) -> Page:
    case: Case = find_case(viewer, case_ref, *PURPOSES)
    return form_page(
        template,
        record=record(viewer, case),
        case=case,
        form=form,
        broken=rows_for(viewer, form),
    )


def _limits(case_ref: uuid.UUID) -> str:
    return url_for(".limits", case_ref=case_ref)


def _found(key: int | None) -> int:
    if key is None:
        raise NotFound
    return key
