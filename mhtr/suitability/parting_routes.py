"""The page on which she says that her request is about another prosecution than its case."""

import uuid

from flask import render_template, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core.access import PROBATION_ROLES, Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.suitability import other_team, parting
from mhtr.suitability.blueprint import bp
from mhtr.suitability.concerned import current_request
from mhtr.suitability.models import ReportRequest
from mhtr.suitability.request_queries import court_name
from mhtr.web.fields import Required, TextAreaField
from mhtr.web.forms import VersionedForm
from mhtr.web.gate import only
from mhtr.web.submission import saving

MEANWHILE = "The request changed meanwhile. Look at it as it is now, then send again."


class PartForm(VersionedForm):
    """Says that a request is about another prosecution, and why."""

    reason = TextAreaField(
        "How do you know that it is another prosecution?",
        [Required(parting.WHY)],
        max_length=500,
        rows=3,
        hint="It stays on record on this case. Whoever has the earlier request reads it",
    )


@bp.route(
    "/cases/<uuid:case_ref>/request/other-prosecution",
    endpoint="request_part",
    methods=["GET", "POST"],
)
@only(*PROBATION_ROLES)
def part(case_ref: uuid.UUID) -> str | Response | tuple[str, int]:
    """What becomes of both requests, and the reason."""
    viewer = current_viewer()
    case, found = _hers(viewer, case_ref)
    form = PartForm()
    if form.validate_on_submit():
        try:
            return _parted(form, found.id, viewer)
        except Refused as refused:
            for reason in refused.reasons:
                form.refuse(reason)
        except Stale:
            form.refuse(MEANWHILE)
        case, found = _hers(viewer, case_ref)
    sent = form.is_submitted()
    form.version.carry(found.version)
    held, earlier = parting.hearing_before(found), parting.earlier_of(found)
    page = render_template(
        "suitability/request_part.html",
        record=record(viewer, case),
        case=case,
        court=court_name(case.court_code),
        earlier=earlier,
        earlier_by=db.session.get_one(Staff, earlier.author_id).name if earlier else "",
        held=held,
        held_court=court_name(held.court_code) if held else "",
        why_not=parting.why_not(case, found),
        form=form,
    )
    return (page, 422) if sent else page


def _hers(viewer: Viewer, case_ref: uuid.UUID) -> tuple[Case, ReportRequest]:
    case = find_case(viewer, case_ref, Purpose.PRE_SENTENCE)
    found = current_request(case.id)
    mine = db.session.get_one(Staff, viewer.staff_id)
    if found is None or not other_team.is_of_its_team(found, mine):
        raise NotFound
    return case, found


def _parted(form: PartForm, request_id: int, viewer: Viewer) -> Response:
    with saving() as saved:
        new_id = parting.part(
            request_id=request_id,
            reason=form.reason.data or "",
            version=form.read_version,
            by=viewer.staff_id,
        )
        new = db.session.get_one(Case, new_id)
        page = url_for("suitability.request_page", case_ref=new.ref)
        saved.goes_to(page, "The request is a case of its own now. The one before it stands again.")
    return saved.redirect()
