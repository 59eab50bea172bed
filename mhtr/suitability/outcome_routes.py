"""The court's result: proposed or not, and what the court did."""

import uuid

from flask import url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Staff
from mhtr.cases import rules
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case, in_scope
from mhtr.cases.record import Record, record
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, PROBATION_ROLES, Purpose, Role, Viewer
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.suitability import outcome_service, sentence_checks
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
    form = OutcomeForm(side=side_of(viewer.roles), asks_plea=sentence_checks.needs_plea(case))
    if form.validate_on_submit() and (answer := _recorded(form, viewer, case.id, case_ref)):
        return answer
    return _page(viewer, case_ref, form)


def _recorded(
    form: OutcomeForm, viewer: Viewer, case_id: int, case_ref: uuid.UUID
) -> Response | None:
    try:
        with saving() as saved:
            outcome_service.record_outcome(
                case_id=case_id, outcome=form.outcome(), by=viewer.staff_id
            )
            saved.goes_to(*_after(viewer, case_ref))
        return saved.redirect()
    except sentence_checks.DayInQuestion as asked:
        form.ask_about_day(asked.reasons)
    except Refused as refused:
        for reason in refused.reasons:
            form.refuse(reason)
    return None


def _after(viewer: Viewer, case_ref: uuid.UUID) -> tuple[str, str]:
    """The same page, unless recording the sentence ended this viewer's access."""
    db.session.flush()
    still = select(Case.id).where(Case.ref == case_ref, in_scope(viewer, *PURPOSES))
    if db.session.scalars(still).first() is None:
        words = "The result is recorded. With it your access to his case has ended."
        return url_for("overview.today"), words
    return url_for("suitability.outcome", case_ref=case_ref), "The result is recorded."


def _refused(banner: Record) -> tuple[str, ...]:
    """Why nothing can be recorded now: the case is closed. A wrong sentence is always corrected."""
    if banner.standing.closed_reason is None:
        return ()
    return rules.can(FactKind.SENTENCED_WITHOUT_MHTR, banner.facts, clock.today()).reasons


def _page(viewer: Viewer, case_ref: uuid.UUID, form: OutcomeForm) -> Page:
    case = find_case(viewer, case_ref, *PURPOSES)
    recorded, why = outcome_service.outcomes(case.id), outcome_service.why_that_day(case.id)
    banner = record(viewer, case)
    return form_page(
        "suitability/outcome.html",
        record=banner,
        refused=_refused(banner),
        form=form,
        rows=[
            (
                row,
                RESULT_WORDS[Result(row.result)] if row.result else "",
                db.session.get_one(Staff, row.recorded_by).name,
                row.note if note_is_shown(row.note_side, viewer.roles) else None,
                why.get(row.id, ""),
            )
            for row in recorded
        ],
        court=court_name(case.court_code),
        sentenced=any(row.result and row.result != Result.ADJOURNED for row in recorded),
    )


navigation.add_case(CaseGroup.COURT, 20, "Court result", "suitability.outcome", *PURPOSES)
