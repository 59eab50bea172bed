"""How the due date of a report was worked out."""

import uuid

from flask import render_template

from mhtr.accounts.gate import current_viewer
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core import policy
from mhtr.core.access import CLINICAL_ROLES, PROBATION_ROLES, Purpose
from mhtr.core.errors import NotFound
from mhtr.suitability import request_queries
from mhtr.suitability.blueprint import bp
from mhtr.suitability.concerned import current_request
from mhtr.suitability.policy import DEADLINE_VALUES
from mhtr.web.gate import only


@bp.get("/cases/<uuid:case_ref>/request/due-date")
@only(*PROBATION_ROLES, *CLINICAL_ROLES)
def request_due(case_ref: uuid.UUID) -> str:
    """How the due date was worked out, with the values in force when it was."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.PRE_SENTENCE, Purpose.CLINICAL)
    found = current_request(case.id)
    if found is None:
        raise NotFound
    used: dict[str, policy.Value] = found.details.get("worked_out", {}).get("policy", {})
    values = [
        (value, _in_words(used.get(value.key.rpartition(".")[2], value.default)))
        for value in DEADLINE_VALUES
    ]
    return render_template(
        "suitability/request_due.html",
        record=record(viewer, case),
        row=request_queries.row_of(found, case),
        values=values,
    )


def _in_words(value: policy.Value) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return str(value).replace("_", " ")
