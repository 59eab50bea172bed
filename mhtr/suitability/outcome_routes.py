"""The court's result: proposed or not, and what the court did."""

import uuid
from typing import Any

from flask import render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Staff
from mhtr.cases import reliance, rules
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case, in_scope
from mhtr.cases.record import Record, record
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, PROBATION_ROLES, Purpose, Role, Viewer
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.intake import filing_form
from mhtr.intake.other_trust import GoesElsewhere
from mhtr.people.rules import BEFORE_BIRTH
from mhtr.suitability import outcome_service, sentence_checks
from mhtr.suitability.blueprint import bp
from mhtr.suitability.court_result import CORRECTION_WORDS, RESULT_WORDS, Correction, Result
from mhtr.suitability.models import CourtOutcome
from mhtr.suitability.outcome_comparison import differences
from mhtr.suitability.outcome_forms import OutcomeForm
from mhtr.suitability.outcome_rules import note_is_shown, side_of
from mhtr.suitability.request_queries import court_name
from mhtr.web import navigation
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.navigation import CaseGroup
from mhtr.web.submission import saving

TEMPLATE = "suitability/outcome.html"
PURPOSES = (Purpose.PRE_SENTENCE, Purpose.ADMINISTRATION, Purpose.CLINICAL)


@bp.route("/cases/<uuid:case_ref>/outcome", methods=["GET", "POST"])
@only(*PROBATION_ROLES, *CLINICAL_ROLES, Role.ADMINISTRATOR)
def outcome(case_ref: uuid.UUID) -> Page | Response:
    """What is recorded about the court's result, and a form for what is new."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *PURPOSES)
    form = OutcomeForm(
        side=side_of(viewer.roles),
        asks_plea=sentence_checks.needs_plea(case),
        version=len(outcome_service.outcomes(case.id)),
    )
    form.hearing_before = case.hearing_on
    filing_form.take_out_unless_due(form, case)
    if form.validate_on_submit() and form.days_since(case.person.born, BEFORE_BIRTH):
        answer = _recorded(form, viewer, case.id, case_ref)
        if answer:
            return answer
    return _page(viewer, case_ref, form)


def _recorded(
    form: OutcomeForm, viewer: Viewer, case_id: int, case_ref: uuid.UUID
) -> Response | Page | None:
    try:
        with saving() as saved:
            outcome_service.record_outcome(
                case_id=case_id,
                outcome=form.outcome(),
                by=viewer.staff_id,
                seen=form.read_version,
            )
            saved.goes_to(*_after(viewer, case_ref))
        return saved.redirect()
    except sentence_checks.DayInQuestion as asked:
        form.ask_about_day(asked.reasons)
    except GoesElsewhere as elsewhere:
        form.other_trust.ask(elsewhere)
    except sentence_checks.ReportInQuestion as asked:
        form.ask_about_report(" ".join(asked.reasons))
    except outcome_service.CorrectionUnsaid as unsaid:
        form.refuse(" ".join(unsaid.reasons), field="correction")
    except Stale:
        return _stale(viewer, case_ref, form), 409
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


def _stale(viewer: Viewer, case_ref: uuid.UUID, form: OutcomeForm) -> str:
    """What was recorded meanwhile beside what was typed; it can be sent again as a correction."""
    case = find_case(viewer, case_ref, *PURPOSES)
    recorded = outcome_service.outcomes(case.id)
    meanwhile = recorded[: max(len(recorded) - max(form.read_version, 0), 0)]
    form.read_again(len(recorded))
    beside = differences(meanwhile, form.outcome(), case.hearing_on)
    shown = _shown(viewer, case, form) | {"differences": beside}
    return render_template(TEMPLATE, form=form, **shown)


def _page(viewer: Viewer, case_ref: uuid.UUID, form: OutcomeForm) -> Page:
    shown = _shown(viewer, find_case(viewer, case_ref, *PURPOSES), form)
    return form_page(TEMPLATE, form=form, **shown)


def _shown(viewer: Viewer, case: Case, form: OutcomeForm) -> dict[str, Any]:
    recorded, why = outcome_service.outcomes(case.id), outcome_service.why_that_day(case.id)
    stands = outcome_service.stands(case.id, recorded)
    banner = record(viewer, case)
    if not (stands.sentence or stands.proposed is not None):
        del form.correction
    return {
        "record": banner,
        "mark": reliance.mark(reliance.doubts(banner.standing)),
        "refused": _refused(banner),
        "rows": [_line(row, viewer, why.get(row.id, "")) for row in recorded],
        "court": court_name(case.court_code),
        "sentenced": stands.sentence,
        "differences": (),
    }


def _line(row: CourtOutcome, viewer: Viewer, why: str) -> dict[str, Any]:
    """A record as the page shows it."""
    return {
        "row": row,
        "result": RESULT_WORDS[Result(row.result)] if row.result else "",
        "by": db.session.get_one(Staff, row.recorded_by).name,
        "note": row.note if note_is_shown(row.note_side, viewer.roles) else None,
        "why": why,
        "corrects": CORRECTION_WORDS[Correction(row.correction)] if row.correction else "",
    }


navigation.add_case(CaseGroup.COURT, 20, "Court result", "suitability.outcome", *PURPOSES)
