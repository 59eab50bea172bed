"""Probation tells the service something of a man, says it anew, or takes it back."""

import uuid

from flask import redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.cases.standing import UNDER_ORDER
from mhtr.core.access import CLINICAL_ROLES, SUPERVISES, Purpose, Role
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.probation import word_service
from mhtr.probation.blueprint import bp
from mhtr.probation.cover_page import officer_line
from mhtr.probation.word_forms import BackForm, TellForm, told_data
from mhtr.probation.word_models import ProbationWord
from mhtr.probation.word_page import for_probation
from mhtr.probation.word_queries import Word, word_of, words_of
from mhtr.probation.word_rules import SUBJECT_WORDS, StepKind, Subject, may
from mhtr.web import navigation
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.navigation import CaseGroup
from mhtr.web.reads import shows
from mhtr.web.submission import saving

INSIDE = (*sorted(CLINICAL_ROLES), Role.ADMINISTRATOR)
TOLD = "The service is told. Somebody by name has to see to it."
navigation.add_case(
    CaseGroup.TREATMENT,
    48,
    "Tell the service",
    "probation.words",
    Purpose.SUPERVISION,
    section=("probation.word_new", "probation.word_again", "probation.word_take_back"),
    roles=SUPERVISES,
)


@bp.get("/cases/<uuid:case_ref>/told-service")
@only(*SUPERVISES)
def words(case_ref: uuid.UUID) -> str:
    """Everything that probation told of a man, and that the service received it."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.SUPERVISION)
    found = words_of(case.id)
    shows("word", *(one.row.id for one in found), case_id=case.id)
    return render_template(
        "probation/words.html",
        record=record(viewer, case),
        case=case,
        rows=[for_probation(one) for one in found],
        subjects=[(one.value, words) for one, words in SUBJECT_WORDS.items()],
        under_order=case.state in UNDER_ORDER,
        no_order=word_service.NO_ORDER,
        officer=officer_line(case.id, viewer.staff_id),
    )


@bp.route(
    "/cases/<uuid:case_ref>/told-service/new"
    "/<any(risk,staff_safety,no_contact,keep_away,address,requirement):what>",
    methods=["GET", "POST"],
)
@only(*SUPERVISES)
def word_new(case_ref: uuid.UUID, what: str) -> Page | Response:
    """Tell the service one thing of a man."""
    form = TellForm()
    form.ask(Subject(what))
    return _tell(case_ref, form, None)


@bp.route("/cases/<uuid:case_ref>/told-service/<uuid:word_ref>/again", methods=["GET", "POST"])
@only(*SUPERVISES)
def word_again(case_ref: uuid.UUID, word_ref: uuid.UUID) -> Page | Response:
    """Say anew what was told: what was said before stays on record and holds no more."""
    word = _find(case_ref, word_ref)
    form = TellForm(data=told_data(word.row))
    form.ask(word.row.subject)
    return _tell(case_ref, form, word)


@bp.route("/cases/<uuid:case_ref>/told-service/<uuid:word_ref>/take-back", methods=["GET", "POST"])
@only(*SUPERVISES)
def word_take_back(case_ref: uuid.UUID, word_ref: uuid.UUID) -> Page | Response:
    """Take back what was told."""
    viewer = current_viewer()
    word = _find(case_ref, word_ref)
    case_id, form = word.row.case_id, BackForm()
    if form.validate_on_submit():
        try:
            with saving() as saved:
                word_service.withdraw(
                    case_id=case_id, ref=word_ref, why=form.why.data, by=viewer.staff_id
                )
                saved.goes_to(url_for(".words", case_ref=case_ref), "Taken back.")
            return saved.redirect()
        except Refused as refused:
            form.refuse_all(refused)
    case = find_case(viewer, case_ref, Purpose.SUPERVISION)
    word = _find(case_ref, word_ref)
    return form_page(
        "probation/word_take_back.html",
        form=form,
        record=record(viewer, case),
        case=case,
        one=for_probation(word),
    )


@bp.get("/words/<uuid:word_ref>")
@only(*INSIDE)
def word_here(word_ref: uuid.UUID) -> Response:
    """To the page of what was told, as a task knows it."""
    query = (
        select(Case.ref)
        .join(ProbationWord, ProbationWord.case_id == Case.id)
        .where(ProbationWord.ref == word_ref)
    )
    case_ref = db.session.scalars(query).one_or_none()
    if case_ref is None:
        raise NotFound
    case = find_case(current_viewer(), case_ref, Purpose.CLINICAL, Purpose.ADMINISTRATION)
    return redirect(url_for(".word", case_ref=case.ref, word_ref=word_ref), 303)


def _find(case_ref: uuid.UUID, word_ref: uuid.UUID) -> Word:
    case = find_case(current_viewer(), case_ref, Purpose.SUPERVISION)
    word = word_of(case.id, word_ref)
    if word is None:
        raise NotFound
    shows("word", word.row.id, case_id=case.id)
    return word


def _tell(case_ref: uuid.UUID, form: TellForm, before: Word | None) -> Page | Response:
    viewer = current_viewer()
    case_id = find_case(viewer, case_ref, Purpose.SUPERVISION).id
    replaces = before.row.ref if before is not None else None
    if form.validate_on_submit():
        try:
            with saving() as saved:
                word_service.tell(
                    case_id=case_id, said=form.said(), by=viewer.staff_id, replaces=replaces
                )
                saved.goes_to(url_for(".words", case_ref=case_ref), TOLD)
            return saved.redirect()
        except Refused as refused:
            form.refuse_all(refused)
    case = find_case(viewer, case_ref, Purpose.SUPERVISION)
    return form_page(
        "probation/word_new.html",
        form=form,
        record=record(viewer, case),
        case=case,
        subject=SUBJECT_WORDS[form.subject],
        again=before is not None,
        gone=before is not None and not may(StepKind.REPLACED, before.state),
        under_order=case.state in UNDER_ORDER,
        no_order=word_service.NO_ORDER,
    )
