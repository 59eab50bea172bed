"""Going on with a baseline measure that was closed unfinished because nobody came back to it."""

import uuid

from flask import abort, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.core.errors import Refused
from mhtr.suitability.assessment_access import ASSESSORS, find_assessment
from mhtr.suitability.assessment_steps import finished_words
from mhtr.suitability.blueprint import bp
from mhtr.suitability.unsaved_measures import context_of
from mhtr.web.forms import VersionedForm
from mhtr.web.gate import only
from mhtr.web.submission import saving
from outcome_measures.reading import queries
from outcome_measures.recording import ending


@bp.post("/cases/<uuid:case_ref>/assessment/measures/<instrument>/go-on")
@only(*ASSESSORS)
def measure_go_on(case_ref: uuid.UUID, instrument: str) -> Response:
    """Open the form again; the answers that are on record stand in it."""
    viewer = current_viewer()
    case, assessment = find_assessment(viewer, case_ref)
    occasion = queries.of_context(context_of(assessment)).get(instrument)
    if occasion is None:
        abort(404)
    if assessment.finished_at is not None:
        raise Refused(finished_words(case.progress))
    sent = VersionedForm()
    with saving() as saved:
        ending.go_on(occasion, version=sent.read_version, by=viewer.staff_id)
        page = url_for(".measure", case_ref=case_ref, instrument=instrument)
        saved.goes_to(page, "The form is open again.")
    return saved.redirect()
