"""Pages of imported answers to risk questions: the list, and one man's with what was done."""

import uuid

from flask import render_template, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core.access import CLINICAL_ROLES, Purpose
from mhtr.core.errors import Refused
from mhtr.web.gate import only
from mhtr.web.paging import SIZE, page_from, page_number
from mhtr.web.reads import shows
from mhtr.web.submission import saving
from outcome_measures.blueprint import bp
from outcome_measures.past_scores import queries
from outcome_measures.past_scores.forms import DONE, LookForm, PastAnswersFilter
from outcome_measures.risk import past_answers

Page = str | Response | tuple[str, int]
LOOKERS = tuple(sorted(CLINICAL_ROLES))


@bp.get("/measures/past-answers", endpoint="past_answers")
@only(*LOOKERS)
def past_answers_list() -> str:
    """Men whose imported answers are to be looked at."""
    viewer, form = current_viewer(), PastAnswersFilter()
    form.validate()
    done, page = form.state.data == DONE, page_number()
    lines = queries.waiting(viewer, done=done, page=page, size=SIZE)
    shows("case", *(line.case.id for line in lines[:SIZE]))
    return render_template(
        "outcome_measures/past_answers.html",
        form=form,
        done=done,
        page=page_from(lines, page),
    )


@bp.get("/cases/<uuid:case_ref>/past-answers")
@only(*LOOKERS)
def past_answers_of_case(case_ref: uuid.UUID) -> str:
    """One man's imported answers to risk questions, and what was said of earlier ones."""
    viewer = current_viewer()
    return _page(find_case(viewer, case_ref, Purpose.CLINICAL), LookForm())


@bp.post("/cases/<uuid:case_ref>/past-answers")
@only(*LOOKERS)
def record_look(case_ref: uuid.UUID) -> Page:
    """Record that he has looked and what he did."""
    viewer, form = current_viewer(), LookForm()
    case_id = find_case(viewer, case_ref, Purpose.CLINICAL).id
    if form.validate_on_submit():
        try:
            with saving() as saved:
                past_answers.record_look(
                    case_id=case_id,
                    seen=form.seen_count,
                    outcome=form.outcome.data or "",
                    by=viewer.staff_id,
                )
                saved.goes_to(
                    url_for("measures.past_answers"), "It is recorded that you looked at them."
                )
            return saved.redirect()
        except Refused as refusal:
            form.refuse(" ".join(refusal.reasons))
    return _page(find_case(viewer, case_ref, Purpose.CLINICAL), form), 422


def _page(case: Case, form: LookForm) -> str:
    task = past_answers.open_past_task(case.id)
    measures = queries.past_measures(task) if task else []
    # What he says holds for what this page lists, whatever an earlier page listed.
    form.seen.data = str(len(past_answers.occasions_of(task)) if task else 0)
    return render_template(
        "outcome_measures/past_answers_of_case.html",
        case=case,
        record=record(current_viewer(), case),
        form=form,
        task=task,
        measures=measures,
        looks=queries.looks_of(case.id),
    )
