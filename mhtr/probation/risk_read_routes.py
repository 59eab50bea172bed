"""Probation reads the risk of which clinicians told it, and acknowledges it."""

import uuid

from flask import render_template, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core.access import SUPERVISES, Purpose
from mhtr.probation import risk_service as service
from mhtr.probation.blueprint import bp
from mhtr.probation.risk_page import card
from mhtr.probation.risk_queries import told_of
from mhtr.web import navigation
from mhtr.web.forms import Form
from mhtr.web.gate import only
from mhtr.web.navigation import CaseGroup
from mhtr.web.reads import shows
from mhtr.web.submission import saving

navigation.add_case(
    CaseGroup.TREATMENT,
    49,
    "Risk told to you",
    "probation.risks_told",
    Purpose.SUPERVISION,
    roles=SUPERVISES,
)


@bp.get("/cases/<uuid:case_ref>/risk-from-service")
@only(*SUPERVISES)
def risks_told(case_ref: uuid.UUID) -> str:
    """Everything that the service told of risk, exactly as it was said."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.SUPERVISION)
    found = told_of(case.id)
    shows("risk_statement", *(one.row.id for one in found), case_id=case.id)
    return render_template(
        "probation/risks_told.html",
        record=record(viewer, case),
        case=case,
        cards=[card(one, clinical=False) for one in found],
        button=Form(formdata=None),
    )


@bp.post("/cases/<uuid:case_ref>/risk-from-service/<uuid:risk_ref>/acknowledge")
@only(*SUPERVISES)
def risk_acknowledge(case_ref: uuid.UUID, risk_ref: uuid.UUID) -> Response:
    """Say that probation has it."""
    viewer = current_viewer()
    case_id = find_case(viewer, case_ref, Purpose.SUPERVISION).id
    with saving() as saved:
        service.acknowledge(case_id=case_id, ref=risk_ref, by=viewer.staff_id)
        saved.goes_to(
            url_for(".risks_told", case_ref=case_ref), "Acknowledged. The service is told."
        )
    return saved.redirect()
