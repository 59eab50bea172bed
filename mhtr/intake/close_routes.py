"""Closing a case because of what he said or what the assessment found."""

import uuid

from flask import url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases import rules
from mhtr.cases.facts import CloseReason
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import Record, record
from mhtr.core import clock
from mhtr.core.access import Purpose, Role
from mhtr.core.errors import Refused, Stale
from mhtr.intake import court_case
from mhtr.intake.court_case import Ending
from mhtr.intake.court_forms import CloseForm
from mhtr.intake.routes import bp
from mhtr.tasks.risk_reviews import open_reviews
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.submission import saving

ROLES = (Role.ASSESSOR, Role.CLINICAL_LEAD)
NOTHING = "Nothing on record closes the case: he has not said no, and is not found unsuitable."


@bp.get("/cases/<uuid:case_ref>/close")
@bp.post("/cases/<uuid:case_ref>/close", endpoint="close_case_save")
@only(*ROLES)
def close_case(case_ref: uuid.UUID) -> Page | Response:
    """Close it for one of the reasons that are on record."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    banner = record(viewer, case)
    form = CloseForm(data={"version": str(case.version)})
    form.offer(_reasons(banner))
    if form.validate_on_submit():
        try:
            with saving() as saved:
                ending = Ending(str(form.reason.data))
                court_case.end(
                    case_id=case.id, version=form.seen(), ending=ending, by=viewer.staff_id
                )
                saved.goes_to(url_for("overview.case_page", case_ref=case_ref), "Closed.")
            return saved.redirect()
        except Refused as refusal:
            form.refuse(" ".join(refusal.reasons))
        except Stale:
            form.refuse("Somebody changed this case meanwhile. Look again before you close it.")
        case = find_case(viewer, case_ref, Purpose.CLINICAL)
        form.version.carry(case.version)
    return _page(record(viewer, case), case, form)


def _reasons(banner: Record) -> tuple[CloseReason, ...]:
    return rules.reasons_to_close(banner.facts, clock.today())


def _page(banner: Record, case: Case, form: CloseForm) -> Page:
    offered = _reasons(banner)
    return form_page(
        "intake/close_case.html",
        record=banner,
        case=case,
        form=form,
        offered=offered,
        reviews=open_reviews(case.id),
        nothing="" if offered else NOTHING,
    )
