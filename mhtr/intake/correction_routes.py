"""The page on which the trust compares what a referrer put right with the man's record."""

import uuid

from flask import render_template, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core.access import Purpose, Role
from mhtr.core.errors import NotFound, Refused
from mhtr.intake import correction, queries
from mhtr.intake.correction import Found
from mhtr.intake.routes import bp
from mhtr.web.fields import Choice, RadioField, Required
from mhtr.web.forms import Form
from mhtr.web.gate import only
from mhtr.web.submission import saving

PURPOSES = (Purpose.CLINICAL, Purpose.ADMINISTRATION)
COMPARERS = (Role.CLINICAL_LEAD, Role.ADMINISTRATOR, Role.ASSESSOR)


class CorrectionForm(Form):
    """What comparing came to."""

    found = RadioField(
        "What did you find?",
        [Required("Say what you found")],
        choices=[
            Choice(Found.RECORD_CHANGED.value, "The referrer is right: I have changed the record"),
            Choice(Found.RECORD_RIGHT.value, "The record is right as it is"),
        ],
    )


@bp.route(
    "/cases/<uuid:case_ref>/referral/correction",
    endpoint="correction",
    methods=["GET", "POST"],
)
@only(*COMPARERS)
def correct(case_ref: uuid.UUID) -> str | Response | tuple[str, int]:
    """Compare the referral with the record, and say what was found."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *PURPOSES)
    form = CorrectionForm()
    if form.validate_on_submit():
        case_id = case.id
        try:
            with saving() as saved:
                correction.answer(
                    case_id=case_id, found=Found(form.found.data or ""), by=viewer.staff_id
                )
                saved.goes_to(url_for("intake.referral", case_ref=case_ref), "It is settled.")
            return saved.redirect()
        except Refused as refused:
            form.refuse(" ".join(refused.reasons))
        case = find_case(viewer, case_ref, *PURPOSES)
    referral = queries.referral_of(case.id)
    if referral is None:
        raise NotFound
    page = render_template(
        "intake/correction.html",
        record=record(viewer, case),
        case=case,
        form=form if correction.waits(referral) else None,
        differences=correction.differences(case, referral),
    )
    return (page, 422) if form.is_submitted() else page
