"""Going on: resuming a paused case, reopening a closed one, asking the service to look again."""

import uuid

from flask import request, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.facts import CaseState
from mhtr.cases.queries import find_case
from mhtr.core.errors import Refused, Stale
from mhtr.intake import court_case, reopening
from mhtr.intake.court_forms import AskAgainForm, ReopenForm, VersionForm
from mhtr.intake.court_routes import PURPOSES, ROLES, hearing_page
from mhtr.intake.draft_routes import Answer
from mhtr.intake.reopening_rules import WhyReopened
from mhtr.intake.routes import bp
from mhtr.web.gate import only
from mhtr.web.submission import saving

CHANGED = "Somebody changed this case meanwhile. Look again, then decide."


@bp.post("/cases/<uuid:case_ref>/hearing/go-on")
@only(*ROLES)
def go_on(case_ref: uuid.UUID) -> Answer:
    """Resume a paused case, reopen a closed one with a reason, or answer that it stays closed."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *PURPOSES)
    stays = request.form.get("stays") == "yes"
    closed = case.state is CaseState.CLOSED
    form: VersionForm = ReopenForm() if closed and not stays else VersionForm()
    if form.validate_on_submit():
        case_id = case.id
        try:
            return _gone_on(case_id, case_ref, form, stays, viewer.staff_id)
        except Refused as refused:
            for reason in refused.reasons:
                form.refuse(reason)
        except Stale:
            form.refuse(CHANGED)
        return hearing_page(viewer, case_ref, form), 409
    return hearing_page(viewer, case_ref, form), 422


def _gone_on(
    case_id: int, case_ref: uuid.UUID, form: VersionForm, stays: bool, by: int
) -> Response:
    why = WhyReopened(str(form.why.data)) if isinstance(form, ReopenForm) else None
    here = url_for("intake.hearing", case_ref=case_ref)
    with saving() as saved:
        if stays:
            reopening.leave_closed(case_id=case_id, version=form.seen(), by=by)
            saved.goes_to(here, "It stays closed, and whoever asked is told")
        else:
            court_case.go_on(case_id=case_id, version=form.seen(), by=by, why=why)
            saved.goes_to(here, "The case goes on")
    return saved.redirect()


@bp.post("/cases/<uuid:case_ref>/hearing/look-again")
@only(*ROLES)
def look_again(case_ref: uuid.UUID) -> Answer:
    """Ask the service to look again at a referral it declined."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *PURPOSES)
    form = AskAgainForm()
    form.offer(case.stage)
    if not form.validate_on_submit():
        return hearing_page(viewer, case_ref, form), 422
    case_id = case.id
    try:
        with saving() as saved:
            reopening.ask_again(
                case_id=case_id, version=form.seen(), words=form.words.data, by=viewer.staff_id
            )
            here = url_for("intake.hearing", case_ref=case_ref)
            saved.goes_to(here, "The service is asked to look again")
        return saved.redirect()
    except Refused as refused:
        for reason in refused.reasons:
            form.refuse(reason)
    except Stale:
        form.refuse(CHANGED)
    return hearing_page(viewer, case_ref, form), 409
