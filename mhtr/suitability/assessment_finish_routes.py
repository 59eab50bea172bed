"""Finishing an assessment, and opening a finished one again."""

import uuid

from flask import url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.record import record
from mhtr.core.errors import Refused, Stale
from mhtr.intake import triage_queries
from mhtr.suitability import assessment_service as service
from mhtr.suitability.assessment_access import ASSESSORS, find_assessment
from mhtr.suitability.assessment_overview import overview
from mhtr.suitability.assessment_queries import staff_name, written_version
from mhtr.suitability.blueprint import bp
from mhtr.suitability.finishing import finishing_refused
from mhtr.suitability.taking_over import given_to, take_over, takes
from mhtr.suitability.unsaved_measures import look_at_finish
from mhtr.tasks.risk_reviews import open_reviews
from mhtr.web.forms import Page, VersionedForm, form_page
from mhtr.web.gate import only
from mhtr.web.kept_posts import looked_at
from mhtr.web.submission import saving


@bp.get("/cases/<uuid:case_ref>/assessment/finish")
@bp.post("/cases/<uuid:case_ref>/assessment/finish", endpoint="assessment_finish_save")
@looked_at(look_at_finish)
@only(*ASSESSORS)
def assessment_finish(case_ref: uuid.UUID) -> Page | Response:
    """Finish the assessment: what is missing or does not fit, and the author's decision."""
    viewer = current_viewer()
    case, assessment = find_assessment(viewer, case_ref)
    form = VersionedForm(version=written_version(assessment))
    if form.validate_on_submit():
        try:
            with saving() as saved:
                service.finish(assessment=assessment, version=form.read_version, by=viewer.staff_id)
                message = "The assessment is finished."
                saved.goes_to(url_for(".assessment", case_ref=case_ref), message)
            return saved.redirect()
        except Refused as refusal:
            form.refuse(" ".join(refusal.reasons))
        except Stale:
            form.refuse("The assessment was changed meanwhile. Look at it again before you finish.")
        case, assessment = find_assessment(viewer, case_ref)
        form.version.carry(written_version(assessment))
    banner = record(viewer, case)
    return form_page(
        "suitability/assessment_finish.html",
        record=banner,
        refused=finishing_refused(assessment, banner.facts, viewer.staff_id),
        form=form,
        is_author=assessment.author_id == viewer.staff_id,
        author=staff_name(assessment.author_id),
        given_to=given_to(case, assessment, banner.facts),
        takes=takes(case, assessment, viewer.staff_id),
        take_over_form=VersionedForm(formdata=None, version=written_version(assessment)),
        too_young=triage_queries.under_age(case.id),
        risk_open=open_reviews(case.id),
        **overview(case, assessment),
    )


@bp.post("/cases/<uuid:case_ref>/assessment/take-over")
@only(*ASSESSORS)
def assessment_take_over(case_ref: uuid.UUID) -> Response:
    """Become the author of an assessment that somebody else began."""
    viewer = current_viewer()
    _, assessment = find_assessment(viewer, case_ref)
    form = VersionedForm()
    try:
        with saving() as saved:
            take_over(assessment=assessment, version=form.read_version, by=viewer.staff_id)
            message = "The assessment is yours. Look through each section and save it."
            saved.goes_to(url_for(".assessment", case_ref=case_ref), message)
    except Stale as stale:
        raise Refused("The assessment was changed meanwhile. Look at it again.") from stale
    return saved.redirect()


@bp.post("/cases/<uuid:case_ref>/assessment/reopen")
@only(*ASSESSORS)
def assessment_reopen(case_ref: uuid.UUID) -> Response:
    """Open a finished assessment for changes."""
    viewer = current_viewer()
    _, assessment = find_assessment(viewer, case_ref)
    form = VersionedForm()
    try:
        with saving() as saved:
            service.reopen(assessment=assessment, version=form.read_version, by=viewer.staff_id)
            message = "The assessment is open again. It needs a new countersignature."
            saved.goes_to(url_for(".assessment", case_ref=case_ref), message)
    except Stale as stale:
        raise Refused("The assessment was changed meanwhile. Look at it again.") from stale
    return saved.redirect()
