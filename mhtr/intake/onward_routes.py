"""Pages of onward referrals: a case's, one with its steps, and the link worker's list."""

import uuid
from collections.abc import Sequence

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.models import Case
from mhtr.cases.offence import offence_words
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core import clock
from mhtr.core.access import Purpose, Role, Viewer
from mhtr.core.clock import NoSuchTime
from mhtr.core.errors import Refused, Stale
from mhtr.intake import onward_queries, onward_service
from mhtr.intake.models import OnwardReferral
from mhtr.intake.onward_beside import STALE, beside
from mhtr.intake.onward_forms import HandOverForm, OnwardFilter, RouteOnForm, StepForm
from mhtr.intake.onward_rules import CHOSEN, ONWARD_WORDS, OnwardState, ended
from mhtr.intake.routes import bp
from mhtr.people.consent_wording import current
from mhtr.people.models import ConsentItem
from mhtr.people.rules import BEFORE_BIRTH
from mhtr.web import navigation
from mhtr.web.both_versions import Difference
from mhtr.web.gate import only
from mhtr.web.navigation import CaseGroup
from mhtr.web.paging import here, page_number, sort_asked, sort_links
from mhtr.web.submission import saving

ROUTERS = (Role.ASSESSOR, Role.CLINICAL_LEAD, Role.DUTY_CLINICIAN, Role.ADMINISTRATOR)
FOLLOWERS = (*ROUTERS, Role.LINK_WORKER)

navigation.add_main(20, "Onward referrals", "intake.onward_list", Role.LINK_WORKER)
navigation.add_case(
    CaseGroup.REFERRAL,
    30,
    "Onward",
    "intake.onward",
    *onward_queries.PURPOSES,
    section=("intake.onward",),
)

Page = str | Response | tuple[str, int]


@bp.get("/onward", endpoint="onward_list")
@only(*FOLLOWERS)
def onward_list() -> str:
    """Onward referrals to follow up."""
    viewer, form = current_viewer(), OnwardFilter()
    form.validate()
    sort, page = sort_asked(onward_queries.SORTS, "age"), page_number()
    lines, more = onward_queries.list_onward(
        viewer,
        mine=form.whose.data == "mine",
        state=OnwardState(form.state.data) if form.state.data in set(OnwardState) else None,
        closed=form.ended.data == "yes",
        sort=sort,
        page=page,
    )
    columns = sort_links(
        sort,
        ("Name", "name"),
        ("Service", ""),
        ("Referred on", "age"),
        ("First appointment", "appointment"),
        ("State", ""),
        ("Followed up by", ""),
    )
    return render_template(
        "intake/onward_list.html",
        form=form,
        lines=lines,
        words=ONWARD_WORDS,
        columns=[*columns, ""],
        narrowed=any(request.args.get(name) for name in ("whose", "state", "ended")),
        previous_href=here(page=page - 1) if page > 1 else "",
        next_href=here(page=page + 1) if more else "",
    )


@bp.get("/cases/<uuid:case_ref>/onward", endpoint="onward")
@only(*FOLLOWERS)
def onward(case_ref: uuid.UUID) -> str:
    """A man's onward referrals, and a form for another."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *onward_queries.PURPOSES)
    return _case_page(case, _new_form(case))


@bp.post("/cases/<uuid:case_ref>/onward")
@only(*ROUTERS)
def route_on(case_ref: uuid.UUID) -> Page:
    """Refer him on."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.CLINICAL, Purpose.ADMINISTRATION)
    case_id, form = case.id, _new_form(case)
    if form.validate_on_submit():
        try:
            with saving() as saved:
                onward_service.route_on(
                    case_id=case_id,
                    service_code=form.service.data or "",
                    service_name=form.service_name.data or "",
                    owner_principal_id=int(form.owner.data or 0),
                    agreed=form.agreed.data == "yes",
                    how=form.how.data or "",
                    note=form.note.data or "",
                    by=viewer.staff_id,
                )
                saved.goes_to(
                    url_for("intake.onward", case_ref=case_ref), "He is to be referred on."
                )
            return saved.redirect()
        except Refused as refusal:
            form.refuse(" ".join(refusal.reasons))
    return _case_page(find_case(viewer, case_ref, *onward_queries.PURPOSES), form), 422


@bp.get("/onward/<uuid:onward_ref>")
@only(*FOLLOWERS)
def onward_step(onward_ref: uuid.UUID) -> str:
    """One onward referral: what was recorded, and the next step."""
    row, case = onward_queries.find_onward(current_viewer(), onward_ref)
    return _step_page(row, case, _step_form(row, case))


@bp.post("/onward/<uuid:onward_ref>")
@only(*FOLLOWERS)
def record_onward_step(onward_ref: uuid.UUID) -> Page:
    """Record what became of it."""
    viewer = current_viewer()
    row, case = onward_queries.find_onward(viewer, onward_ref)
    onward_id, form = row.id, _step_form(row, case)
    differences = beside(row, form)
    if differences:
        return _step_page(row, case, form, differences), 422
    if form.validate_on_submit() and form.days_since(case.person.born, BEFORE_BIRTH):
        version, state = form.version.data, OnwardState(form.state.data or "")
        try:
            with saving() as saved:
                onward_service.record_step(
                    onward_id=onward_id,
                    state=state,
                    version=int(version) if version.isdecimal() else 0,
                    note=form.note.data or "",
                    appointment_at=form.appointment_at(),
                    by=viewer.staff_id,
                )
                saved.goes_to(*after_step(viewer, onward_ref, state))
            return saved.redirect()
        except Refused as refusal:
            form.refuse(" ".join(refusal.reasons))
        except NoSuchTime as fault:
            form.refuse(f"{fault}. Enter another time.", field="appointment_time")
        except Stale:
            form.refuse(STALE)
    row, case = onward_queries.find_onward(viewer, onward_ref)
    form.offer(row.state)
    form.version.data = str(row.version)
    return _step_page(row, case, form), 422


@bp.route("/onward/<uuid:onward_ref>/hand-over", methods=["GET", "POST"])
@only(*ROUTERS)
def hand_onward_over(onward_ref: uuid.UUID) -> Page:
    """Give it to somebody else to follow up."""
    viewer = current_viewer()
    row, case = onward_queries.find_onward(viewer, onward_ref)
    form = HandOverForm(data={"version": str(row.version)})
    form.offer(onward_queries.owners_offered(viewer, case), row.owner_principal_id)
    differences = beside(row, form)
    if not differences and form.validate_on_submit():
        onward_id, version = row.id, form.version.data
        try:
            with saving() as saved:
                onward_service.hand_over(
                    onward_id=onward_id,
                    owner_principal_id=int(form.owner.data or 0),
                    version=int(version) if version.isdecimal() else 0,
                    by=viewer.staff_id,
                )
                saved.goes_to(
                    url_for("intake.onward_step", onward_ref=onward_ref),
                    "Somebody else follows it up from now on.",
                )
            return saved.redirect()
        except Refused as refusal:
            form.refuse(" ".join(refusal.reasons))
        except Stale:
            form.refuse(STALE)
        row, case = onward_queries.find_onward(viewer, onward_ref)
        form.version.data = str(row.version)
    page = render_template(
        "intake/onward_hand_over.html",
        record=record(viewer, case),
        row=row,
        service=onward_queries.service_label(row),
        form=form,
        differences=differences,
    )
    return (page, 422) if form.is_submitted() else page


def after_step(viewer: Viewer, onward_ref: uuid.UUID, state: OnwardState) -> tuple[str, str]:
    """Where to go next: a link worker sees no more of what has ended."""
    if ended(state) and not viewer.has(*ROUTERS):
        return url_for("intake.onward_list"), "Recorded. It has ended and has left your list."
    return url_for("intake.onward_step", onward_ref=onward_ref), "Recorded."


def _new_form(case: Case) -> RouteOnForm:
    form = RouteOnForm()
    form.offer(onward_queries.owners_offered(current_viewer(), case))
    form.remind(offence_words(case.stage), "note")
    return form


def _step_form(row: OnwardReferral, case: Case) -> StepForm:
    form = StepForm(data={"version": str(row.version)})
    form.offer(row.state)
    form.remind(offence_words(case.stage), "note")
    return form


def _case_page(case: Case, form: RouteOnForm) -> str:
    viewer = current_viewer()
    rows, banner = onward_queries.of_case(case.id), record(viewer, case)
    inside = bool(banner.purposes & {Purpose.CLINICAL, Purpose.ADMINISTRATION})
    return render_template(
        "intake/onward.html",
        record=banner,
        rows=[
            (row, onward_queries.service_label(row), inside or onward_queries.follows(viewer, row))
            for row in rows
        ],
        words=ONWARD_WORDS,
        form=form if viewer.has(*ROUTERS) else None,
        text=current(ConsentItem.LINK_WORKER, clock.today()),
    )


def _step_page(
    row: OnwardReferral, case: Case, form: StepForm, differences: Sequence[Difference] = ()
) -> str:
    return render_template(
        "intake/onward_step.html",
        record=record(current_viewer(), case),
        row=row,
        service=onward_queries.service_label(row),
        words=ONWARD_WORDS,
        events=onward_queries.events_of(row.id),
        form=form if row.closed_at is None else None,
        differences=differences,
        worker=onward_queries.owner_name(row),
        stands=onward_queries.how_he_stands(case),
        corrects=row.state in CHOSEN,
        hands_over=row.closed_at is None and current_viewer().has(*ROUTERS),
    )


from mhtr.intake import onward_step_routes  # noqa: E402, F401 (adds its view to bp)
