"""Baseline PHQ-9 and GAD-7 inside the assessment: asked item by item, submitted, corrected."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import abort, render_template, request, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.models import Case
from mhtr.cases.record import record
from mhtr.core.access import Viewer
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.transaction import writing
from mhtr.suitability import assessment_service
from mhtr.suitability.assessment_access import ASSESSORS, find_assessment
from mhtr.suitability.assessment_steps import finished_words
from mhtr.suitability.blueprint import bp
from mhtr.suitability.meetings import read
from mhtr.suitability.models import Assessment
from mhtr.suitability.sections import Answer as SectionAnswer
from mhtr.suitability.sections import Section
from mhtr.suitability.unsaved_measures import (
    context_of,
    look_at_answers,
    look_at_correction,
    look_at_refused,
)
from mhtr.web.forms import Page, VersionedForm, form_page
from mhtr.web.gate import only
from mhtr.web.kept_posts import looked_at
from mhtr.web.kept_words import form_is
from mhtr.web.reads import shows
from mhtr.web.submission import AlreadySaved, saving
from outcome_measures.definitions import Answer, Instrument
from outcome_measures.instruments.registry import INSTRUMENTS
from outcome_measures.models import MeasureMode, MeasureOccasion, OccasionState
from outcome_measures.reading import queries
from outcome_measures.recording import service as measures
from outcome_measures.recording.answers import not_kept
from outcome_measures.recording.measure_forms import (
    CorrectionForm,
    MeasureForm,
    measure_form,
    offer,
    one_answer,
    refuse_blanks,
    saved_answers,
    typed_answers,
)
from outcome_measures.recording.unsaved import why_refused
from outcome_measures.risk.service import NotSaved, with_whom

BASELINE = ("phq9", "gad7")


@dataclass(frozen=True)
class Line:
    """One measure on the section's page; `taken` is None until something was saved."""

    instrument: Instrument
    href: str
    taken: queries.Taken | None


def lines(case: Case, assessment: Assessment) -> tuple[Line, ...]:
    """The baseline measures as they stand."""
    found = queries.of_context(context_of(assessment))
    return tuple(
        Line(
            INSTRUMENTS[name],
            url_for(".measure", case_ref=case.ref, instrument=name),
            queries.taken(found[name]) if name in found else None,
        )
        for name in BASELINE
    )


def derived(assessment: Assessment) -> dict[str, SectionAnswer]:
    """The section's answers that follow from the measures: answered in full or not."""
    found = queries.of_context(context_of(assessment))
    return {f"{name}_complete": _complete(found.get(name)) for name in BASELINE}


def _complete(occasion: MeasureOccasion | None) -> bool:
    if occasion is None or occasion.state is not OccasionState.SUBMITTED:
        return False
    return queries.taken(occasion).score.complete


@bp.get("/cases/<uuid:case_ref>/assessment/measures/<instrument>")
@bp.post("/cases/<uuid:case_ref>/assessment/measures/<instrument>", endpoint="measure_save")
@looked_at(look_at_answers)
@form_is(lambda instrument, **_: measure_form(instrument) if instrument in BASELINE else None)
@only(*ASSESSORS)
def measure(case_ref: uuid.UUID, instrument: str) -> Page | Response:
    """One measure: answered item by item, kept half-finished, submitted when done."""
    if instrument not in BASELINE:
        abort(404)
    viewer = current_viewer()
    case, assessment = find_assessment(viewer, case_ref)
    occasion = queries.of_context(context_of(assessment)).get(instrument)
    if occasion is not None:
        shows("measure", occasion.id)
        closed = occasion.state is not OccasionState.OPEN or assessment.finished_at is not None
        if closed and request.method == "GET":
            return _result(viewer, case, assessment, occasion)
    form = measure_form(instrument)(
        version=occasion.version if occasion else 0, data=saved_answers(occasion)
    )
    stale: queries.Taken | None = None
    if form.is_submitted():
        try:
            with _looking_at_refused(viewer, assessment, instrument):
                done = _take(viewer, assessment, instrument, form)
            if done is not None:
                return done
        except Refused as refusal:
            form.refuse(" ".join(refusal.reasons))
        except Stale:
            case, assessment = find_assessment(viewer, case_ref)
            saved = queries.of_context(context_of(assessment)).get(instrument)
            stale = queries.taken(saved) if saved else None
            form.version.carry(saved.version if saved else 0)
            form.refuse("Somebody saved this measure meanwhile. What you typed is still here.")
    return form_page(
        "suitability/measure.html",
        record=record(viewer, case),
        case=case,
        assessment=assessment,
        instrument=INSTRUMENTS[instrument],
        form=form,
        stale=stale,
    )


@contextmanager
def _looking_at_refused(
    viewer: Viewer, assessment: Assessment, instrument: str, *, correction: bool = False
) -> Iterator[None]:
    """Whatever refuses the form, a sign of risk in it is looked at."""
    try:
        yield
    except (Refused, Stale, AlreadySaved) as refusal:
        if not (isinstance(refusal, AlreadySaved) and refusal.same):
            _not_saved(viewer, assessment, instrument, why_refused(refusal), correction=correction)
        raise


def _not_saved(
    viewer: Viewer, assessment: Assessment, instrument: str, why: NotSaved, *, correction: bool
) -> None:
    with writing():
        look_at_refused(assessment, instrument, by=viewer.staff_id, why=why, correction=correction)


def _take(
    viewer: Viewer, assessment: Assessment, instrument: str, form: MeasureForm
) -> Response | None:
    """Keep or submit what was typed. None: the page is shown again with what is wrong.

    Even then the answers that can stand are saved, so that a sign of risk is never lost.
    """
    valid = form.validate()
    answers = typed_answers(INSTRUMENTS[instrument], form)
    page = url_for(".assessment_section", case_ref=_ref(assessment), section=Section.MEASURES)
    submits = request.form.get("action") == "submit"
    if submits and refuse_blanks(INSTRUMENTS[instrument], form, answers):
        valid = False
    if not valid:
        with writing():
            occasion = _occasion(viewer, assessment, instrument, form)
            measures.save_answers(occasion, answers, version=occasion.version, by=viewer.staff_id)
            form.version.carry(occasion.version)
        return None
    with saving() as saved:
        occasion = _occasion(viewer, assessment, instrument, form)
        if submits:
            _submit(viewer, assessment, occasion, answers)
            unkept = not_kept(INSTRUMENTS[instrument], answers)
            page = url_for(".measure", case_ref=_ref(assessment), instrument=instrument)
            saved.goes_to(page, f"The answers are submitted.{unkept}{with_whom(occasion)}")
        else:
            measures.save_answers(occasion, answers, version=occasion.version, by=viewer.staff_id)
            saved.goes_to(page, f"The answers so far are kept.{with_whom(occasion)}")
    return saved.redirect()


def _ref(assessment: Assessment) -> uuid.UUID:
    values: dict[str, Any] = request.view_args or {}
    ref: uuid.UUID = values["case_ref"]
    return ref


def _occasion(
    viewer: Viewer, assessment: Assessment, instrument: str, form: MeasureForm
) -> MeasureOccasion:
    if not assessment.meetings:
        raise Refused("Say first how and when you assessed him.")
    if assessment.finished_at is not None:
        raise Refused(finished_words(db.session.get_one(Case, assessment.case_id).progress))
    met = read(assessment.meetings)[-1]
    existed = queries.of_context(context_of(assessment)).get(instrument)
    occasion = existed or measures.open_occasion(
        case_id=assessment.case_id,
        context=context_of(assessment),
        instrument=instrument,
        mode=MeasureMode(met.how),
        asked_on=met.on,
        by=viewer.staff_id,
    )
    if (occasion.version if existed else 0) != form.read_version:
        raise Stale(occasion)
    return occasion


def _submit(
    viewer: Viewer,
    assessment: Assessment,
    occasion: MeasureOccasion,
    answers: Mapping[int, Answer],
) -> None:
    by = viewer.staff_id
    measures.submit(occasion, answers, version=occasion.version, by=by)
    assessment_service.set_derived(assessment, Section.MEASURES, derived(assessment), by=by)


def _result(viewer: Viewer, case: Case, assessment: Assessment, occasion: MeasureOccasion) -> str:
    return render_template(
        "suitability/measure_result.html",
        record=record(viewer, case),
        case=case,
        taken=queries.taken(occasion),
        finished=finished_words(case.progress) if assessment.finished_at else "",
        plain_form=VersionedForm(version=occasion.version),
    )


def _correct(
    viewer: Viewer, assessment: Assessment, occasion: MeasureOccasion, form: CorrectionForm
) -> None:
    by = viewer.staff_id
    measures.correct(
        occasion,
        int(str(form.item.data)),
        one_answer(str(form.answer.data)),
        reason=form.reason.data,
        version=form.read_version,
        by=by,
    )
    if assessment.finished_at is None:
        assessment_service.set_derived(assessment, Section.MEASURES, derived(assessment), by=by)


@bp.get("/cases/<uuid:case_ref>/assessment/measures/<instrument>/correct")
@bp.post(
    "/cases/<uuid:case_ref>/assessment/measures/<instrument>/correct",
    endpoint="measure_correct_save",
)
@looked_at(look_at_correction)
@only(*ASSESSORS)
def measure_correct(case_ref: uuid.UUID, instrument: str) -> Page | Response:
    """Correct one answer of a submitted measure."""
    viewer = current_viewer()
    case, assessment = find_assessment(viewer, case_ref)
    occasion = queries.of_context(context_of(assessment)).get(instrument)
    if occasion is None:
        abort(404)
    shows("measure", occasion.id)
    definition = INSTRUMENTS[instrument]
    form = CorrectionForm(version=occasion.version)
    offer(form, definition)
    if form.is_submitted() and not form.validate():
        _not_saved(viewer, assessment, instrument, NotSaved.REFUSED, correction=True)
    elif form.is_submitted():
        try:
            looking = _looking_at_refused(viewer, assessment, instrument, correction=True)
            with looking, saving() as saved:
                _correct(viewer, assessment, occasion, form)
                page = url_for(".measure", case_ref=case_ref, instrument=instrument)
                saved.goes_to(page, "The answer is corrected. The earlier one is kept.")
            return saved.redirect()
        except Refused as refusal:
            form.refuse(" ".join(refusal.reasons))
        except Stale:
            form.refuse("Somebody changed this measure meanwhile. Look at it again.")
        case, _ = find_assessment(viewer, case_ref)
    return form_page(
        "suitability/measure_correct.html",
        record=record(viewer, case),
        case=case,
        instrument=definition,
        form=form,
    )
