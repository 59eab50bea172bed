"""Pages on which imported scores are taken back: one of them, or all of a file."""

import uuid

from flask import url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core.access import CLINICAL_ROLES, Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.transaction import writing
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.reads import shows
from mhtr.web.submission import saving
from outcome_measures.blueprint import bp
from outcome_measures.models import MeasureOccasion
from outcome_measures.page_parts import Part, add_part
from outcome_measures.past_scores import service
from outcome_measures.past_scores.forms import TakeBackForm
from outcome_measures.past_scores.pages import IMPORTERS, result_page
from outcome_measures.past_scores.queries import find_imported, taken_from
from outcome_measures.past_scores.taking_back import take_back
from outcome_measures.reading.queries import taken
from outcome_measures.reading.withdrawn import may_take_back, withdrawn_of


@bp.get("/cases/<uuid:case_ref>/measures/forms/<uuid:occasion_ref>/take-back")
@bp.post(
    "/cases/<uuid:case_ref>/measures/forms/<uuid:occasion_ref>/take-back",
    endpoint="form_take_back_save",
)
@only(*CLINICAL_ROLES)
def form_take_back(case_ref: uuid.UUID, occasion_ref: uuid.UUID) -> Page | Response:
    """Take one imported score back, with the reason."""
    viewer, form = current_viewer(), TakeBackForm()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    occasion_id = _found(viewer, case, occasion_ref).id
    shows("measure", occasion_id)
    here = url_for("measures.form", case_ref=case_ref, occasion_ref=occasion_ref)
    if form.is_submitted() and form.validate():
        try:
            with saving() as saved:
                take_back(occasion_id=occasion_id, reason=form.reason.data, viewer=viewer)
                saved.goes_to(here, "The score is taken back. It is kept here, and counts nowhere.")
            return saved.redirect()
        except Refused as refusal:
            form.refuse(" ".join(refusal.reasons))
        case = find_case(viewer, case_ref, Purpose.CLINICAL)
    return form_page(
        "outcome_measures/take_back.html",
        record=record(viewer, case),
        case=case,
        taken=taken(db.session.get_one(MeasureOccasion, occasion_id)),
        back=here,
        form=form,
    )


def _found(viewer: Viewer, case: Case, occasion_ref: uuid.UUID) -> MeasureOccasion:
    occasion = find_imported(case, occasion_ref)
    if not may_take_back(viewer, occasion):
        raise NotFound
    return occasion


@bp.post("/measures/past-scores/<uuid:file_ref>/take-back")
@only(*IMPORTERS)
def take_back_past_scores(file_ref: uuid.UUID) -> Page | Response:
    """Take back everything that came from a file, each score in its own transaction."""
    viewer, form = current_viewer(), TakeBackForm()
    run = service.find_run(file_ref, viewer.staff_id)
    if run.imported_at is None:
        raise NotFound
    if not form.validate():
        return result_page(run, form), 422
    reason = form.reason.data
    wanted = [line.occasion_id for line in taken_from(viewer, run.id) if not line.withdrawn_at]
    done = sum(_taken_back(occasion_id, reason, viewer) for occasion_id in wanted)
    with saving() as saved:
        said = "1 score is" if done == 1 else f"{done} scores are"
        saved.goes_to(url_for("measures.past_file", file_ref=file_ref), f"{said} taken back.")
    return saved.redirect()


def _taken_back(occasion_id: int, reason: str, viewer: Viewer) -> bool:
    try:
        with writing():
            take_back(occasion_id=occasion_id, reason=reason, viewer=viewer)
    except (NotFound, Refused):
        # Somebody took it back, or the man left his scope, since the page was made.
        return False
    return True


def withdrawn_part(_viewer: Viewer, case: Case) -> dict[str, object]:
    """What was taken back of a man's imported scores."""
    found = withdrawn_of(case.id)
    shows("measure", *(one.occasion_id for one in found))
    return {"lines": found, "case": case}


add_part(Part("outcome_measures/withdrawn_of_case.html", withdrawn_part, order=90))
