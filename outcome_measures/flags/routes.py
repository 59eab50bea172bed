"""Flags of scores: the page of one, to respond; and the clinical lead's supervision list."""

import uuid
from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core.access import CLINICAL_ROLES, Purpose, Role, Viewer
from mhtr.core.errors import Refused, Stale
from mhtr.tasks.rota_queries import clinicians
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.paging import SIZE, page_from, page_number, sort_asked, sort_links
from mhtr.web.reads import shows
from mhtr.web.submission import saving
from outcome_measures.blueprint import bp
from outcome_measures.flag_kinds import FlagKind
from outcome_measures.flags import (
    lists as flag_lists,
)
from outcome_measures.flags import (
    reading as flag_reading,
)
from outcome_measures.flags import (
    service as flag_service,
)
from outcome_measures.flags.forms import ResponseForm, SupervisionForm
from outcome_measures.flags.lists import Asked
from outcome_measures.flags.reading import FlagRow, FlagState

RESPONSES = 10
"""Recent responses under the list; the rest is one click away."""
MEANWHILE = "Somebody responded meanwhile. What is on record stands above what you typed."


@bp.get("/cases/<uuid:case_ref>/measures/flags/<uuid:measure_flag_ref>")
@only(*CLINICAL_ROLES)
def flag(case_ref: uuid.UUID, measure_flag_ref: uuid.UUID) -> Page:
    """One flag: its rule, what in the scores met it, and the response."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    return _page(viewer, case, flag_reading.find_flag(case, measure_flag_ref), ResponseForm())


@bp.post("/cases/<uuid:case_ref>/measures/flags/<uuid:measure_flag_ref>")
@only(*CLINICAL_ROLES)
def flag_respond(case_ref: uuid.UUID, measure_flag_ref: uuid.UUID) -> Page | Response:
    """Record what was decided."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    found = flag_reading.find_flag(case, measure_flag_ref)
    form = ResponseForm()
    if form.validate():
        back = _back(viewer, case_ref, measure_flag_ref)
        try:
            with saving() as saved:
                flag_service.respond(
                    flag_id=found.id,
                    response=form.response.data,
                    in_supervision=form.in_supervision.data == "yes",
                    by=viewer.staff_id,
                )
                saved.goes_to(back, f"Response recorded: {found.title}, {found.who}")
            return saved.redirect()
        except Refused as refusal:
            form.refuse(" ".join(refusal.reasons), field="response")
        except Stale:
            form.refuse(MEANWHILE)
        case = find_case(viewer, case_ref, Purpose.CLINICAL)
        found = flag_reading.find_flag(case, measure_flag_ref)
    return _page(viewer, case, found, form)


def _back(viewer: Viewer, case_ref: uuid.UUID, flag_ref: uuid.UUID) -> str:
    """A lead goes on with his list; everybody else sees the flag with the response."""
    if viewer.has(Role.CLINICAL_LEAD) and request.args.get("from") == "supervision":
        return url_for(".supervision")
    return url_for(".flag", case_ref=case_ref, measure_flag_ref=flag_ref)


def _page(viewer: Viewer, case: Case, found: FlagRow, form: ResponseForm) -> Page:
    shows("measure_flag", found.id)
    return form_page(
        "outcome_measures/flag.html",
        form=form,
        record=record(viewer, case),
        case=case,
        flag=found,
        state=found.state,
        is_risk=found.kind is FlagKind.RISK,
        origin=request.args.get("from") if request.args.get("from") == "supervision" else None,
    )


@bp.get("/measures/supervision")
@only(Role.CLINICAL_LEAD)
def supervision() -> str:
    """Flags that wait in the lead's scope, and recent responses."""
    viewer = current_viewer()
    form = SupervisionForm()
    assessors = {str(one.ref): one for one in clinicians(viewer.organisation_id)}
    form.assessor.set_choices([(ref, one.name) for ref, one in assessors.items()])
    valid = form.validate()
    sorts = flag_lists.SORTS
    usual = "-responded" if valid and form.asked_state is FlagState.RESPONDED else "raised"
    sort, number = sort_asked(sorts, usual), page_number()
    narrowed = any(request.args.get(field.name) for field in form)
    plain = number == 1 and not narrowed
    rows: list[FlagRow] = []
    recent: list[FlagRow] = []
    if valid:
        chosen = assessors.get(form.assessor.data or "")
        rows, recent = flag_lists.supervision(
            viewer,
            Asked(form.asked_state, form.asked_kind, chosen.id if chosen else None, sort=sort),
            limit=SIZE + 1,
            offset=(number - 1) * SIZE,
            recent=RESPONSES + 1 if plain else 0,
        )
    page = page_from(rows, number)
    shown = [*page.rows, *recent[:RESPONSES]]
    for row in shown:
        shows("person", row.person_id)
        shows("measure_flag", row.id)
    return render_template(
        "outcome_measures/supervision.html",
        form=form,
        page=page,
        columns=_columns(sort, form.asked_state if valid else FlagState.WAITING),
        state=form.asked_state if valid else FlagState.WAITING,
        recent=recent[:RESPONSES],
        more_recent=url_for(".supervision", state=FlagState.RESPONDED.value)
        if len(recent) > RESPONSES
        else "",
        narrowed=narrowed,
    )


def _columns(sort: str, state: FlagState) -> list[Any]:
    responded = state is FlagState.RESPONDED
    last = ("Responded", "responded") if responded else ("Raised", "raised")
    return [
        *sort_links(sort, ("Name", "name"), ("Flag", "kind"), ("Assessor", "assessor"), last),
        "",
    ]
