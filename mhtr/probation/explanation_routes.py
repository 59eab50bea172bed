"""What a man says of a session he missed, as probation reads and records it."""

import uuid

from flask import url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.record import record
from mhtr.compliance.attendance import in_words
from mhtr.compliance.decision_queries import decisions_on, known_of
from mhtr.compliance.explanation_form import ExplanationForm
from mhtr.compliance.explanation_page import said_lines
from mhtr.compliance.explanation_queries import explanations_on
from mhtr.compliance.explanation_routes import (
    blank_form,
    find_explanation,
    recorded,
    take_back_page,
    taken_back,
)
from mhtr.compliance.explanation_service import NOT_MISSED, is_asked
from mhtr.compliance.explanations import Side
from mhtr.core.access import SUPERVISES, Viewer
from mhtr.probation.blueprint import bp
from mhtr.probation.finding import find_absence
from mhtr.web.forms import Form, Page, form_page
from mhtr.web.gate import only
from mhtr.web.reads import shows


@bp.route("/cases/<uuid:case_ref>/absences/<uuid:place_ref>/said", methods=["GET", "POST"])
@only(*SUPERVISES)
def explanation(case_ref: uuid.UUID, place_ref: uuid.UUID) -> Page | Response:
    """What he says of an absence, and recording what he told probation itself."""
    viewer = current_viewer()
    case = find_absence(viewer, case_ref, place_ref)[0]
    form = blank_form(clinician=False, side=Side.PROBATION)
    back = url_for(".decide", case_ref=case_ref, place_ref=place_ref)
    answer = recorded(form, case.id, place_ref, viewer.staff_id, back)
    return answer or _page(viewer, case_ref, place_ref, form)


def _page(viewer: Viewer, case_ref: uuid.UUID, place_ref: uuid.UUID, form: ExplanationForm) -> Page:
    case, row = find_absence(viewer, case_ref, place_ref)
    rows = explanations_on(place_ref)
    shows("explanation", *(one.id for one in rows), case_id=case.id)
    return form_page(
        "probation/explanation.html",
        form=form,
        record=record(viewer, case),
        case=case,
        row=row,
        happened=in_words(row.happened, row.minutes_late),
        until=known_of(row, decisions_on(place_ref)).evidence_until,
        rows=said_lines(rows, row.on, side=Side.PROBATION),
        asked=is_asked(row),
        not_asked=NOT_MISSED,
    )


@bp.route(
    "/cases/<uuid:case_ref>/absences/<uuid:place_ref>/said/<uuid:said_ref>/take-back",
    methods=["GET", "POST"],
)
@only(*SUPERVISES)
def explanation_take_back(
    case_ref: uuid.UUID, place_ref: uuid.UUID, said_ref: uuid.UUID
) -> Page | Response:
    """Take back what probation recorded by mistake."""
    viewer = current_viewer()
    case, row = find_absence(viewer, case_ref, place_ref)
    found = find_explanation(case, place_ref, said_ref, Side.PROBATION)
    form = Form()
    back = url_for(".explanation", case_ref=case_ref, place_ref=place_ref)
    answer = taken_back(form, case.id, said_ref, viewer.staff_id, back)
    return answer or take_back_page(form, viewer, case, found, row, side=Side.PROBATION, back=back)
