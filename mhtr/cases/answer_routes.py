"""What was answered about two records, and taking it back."""

import uuid

from flask import render_template, url_for

from mhtr.accounts.gate import current_viewer
from mhtr.cases.answer_queries import answers, find_answer
from mhtr.cases.identity_forms import TakeBackForm
from mhtr.cases.link_routes import Page
from mhtr.cases.question_owners import ANSWERERS
from mhtr.cases.routes import bp
from mhtr.cases.taking_back import take_back
from mhtr.core.errors import Refused
from mhtr.web.gate import only
from mhtr.web.submission import saving


@bp.get("/identity/answers")
@only(*ANSWERERS)
def identity_answers() -> str:
    """Who said of which records that they are of two men, and who took it back."""
    return render_template("people/identity_answers.html", page=answers(current_viewer()))


@bp.route("/identity/answers/<uuid:answer_ref>/take-back", methods=["GET", "POST"])
@only(*ANSWERERS)
def take_back_answer(answer_ref: uuid.UUID) -> Page:
    """Take back that they are two men: the pair is a question again."""
    viewer = current_viewer()
    answer = find_answer(viewer, answer_ref)
    form = TakeBackForm()
    if form.is_submitted() and form.validate():
        try:
            with saving() as saved:
                question = take_back(
                    answer_id=answer.id, reason=form.reason.data, by=viewer.staff_id
                )
                saved.goes_to(
                    url_for("people.identity_question", question_ref=question.ref),
                    "Taken back: it is a question again",
                )
            return saved.redirect()
        except Refused as refused:
            for reason in refused.reasons:
                form.refuse(reason)
            answer = find_answer(viewer, answer_ref)
    page = render_template("people/take_back_answer.html", form=form, answer=answer)
    return (page, 422) if form.is_submitted() else page
