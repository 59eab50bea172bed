"""The page on which whoever has a report answers another team that asks for it."""

import uuid

from flask import render_template, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core.access import PROBATION_ROLES, Purpose, Role, Viewer
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.intake.other_trust import GoesElsewhere
from mhtr.intake.other_trust_field import OtherTrustField
from mhtr.suitability import other_team, take_over
from mhtr.suitability.blueprint import bp
from mhtr.suitability.models import TakeOverQuestion
from mhtr.suitability.request_queries import court_name
from mhtr.web.fields import Choice, HiddenField, RadioField, Required, RevealedBy, TextAreaField
from mhtr.web.forms import Form
from mhtr.web.gate import only
from mhtr.web.submission import saving

PURPOSES = (Purpose.PRE_SENTENCE, Purpose.ADMINISTRATION)
HAND_OVER, OTHER_PROSECUTION, DECLINE = "hand_over", "other_prosecution", "decline"


class TakeOverForm(Form):
    """Hands the report request over, or declines."""

    question = HiddenField()
    answer = RadioField(
        "What do you answer?",
        [Required("Say whether you hand it over")],
        choices=[
            Choice(
                HAND_OVER,
                "Hand it over",
                hint=(
                    "The other team’s request takes the place of the one that stands. If it names "
                    "another court, the case goes to the service for that court"
                ),
            ),
            Choice(
                OTHER_PROSECUTION,
                "It is another prosecution",
                hint="The other team’s request becomes a case of its own. Yours stays as it is",
            ),
            Choice(DECLINE, "Decline", hint="Everything stays as it is"),
        ],
    )
    other_trust = OtherTrustField()
    reason = TextAreaField(
        "Why do you decline?",
        [RevealedBy("answer", DECLINE, message="Say why you decline")],
        max_length=500,
        rows=3,
        hint="Whoever asks reads this. Say nothing about his health, his case or the report",
    )


@bp.route("/cases/<uuid:case_ref>/take-over", endpoint="take_over", methods=["GET", "POST"])
@only(*PROBATION_ROLES, Role.ADMINISTRATOR)
def answer(case_ref: uuid.UUID) -> str | Response | tuple[str, int]:
    """Who asks, what she says of the hearing beside what is on record, and the answer."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *PURPOSES)
    form = TakeOverForm()
    if form.validate_on_submit():
        try:
            return _answered(form, case.id, viewer)
        except GoesElsewhere as elsewhere:
            form.other_trust.ask(elsewhere)
        except Refused as refused:
            for reason in refused.reasons:
                form.refuse(reason)
        case = find_case(viewer, case_ref, *PURPOSES)
    question = _waiting(case, viewer)
    if question is not None and not form.is_submitted():
        form.question.data = str(question.ref)
    page = render_template(
        "suitability/take_over.html",
        record=record(viewer, case),
        case=case,
        question=question,
        asked_by=other_team.who(question) if question else "",
        asked=other_team.asked_of(question) if question else None,
        court=court_name(other_team.asked_of(question).court_code) if question else "",
        court_now=court_name(case.court_code),
        released=other_team.was_released(case.id),
        form=form,
    )
    return (page, 422) if form.is_submitted() else page


def _waiting(case: Case, viewer: Viewer) -> TakeOverQuestion | None:
    """The oldest open question, for those whose it is to answer."""
    staff = db.session.get_one(Staff, viewer.staff_id)
    if not other_team.may_answer(other_team.holder(case.id), staff):
        return None
    return next(iter(other_team.open_questions(case.id)), None)


def _answered(form: TakeOverForm, case_id: int, viewer: Viewer) -> Response:
    try:
        ref = uuid.UUID(form.question.data or "")
    except ValueError as fault:
        raise Refused(take_over.ANSWERED) from fault
    with saving() as saved:
        if form.answer.data == HAND_OVER:
            take_over.hand_over(
                case_id=case_id,
                question_ref=ref,
                by=viewer.staff_id,
                to_trust=form.other_trust.ticked,
            )
            message = "The report request is handed over. Everybody concerned has been told."
        elif form.answer.data == OTHER_PROSECUTION:
            take_over.other_prosecution(case_id=case_id, question_ref=ref, by=viewer.staff_id)
            message = "It is a case of its own. Whoever asked has been told."
        else:
            reason = form.reason.data or ""
            take_over.decline(case_id=case_id, question_ref=ref, reason=reason, by=viewer.staff_id)
            message = "You declined. Your reason has been sent."
        saved.goes_to(url_for("overview.today"), message)
    return saved.redirect()
