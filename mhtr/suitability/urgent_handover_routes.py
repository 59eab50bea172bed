"""The small form for an urgent handover, open with emergency access too."""

import uuid
from datetime import datetime

from flask import url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.queries import find_case, stands
from mhtr.cases.record import record
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, Purpose
from mhtr.core.errors import Refused
from mhtr.people.rules import BEFORE_BIRTH
from mhtr.suitability import urgent_handovers as service
from mhtr.suitability.blueprint import bp
from mhtr.web import navigation
from mhtr.web.fields import (
    DatePartsField,
    InPast,
    Required,
    TextAreaField,
    TextField,
    TimeField,
)
from mhtr.web.forms import Form, Page, form_page
from mhtr.web.gate import in_emergency, only
from mhtr.web.navigation import CaseGroup
from mhtr.web.reads import shows
from mhtr.web.submission import saving

navigation.add_case(
    CaseGroup.CASE,
    20,
    "Urgent handover",
    service.PAGE,
    Purpose.CLINICAL,
    roles=tuple(CLINICAL_ROLES),
)


class HandoverForm(Form):
    """Who received him, when, and what was said."""

    received_by = TextField(
        "Who received him?",
        [Required("Enter who received him")],
        hint="Name, role and where, for example the nurse in charge of a crisis team",
        max_length=200,
    )
    on = DatePartsField("Date", [Required(), InPast(clock.today, or_today=True)])
    at = TimeField("Time", [Required("Enter the time")])
    said = TextAreaField(
        "What was said?", [Required("Write what was said")], rows=4, max_length=2000
    )


@bp.get("/cases/<uuid:case_ref>/urgent-handover", endpoint="urgent_handovers")
@bp.post("/cases/<uuid:case_ref>/urgent-handover", endpoint="urgent_handovers_save")
@in_emergency
@only(*CLINICAL_ROLES)
def urgent_handovers(case_ref: uuid.UUID) -> Page | Response:
    """What was handed over before, and a form for what is now."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    form = HandoverForm(on=clock.today())
    sent = form.validate_on_submit() and form.days_since(case.person.born, BEFORE_BIRTH)
    if sent and form.on.data and form.at.data:
        case_id, at = case.id, datetime.combine(form.on.data, form.at.data, clock.LONDON)
        emergency = not stands(viewer, case.id, Purpose.CLINICAL)
        try:
            with saving() as saved:
                service.record(
                    case_id=case_id,
                    received_by=form.received_by.data or "",
                    received_at=at,
                    said=form.said.data or "",
                    emergency=emergency,
                    by=viewer.staff_id,
                )
                page = url_for(".urgent_handovers", case_ref=case_ref)
                saved.goes_to(page, "The handover is recorded.")
            return saved.redirect()
        except Refused as refusal:
            form.refuse(" ".join(refusal.reasons), field="at")
        case = find_case(viewer, case_ref, Purpose.CLINICAL)
    rows = service.of_case(case.id)
    shows("urgent_handover", *(row.id for row, _ in rows))
    return form_page(
        "suitability/urgent_handovers.html",
        record=record(viewer, case),
        form=form,
        rows=rows,
    )
