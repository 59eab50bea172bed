"""One measure at a contact: answered item by item, kept half-finished, submitted, corrected."""

import uuid
from collections.abc import Callable

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core.access import CLINICAL_ROLES, Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.core.transaction import writing
from mhtr.web.forms import Form, Page, VersionedForm, form_page
from mhtr.web.gate import in_emergency, only
from mhtr.web.kept_posts import looked_at
from mhtr.web.kept_words import form_is
from mhtr.web.reads import shows
from mhtr.web.submission import saving
from outcome_measures.blueprint import bp
from outcome_measures.contact_rules import Course, may_record
from outcome_measures.definitions import Instrument
from outcome_measures.instruments.registry import INSTRUMENTS, recorded
from outcome_measures.models import MeasureContact, MeasureOccasion, OccasionState
from outcome_measures.reading import queries
from outcome_measures.reading.withdrawn import ASSESSMENT, changes_of, may_put_back, may_take_back
from outcome_measures.recording import contact_queries, ending
from outcome_measures.recording import service as measures
from outcome_measures.recording.answers import not_kept
from outcome_measures.recording.form_lines import by_total_only, form_href, href_of
from outcome_measures.recording.goal_forms import form_for
from outcome_measures.recording.measure_forms import (
    AnswerForm,
    MeasureForm,
    answers_to,
    measure_form,
    one_answer,
    refuse_blanks,
    typed,
    typed_answers,
)
from outcome_measures.recording.unsaved import (
    look_at_answers,
    look_at_correction,
    looking_at_refused,
    not_saved,
    read_correction,
)
from outcome_measures.risk.service import with_whom
from outcome_measures.scores.scoring import InvalidTotal
from outcome_measures.signing.offered import unsigned

CHANGED = "Somebody changed this measure meanwhile. Look at it again."


def find_form(viewer: Viewer, case_ref: uuid.UUID, occasion_ref: uuid.UUID) -> tuple[Case, int]:
    """The case in the viewer's clinical scope, and its measure. Raises NotFound."""
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    occasion = contact_queries.find_form(case, occasion_ref)
    shows("measure", occasion.id)
    return case, occasion.id


def of_contact(occasion_id: int) -> MeasureOccasion:
    """The measure, if it is one of a contact. Those of an assessment have pages of their own.

    One that is not installed any more is only read.
    """
    occasion = db.session.get_one(MeasureOccasion, occasion_id)
    written = request.method == "POST" and not recorded(occasion.instrument).installed
    if written or occasion.context.startswith(ASSESSMENT):
        raise NotFound
    return occasion


def form_of(occasion_ref: uuid.UUID, made: Callable[[str], type[Form]]) -> type[Form] | None:
    """The form of a measure's page, for what was kept of it."""
    found = contact_queries.instrument_of(occasion_ref)
    return made(found) if found in INSTRUMENTS else None


@bp.get("/cases/<uuid:case_ref>/measures/forms/<uuid:occasion_ref>")
@bp.post("/cases/<uuid:case_ref>/measures/forms/<uuid:occasion_ref>", endpoint="form_save")
@looked_at(look_at_answers)
@form_is(lambda occasion_ref, **_: form_of(occasion_ref, measure_form))
@in_emergency
@only(*CLINICAL_ROLES)
def form(case_ref: uuid.UUID, occasion_ref: uuid.UUID) -> Page | Response:
    """One measure: its questions while it is open, its score once it is submitted."""
    viewer = current_viewer()
    case, occasion_id = find_form(viewer, case_ref, occasion_ref)
    occasion = db.session.get_one(MeasureOccasion, occasion_id)
    if request.method == "GET" and occasion.context.startswith(ASSESSMENT):
        return redirect(href_of(case_ref, occasion), 303)
    occasion = of_contact(occasion_id)
    instrument = recorded(occasion.instrument)
    if request.method == "GET" and _only_read(occasion, instrument):
        return _result(viewer, case, occasion)
    if by_total_only(instrument):
        return redirect(url_for(".form_total", case_ref=case_ref, occasion_ref=occasion_ref), 303)
    form = form_for(instrument, occasion)
    stale: queries.Taken | None = None
    if form.is_submitted():
        submits = request.form.get("action") == "submit"
        try:
            with looking_at_refused(viewer, occasion_id, typed, submitted=submits):
                done = _take(viewer, case, occasion_id, instrument, form, submits=submits)
            if done is not None:
                return done
        except Refused as refusal:
            form.refuse(" ".join(refusal.reasons))
        except Stale:
            stale = queries.taken(db.session.get_one(MeasureOccasion, occasion_id))
            form.version.carry(stale.occasion.version)
            form.refuse("Somebody saved this measure meanwhile. What you typed is still here.")
        case, _ = find_form(viewer, case_ref, occasion_ref)
    return form_page(
        "outcome_measures/form.html",
        record=record(viewer, case),
        case=case,
        occasion=db.session.get_one(MeasureOccasion, occasion_id),
        back=_back(case, occasion_id),
        instrument=instrument,
        unsigned=unsigned(instrument),
        form=form,
        stale=stale,
    )


def _only_read(occasion: MeasureOccasion, instrument: Instrument) -> bool:
    return occasion.state is not OccasionState.OPEN or not instrument.installed


def _take(
    viewer: Viewer,
    case: Case,
    occasion_id: int,
    instrument: Instrument,
    form: MeasureForm,
    *,
    submits: bool,
) -> Response | None:
    """Keep or submit what was typed. None: the page is shown again with what is wrong.

    Even then the answers that can stand are saved, so that a sign of risk is never lost.
    """
    case_ref, by = case.ref, viewer.staff_id
    valid = form.validate()
    answers = typed_answers(instrument, form)
    if submits and refuse_blanks(instrument, form, answers):
        valid = False
    if not valid:
        with writing():
            occasion = of_contact(occasion_id)
            measures.save_answers(occasion, answers, version=form.read_version, by=by)
            form.version.carry(occasion.version)
        return None
    with saving() as saved:
        occasion = of_contact(occasion_id)
        if submits:
            measures.submit(occasion, answers, version=form.read_version, by=by)
            unkept = not_kept(instrument, answers)
            saved.goes_to(
                next_page(case_ref, occasion),
                f"{instrument.name} is submitted.{unkept}{with_whom(occasion)}",
            )
        else:
            measures.save_answers(occasion, answers, version=form.read_version, by=by)
            said = f"The answers so far are kept.{with_whom(occasion)}"
            saved.goes_to(_contact_page(case_ref, occasion), said)
    return saved.redirect()


def next_page(case_ref: uuid.UUID, occasion: MeasureOccasion) -> str:
    """The next open form of the same contact; else the contact, or the result where it has none."""
    if occasion.contact_id is None:
        return form_href(case_ref, occasion.ref)
    for other in contact_queries.forms_of(occasion.contact_id):
        if other.state is OccasionState.OPEN:
            return form_href(case_ref, other.ref)
    return _contact_page(case_ref, occasion)


def _contact_page(case_ref: uuid.UUID, occasion: MeasureOccasion) -> str:
    if occasion.contact_id is None:
        return url_for(".measures", case_ref=case_ref)
    contact = db.session.get_one(MeasureContact, occasion.contact_id)
    return url_for(".contact", case_ref=case_ref, contact_ref=contact.ref)


def _back(case: Case, occasion_id: int) -> tuple[str, str]:
    occasion = db.session.get_one(MeasureOccasion, occasion_id)
    text = "Measures" if occasion.contact_id is None else "The contact"
    return _contact_page(case.ref, occasion), text


def _result(
    viewer: Viewer, case: Case, occasion: MeasureOccasion, sent: VersionedForm | None = None
) -> Page:
    closed = occasion.state is OccasionState.CLOSED
    return form_page(
        "outcome_measures/form_result.html",
        record=record(viewer, case),
        case=case,
        taken=queries.taken(occasion),
        withdrawn=occasion.state is OccasionState.WITHDRAWN,
        changes=changes_of(contact_id=occasion.contact_id, occasion_id=occasion.id),
        may_take_back=may_take_back(viewer, occasion),
        may_put_back=may_put_back(viewer, occasion),
        back=_back(case, occasion.id),
        no_way_on=ending.no_way_on(occasion, case) if closed else "",
        may_record=not may_record(Course(case.state, None)),
        form=VersionedForm(version=occasion.version) if sent is None else sent,
    )


@bp.post("/cases/<uuid:case_ref>/measures/forms/<uuid:occasion_ref>/go-on")
@only(*CLINICAL_ROLES)
def form_go_on(case_ref: uuid.UUID, occasion_ref: uuid.UUID) -> Page | Response:
    """Open a form again that was closed unfinished."""
    viewer = current_viewer()
    _, occasion_id = find_form(viewer, case_ref, occasion_ref)
    sent = VersionedForm()
    try:
        with saving() as saved:
            ending.go_on(of_contact(occasion_id), version=sent.read_version, by=viewer.staff_id)
            saved.goes_to(form_href(case_ref, occasion_ref), "The form is open again.")
        return saved.redirect()
    except Refused as refusal:
        sent.refuse(" ".join(refusal.reasons))
    except Stale:
        sent.refuse(CHANGED)
    case, _ = find_form(viewer, case_ref, occasion_ref)
    occasion = of_contact(occasion_id)
    sent.version.carry(occasion.version)
    return _result(viewer, case, occasion, sent)


@bp.get("/cases/<uuid:case_ref>/measures/forms/<uuid:occasion_ref>/correct/<int:item>")
@bp.post(
    "/cases/<uuid:case_ref>/measures/forms/<uuid:occasion_ref>/correct/<int:item>",
    endpoint="form_correct_save",
)
@looked_at(look_at_correction)
@only(*CLINICAL_ROLES)
def form_correct(case_ref: uuid.UUID, occasion_ref: uuid.UUID, item: int) -> Page | Response:
    """Correct the answer to one question of a submitted measure."""
    viewer = current_viewer()
    case, occasion_id = find_form(viewer, case_ref, occasion_ref)
    occasion = of_contact(occasion_id)
    taken = queries.taken(occasion)
    said = next((answer for answer in taken.answers if answer.number == item), None)
    if said is None or occasion.state is not OccasionState.SUBMITTED:
        raise NotFound
    sent = AnswerForm(version=occasion.version)
    sent.answer.set_choices(answers_to(taken.instrument.item(item)))
    if sent.is_submitted() and not sent.validate():
        not_saved(viewer, occasion_id, read_correction, submitted=False)
    elif sent.is_submitted():
        try:
            looking = looking_at_refused(viewer, occasion_id, read_correction, submitted=False)
            with looking, saving() as saved:
                _correct(viewer, occasion_id, item, sent)
                page = form_href(case_ref, occasion_ref)
                saved.goes_to(page, "The answer is corrected. The earlier one is kept.")
            return saved.redirect()
        except Refused as refusal:
            sent.refuse(" ".join(refusal.reasons))
        except InvalidTotal as problem:
            sent.refuse(str(problem), field="answer")
        except Stale:
            sent.refuse(CHANGED)
        case, _ = find_form(viewer, case_ref, occasion_ref)
    return form_page(
        "outcome_measures/form_correct.html",
        record=record(viewer, case),
        case=case,
        instrument=taken.instrument,
        said=said,
        back=(form_href(case_ref, occasion_ref), taken.instrument.name),
        form=sent,
    )


def _correct(viewer: Viewer, occasion_id: int, item: int, sent: AnswerForm) -> None:
    measures.correct(
        of_contact(occasion_id),
        item,
        one_answer(str(sent.answer.data)),
        reason=sent.reason.data,
        version=sent.read_version,
        by=viewer.staff_id,
    )
