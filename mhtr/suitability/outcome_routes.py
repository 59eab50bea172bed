"""The court's result: proposed or not, and what the court did."""

import uuid

from flask import url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Staff
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core.access import CLINICAL_ROLES, PROBATION_ROLES, Purpose, Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.suitability import outcome_service
from mhtr.suitability.blueprint import bp
from mhtr.suitability.outcome_forms import OutcomeForm
from mhtr.suitability.outcome_rules import note_is_shown, side_of
from mhtr.suitability.outcome_service import RESULT_WORDS, Result
from mhtr.suitability.request_queries import court_name
from mhtr.web import navigation
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.navigation import CaseGroup
from mhtr.web.submission import saving

PURPOSES = (Purpose.PRE_SENTENCE, Purpose.ADMINISTRATION, Purpose.CLINICAL)


@bp.route("/cases/<uuid:case_ref>/outcome", methods=["GET", "POST"])
@only(*PROBATION_ROLES, *CLINICAL_ROLES, Role.ADMINISTRATOR)
def outcome(case_ref: uuid.UUID) -> Page | Response:
    """What is recorded about the court's result, and a form for what is new."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *PURPOSES)
    form = OutcomeForm(side=side_of(viewer.roles))
    if form.validate_on_submit():
        try:
            with saving() as saved:
                outcome_service.record_outcome(
                    case_id=case.id, outcome=form.outcome(), by=viewer.staff_id
                )
                saved.goes_to(
                    url_for("suitability.outcome", case_ref=case_ref), "The result is recorded."
                )
            return saved.redirect()
        except Refused as refused:
            for reason in refused.reasons:
                form.refuse(reason)
    return form_page(
        "suitability/outcome.html",
        record=record(viewer, case),
        form=form,
        rows=[
            (
                row,
                RESULT_WORDS[Result(row.result)] if row.result else "",
                db.session.get_one(Staff, row.recorded_by).name,
                row.note if note_is_shown(row.note_side, viewer.roles) else None,
            )
            for row in outcome_service.outcomes(case.id)
        ],
        court=court_name(case.court_code),
        sentenced=any(
            row.result and row.result != Result.ADJOURNED
            for row in outcome_service.outcomes(case.id)
        ),
    )


navigation.add_case(CaseGroup.COURT, 20, "Court result", "suitability.outcome", *PURPOSES)
