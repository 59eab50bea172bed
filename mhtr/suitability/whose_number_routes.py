"""The page on which the service says whether a CRN that probation gave is his."""

import uuid

from flask import render_template, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core.access import Purpose, Role
from mhtr.core.errors import Refused
from mhtr.suitability import whose_number
from mhtr.suitability.blueprint import bp
from mhtr.suitability.number_task import man_of, number_waiting
from mhtr.web.fields import Choice, RadioField, Required
from mhtr.web.forms import Form
from mhtr.web.gate import only
from mhtr.web.submission import saving

PURPOSES = (Purpose.CLINICAL, Purpose.ADMINISTRATION)
HIS, ANOTHERS = "his", "anothers"


class WhoseNumberForm(Form):
    """Whose the number is."""

    whose = RadioField(
        "Is this number his?",
        [Required("Say whether the number is his")],
        choices=[
            Choice(HIS, "Yes, it is his", hint="It goes on his record"),
            Choice(
                ANOTHERS,
                "No, it is another man's",
                hint=(
                    "The author and her team lose this case at once. Her request goes on, with "
                    "its date, as a referral of the other man"
                ),
            ),
        ],
    )


@bp.route("/cases/<uuid:case_ref>/number", endpoint="whose_number", methods=["GET", "POST"])
@only(Role.CLINICAL_LEAD, Role.ADMINISTRATOR, Role.ASSESSOR)
def whose(case_ref: uuid.UUID) -> str | Response | tuple[str, int]:
    """A CRN that came with a request for a report, and what his record says."""
    viewer, form = current_viewer(), WhoseNumberForm()
    case = find_case(viewer, case_ref, *PURPOSES)
    if form.validate_on_submit():
        case_id = case.id
        try:
            with saving() as saved:
                if form.whose.data == HIS:
                    whose_number.it_is_his(case_id=case_id, by=viewer.staff_id)
                    message = "The number is on his record"
                else:
                    whose_number.it_is_anothers(case_id=case_id, by=viewer.staff_id)
                    message = "The request left this case"
                saved.goes_to(url_for("overview.case_page", case_ref=case_ref), message)
            return saved.redirect()
        except Refused as refused:
            for reason in refused.reasons:
                form.refuse(reason)
        case = find_case(viewer, case_ref, *PURPOSES)
    task = number_waiting(case.id)
    page = render_template(
        "suitability/whose_number.html",
        record=record(viewer, case),
        case=case,
        man=man_of(task) if task is not None else None,
        form=form,
    )
    return (page, 422) if form.is_submitted() else page
