"""Are two records one man? The list of questions, the comparison, the answer, its undoing."""

import uuid
from typing import cast

from flask import render_template, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases import identity
from mhtr.cases.identity_queries import (
    JUDGES,
    Question,
    answered_pairs,
    comparable,
    compare,
    find_merge,
    find_question,
    named,
    open_questions,
)
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.cases.routes import bp
from mhtr.core import formats
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.people import service
from mhtr.people.merging import differing_numbers
from mhtr.people.models import IdentifierKind, Person
from mhtr.people.queries import candidates, sketch_of
from mhtr.people.sections import FIELDS, Section
from mhtr.people.values import words_of
from mhtr.web import navigation
from mhtr.web.fields import HiddenField, RadioField, Required, RevealedBy, TextAreaField
from mhtr.web.forms import Form
from mhtr.web.gate import only
from mhtr.web.reads import shows
from mhtr.web.submission import saving

ANSWERERS = (Role.ADMINISTRATOR, Role.CLINICAL_LEAD)

navigation.add_main(60, "Identity questions", "people.identity_questions", Role.ADMINISTRATOR)


class AnswerForm(Form):
    """The answer to a question about identity."""

    answer = RadioField(
        "Are they the same man?",
        [Required()],
        choices=[("same", "Yes, one man: merge the records"), ("different", "No, two men")],
        hint="Two men: it is remembered and never asked again",
    )
    kept = RadioField(
        "Which record is kept?",
        [RevealedBy("answer", "same", message="Select which record is kept")],
        hint="Its name, address and contact details hold. Cases, flags and consent of both go on",
    )
    nhs = RadioField("Which NHS number is right?", optional=False)
    crn = RadioField("Which CRN is right?", optional=False)
    pnc = RadioField("Which PNC number is right?", optional=False)
    cro = RadioField("Which CRO number is right?", optional=False)
    reason = TextAreaField(
        "How do you know?",
        [RevealedBy("answer", "same", message="Say how you know that they are one man")],
        max_length=500,
        rows=3,
    )


class UndoForm(Form):
    """Why two records are not one man after all."""

    reason = TextAreaField(
        "Why are they not one man?", [Required()], max_length=500, rows=3, error_name="why"
    )


class AskForm(Form):
    """Which record may be the same man."""

    other = HiddenField()


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
    """Two records side by side, and the answer."""
    viewer = current_viewer()
    question = find_question(viewer, question_ref)
    form = _answer_form(question)
    if form.is_submitted() and form.validate() and _numbers_chosen(form):
        chosen = {str(p.ref): p.id for p in (question.one, question.two)}
        try:
            with saving() as saved:
                if form.answer.data == identity.DIFFERENT:
                    identity.answer_different(question_id=question.id, by=viewer.staff_id)
                    message = "Remembered: they are two men"
                else:
                    identity.answer_same(
                        question_id=question.id,
                        kept_id=chosen[form.kept.data or ""],
                        right={k: str(form[k.value].data) for k in _asked(form)},
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
    page = render_template(
        "people/identity_question.html",
        question=question,
        form=form,
        lines=compare(question.one, question.two),
        asked=[kind.value for kind in _asked(form)],
    )
    return (page, 422) if form.is_submitted() else page


@bp.route("/identity/merges/<uuid:merge_ref>/undo", methods=["GET", "POST"])
@only(*ANSWERERS)
def undo_merge(merge_ref: uuid.UUID) -> str | Response | tuple[str, int]:
    """Take two merged records apart again."""
    viewer = current_viewer()
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
    people = named(allowed)
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
    people = (question.one, question.two)
    form.kept.set_choices(
        [(str(p.ref), f"{p.name}, born {formats.day(p.born) or 'not known'}") for p in people]
    )
    differing = differing_numbers(question.one, question.two)
    for kind in IdentifierKind:
        if kind in differing:
            numbers = differing[kind]
            field = cast(RadioField, form[kind.value])
            field.set_choices([(n, words_of(kind.value, n)) for n in numbers])
        else:
            del form[kind.value]
    return form


def _asked(form: AnswerForm) -> list[IdentifierKind]:
    return [kind for kind in IdentifierKind if kind.value in form]


def _numbers_chosen(form: AnswerForm) -> bool:
    """A number that differs is never settled silently."""
    if form.answer.data != identity.SAME:
        return True
    missing = [kind for kind in _asked(form) if not form[kind.value].data]
    for kind in missing:
        label = FIELDS[Section.IDENTIFIERS][kind.value]
        form.refuse(f"Select the right {label}", field=kind.value)
    return not missing
