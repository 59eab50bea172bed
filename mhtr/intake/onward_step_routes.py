"""Putting right what was recorded of an onward referral by mistake."""

import uuid
from collections.abc import Sequence

from flask import render_template
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.models import Case
from mhtr.cases.offence import offence_words
from mhtr.cases.record import record
from mhtr.core import clock
from mhtr.core.clock import NoSuchTime
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.intake import onward_queries, onward_service
from mhtr.intake.models import OnwardReferral
from mhtr.intake.onward_beside import STALE, beside
from mhtr.intake.onward_forms import CorrectForm
from mhtr.intake.onward_routes import FOLLOWERS, after_step
from mhtr.intake.onward_rules import CHOSEN, ONWARD_WORDS, OnwardState
from mhtr.intake.routes import bp
from mhtr.people.rules import BEFORE_BIRTH
from mhtr.web.both_versions import Difference
from mhtr.web.gate import only
from mhtr.web.submission import saving


@bp.route("/onward/<uuid:onward_ref>/put-right", methods=["GET", "POST"])
@only(*FOLLOWERS)
def put_onward_right(onward_ref: uuid.UUID) -> str | Response | tuple[str, int]:
    """Record what is right, and why what is recorded is not."""
    viewer = current_viewer()
    row, case = onward_queries.find_onward(viewer, onward_ref)
    if row.state not in CHOSEN:
        raise NotFound
    onward_id, form = row.id, _form(row)
    form.remind(offence_words(case.stage), "reason")
    differences = beside(row, form)
    if (
        not differences
        and form.validate_on_submit()
        and form.days_since(case.person.born, BEFORE_BIRTH)
    ):
        version, state = form.version.data, OnwardState(form.state.data or "")
        try:
            with saving() as saved:
                onward_service.correct(
                    onward_id=onward_id,
                    state=state,
                    appointment_at=form.appointment_at(),
                    reason=form.reason.data or "",
                    version=int(version) if version.isdecimal() else 0,
                    by=viewer.staff_id,
                )
                saved.goes_to(*after_step(viewer, onward_ref, state))
            return saved.redirect()
        except Refused as refusal:
            form.refuse(" ".join(refusal.reasons))
        except NoSuchTime as fault:
            form.refuse(f"{fault}. Enter another time.", field="appointment_time")
        except Stale:
            form.refuse(STALE)
        row, case = onward_queries.find_onward(viewer, onward_ref)
        form.version.data = str(row.version)
    page = _page(row, case, form, differences)
    return (page, 422) if form.is_submitted() else page


def _page(
    row: OnwardReferral, case: Case, form: CorrectForm, differences: Sequence[Difference]
) -> str:
    return render_template(
        "intake/onward_put_right.html",
        record=record(current_viewer(), case),
        row=row,
        service=onward_queries.service_label(row),
        words=ONWARD_WORDS,
        form=form,
        differences=differences,
    )


def _form(row: OnwardReferral) -> CorrectForm:
    at = row.appointment_at.astimezone(clock.LONDON) if row.appointment_at else None
    return CorrectForm(
        data={
            "version": str(row.version),
            "appointment_on": at.date() if at else None,
            "appointment_time": at.time() if at else None,
        }
    )
