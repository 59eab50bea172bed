"""The referrer answers a question about his referral."""

import uuid

from flask import url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.queries import find_case
from mhtr.core.access import Purpose
from mhtr.core.errors import Refused
from mhtr.intake import questions
from mhtr.intake.question_form import QuestionForm
from mhtr.intake.referral_routes import referral_page
from mhtr.intake.routes import bp
from mhtr.web.gate import only
from mhtr.web.submission import saving


@bp.post("/cases/<uuid:case_ref>/referral/answer")
@only(*questions.ANSWERERS)
def answer_question(case_ref: uuid.UUID) -> Response | tuple[str, int]:
    """Keep the answer."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.REFERRAL, Purpose.PROBATION_REFERRAL)
    form, case_id = QuestionForm(), case.id
    if form.validate_on_submit():
        try:
            with saving() as saved:
                questions.answer(case_id=case_id, words=form.answer.data, by=viewer.staff_id)
                here = url_for("intake.referral", case_ref=case_ref)
                saved.goes_to(here, "The service has your answer")
            return saved.redirect()
        except Refused as refused:
            for reason in refused.reasons:
                form.refuse(reason)
    return referral_page(case_ref, form), 422
