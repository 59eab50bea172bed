"""Are two records one man? The list of questions, the comparison, the answer, its undoing."""

import uuid

from flask import render_template, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases import identity, link_ends, settled
from mhtr.cases.answering import DIFFERENT
from mhtr.cases.comparison import compare
from mhtr.cases.identity_forms import AnswerForm, AskForm, UndoForm
from mhtr.cases.identity_queries import (
    JUDGES,
    Question,
    answered_pairs,
    comparable,
    find_merge,
    find_question,
    open_questions,
    seen_as,
)
from mhtr.cases.link_routes import ANSWERERS, answer_across
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.cases.routes import bp
from mhtr.core.access import Role, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.people import service
from mhtr.people.models import Merge, Person
from mhtr.people.queries import candidates, sketch_of
from mhtr.web import navigation
from mhtr.web.gate import only
from mhtr.web.reads import shows
from mhtr.web.submission import saving

navigation.add_main(60, "Identity questions", "people.identity_questions", Role.ADMINISTRATOR)


@bp.get("/identity")
@only(*ANSWERERS)
def identity_questions() -> str:
    """Questions that wait for an answer."""
    page = open_questions(current_viewer())
    shows("person", *(p.id for q in page.rows for p in (q.one, q.two)))
    return render_template("people/identity_questions.html", page=page)


@bp.route("/identity/<uuid:question_ref>", methods=["GET", "POST"])
@only(*ANSWERERS)
def identity_question(question_ref: uuid.UUID) -> str | Response | tuple[str, int]:
    """Two records side by side, and the answer; of another trust's only whether it agrees."""
    viewer = current_viewer()
    try:
        question = find_question(viewer, question_ref)
        return answer_across(viewer, question) if question.across else _answer(viewer, question)
    except NotFound:
        return settled.question_page(viewer, question_ref)


def _answer(viewer: Viewer, question: Question) -> str | Response | tuple[str, int]:
    form, question_ref = _answer_form(question), question.ref
    if form.is_submitted() and form.validate() and form.all_chosen():
        records = {str(p.ref): p.id for p in (question.one, question.two)}
        try:
            with saving() as saved:
                if form.answer.data == DIFFERENT:
                    identity.answer_different(
                        question_id=question.id, reason=form.why_two.data, by=viewer.staff_id
                    )
                    message = "Remembered: they are two men"
                else:
                    identity.answer_same(
                        question_id=question.id,
                        kept_id=records[form.kept.data or ""],
                        right=form.right(),
                        chosen=form.chosen(records),
                        reason=form.reason.data,
                        by=viewer.staff_id,
                    )
                    message = "The two records are one now"
                saved.goes_to(url_for("people.identity_questions"), message)
            return saved.redirect()
        except Refused as refused:
            for reason in refused.reasons:
                form.refuse(reason)
            question = find_question(viewer, question_ref)
    return _question_page(question, form)


def _question_page(question: Question, form: AnswerForm) -> str | tuple[str, int]:
    page = render_template(
        "people/identity_question.html",
        question=question,
        form=form,
        lines=compare(question.one, question.two),
        asked=form.asked(),
    )
    return (page, 422) if form.is_submitted() else page


@bp.route("/identity/merges/<uuid:merge_ref>/undo", methods=["GET", "POST"])
@only(*ANSWERERS)
def undo_merge(merge_ref: uuid.UUID) -> str | Response | tuple[str, int]:
    """Take two merged records apart again."""
    viewer = current_viewer()
    try:
        return _undo_merge(viewer, merge_ref)
    except NotFound:
        return settled.undone_page(
            viewer, db.session.query(Merge).filter_by(ref=merge_ref).one_or_none()
        )


def _undo_merge(viewer: Viewer, merge_ref: uuid.UUID) -> str | Response | tuple[str, int]:
    row = find_merge(viewer, merge_ref)
    form = UndoForm()
    merge_id = row.id
    if form.is_submitted() and form.validate():
        try:
            with saving() as saved:
                identity.undo_merge(merge_id=merge_id, reason=form.reason.data, by=viewer.staff_id)
                saved.goes_to(url_for("people.search"), "They are two records again")
            return saved.redirect()
        except Refused as refused:
            for reason in refused.reasons:
                form.refuse(reason)
            row = find_merge(viewer, merge_ref)
    page = render_template(
        "people/undo_merge.html",
        form=form,
        merge=row,
        linked=link_ends.ended_in(row.id),
        kept=db.session.get_one(Person, row.kept_id),
        absorbed=db.session.get_one(Person, row.absorbed_id),
    )
    return (page, 422) if form.is_submitted() else page


@bp.route("/cases/<uuid:case_ref>/duplicates", methods=["GET", "POST"])
@only(*ANSWERERS)
def duplicates(case_ref: uuid.UUID) -> str | Response:
    """Records that may be the same man, each with a button to ask."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *JUDGES)
    person_id = case.person_id
    asked = answered_pairs(person_id)
    alike = [
        row
        for row in candidates(sketch_of(case.person), leave_out=[person_id])
        if row.person_id not in asked
    ]
    allowed = comparable(viewer, person_id, [row.person_id for row in alike])
    people = seen_as(viewer, allowed)
    found = [(row, people[row.person_id]) for row in alike if row.person_id in allowed]
    shows("person", *(row.person_id for row, _ in found))
    form = AskForm()
    if form.is_submitted():
        match = next((row for row, _ in found if str(row.person_ref) == form.other.data), None)
        if match is None:
            raise NotFound
        with saving() as saved:
            question = service.raise_identity_question(
                person_id=person_id,
                other_id=match.person_id,
                verdict=match.match.verdict.value,
                reasons=match.match.reasons,
                by=viewer.staff_id,
            )
            saved.goes_to(
                url_for("people.identity_question", question_ref=question.ref)
                if question is not None
                else url_for("people.identity_questions")
            )
        return saved.redirect()
    return render_template(
        "people/duplicates.html",
        record=record(viewer, case),
        found=[(row, p, AskForm(data={"other": str(row.person_ref)})) for row, p in found],
    )


def _answer_form(question: Question) -> AnswerForm:
    form = AnswerForm()
    form.offer(question)
    return form
