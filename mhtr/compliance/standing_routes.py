"""Where his orders stand, for who treats him."""

import uuid

from flask import render_template

from mhtr.accounts.gate import current_viewer
from mhtr.cases.facts import CaseState
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.compliance.blueprint import bp
from mhtr.compliance.service_standing import orders_for_service
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, Purpose
from mhtr.web import navigation
from mhtr.web.gate import only
from mhtr.web.navigation import CaseGroup
from mhtr.web.reads import shows

AFTER_TREATMENT = frozenset({CaseState.ENDED, CaseState.DISCHARGED})
"""His treatment here is over, though an order may run on."""
navigation.add_case(
    CaseGroup.TREATMENT,
    45,
    "Standing",
    "compliance.standing",
    Purpose.CLINICAL,
    roles=CLINICAL_ROLES,
)


@bp.get("/cases/<uuid:case_ref>/standing-for-treatment")
@only(*CLINICAL_ROLES)
def standing(case_ref: uuid.UUID) -> str:
    """Where each of his orders stands by what was issued, and what that means for the work."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    orders = orders_for_service(case.id, clock.today())
    shows("order", *(one.order_id for one in orders), case_id=case.id)
    shows("attendance", *{m.attendance_id for one in orders for m in one.missed}, case_id=case.id)
    shows("warning", *(number for one in orders for number in one.warning_ids), case_id=case.id)
    shows("enforcement", *(number for one in orders for number in one.step_ids), case_id=case.id)
    return render_template(
        "compliance/standing.html",
        record=record(viewer, case),
        case=case,
        orders=orders,
        ended=case.state in AFTER_TREATMENT,
    )
