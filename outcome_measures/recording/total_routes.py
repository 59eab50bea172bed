"""A total typed in at a contact in place of answers, with what is asked about risk beside it."""

import uuid

from flask import redirect
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.record import record
from mhtr.core.access import CLINICAL_ROLES, Viewer
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import in_emergency, only
from mhtr.web.kept_posts import looked_at
from mhtr.web.kept_words import form_is
from mhtr.web.submission import saving
from outcome_measures.blueprint import bp
from outcome_measures.definitions import Instrument
from outcome_measures.instruments.registry import recorded
from outcome_measures.models import MeasureOccasion, OccasionState
from outcome_measures.recording import totals
from outcome_measures.recording.form_lines import by_total_only, form_href
from outcome_measures.recording.form_routes import (
    CHANGED,
    find_form,
    form_of,
    next_page,
    of_contact,
)
from outcome_measures.recording.measure_forms import typed_beside_total
from outcome_measures.recording.total_forms import (
    TotalCorrectionForm,
    TotalForm,
    risk_answers,
    saved_total,
    show_problems,
    total_correction_form,
    total_form,
    typed_parts,
)
from outcome_measures.recording.totals import TypedTotal
from outcome_measures.recording.unsaved import look_at_total, looking_at_refused, not_saved
from outcome_measures.risk.service import with_whom
from outcome_measures.scores.scoring import InvalidTotal
from outcome_measures.time_points import Origin


@bp.get("/cases/<uuid:case_ref>/measures/forms/<uuid:occasion_ref>/total")
@bp.post(
    "/cases/<uuid:case_ref>/measures/forms/<uuid:occasion_ref>/total", endpoint="form_total_save"
)
@looked_at(look_at_total)
@form_is(lambda occasion_ref, **_: form_of(occasion_ref, total_form))
@in_emergency
@only(*CLINICAL_ROLES)
def form_total(case_ref: uuid.UUID, occasion_ref: uuid.UUID) -> Page | Response:
    """Type in a total in place of answers."""
    viewer = current_viewer()
    case, occasion_id = find_form(viewer, case_ref, occasion_ref)
    occasion = of_contact(occasion_id)
    instrument = _installed(occasion)
    sent = total_form(instrument.id)(version=occasion.version)
    if not sent.is_submitted() and occasion.state is not OccasionState.OPEN:
        return redirect(form_href(case_ref, occasion_ref), 303)
    if sent.is_submitted() and not sent.validate():
        not_saved(viewer, occasion_id, typed_beside_total, submitted=False)
    elif sent.is_submitted():
        try:
            with looking_at_refused(viewer, occasion_id, typed_beside_total, submitted=True):
                return _type(viewer, case_ref, occasion_id, instrument, sent)
        except InvalidTotal as problem:
            show_problems(sent, problem)
        except Refused as refusal:
            sent.refuse(" ".join(refusal.reasons))
        except Stale:
            sent.refuse(CHANGED)
    if sent.is_submitted():
        case, _ = find_form(viewer, case_ref, occasion_ref)
    return form_page(
        "outcome_measures/form_total.html",
        record=record(viewer, case),
        case=case,
        instrument=instrument,
        form=sent,
        occasion_ref=occasion_ref,
        only_total=by_total_only(instrument),
        correcting=False,
    )


def _type(
    viewer: Viewer, case_ref: uuid.UUID, occasion_id: int, instrument: Instrument, sent: TotalForm
) -> Response:
    typed = TypedTotal(
        sent["total"].data, typed_parts(instrument, sent), risk_answers(instrument, sent)
    )
    with saving() as saved:
        occasion = of_contact(occasion_id)
        totals.type_total(occasion, typed, version=sent.read_version, by=viewer.staff_id)
        said = f"The total of {instrument.name} is saved.{with_whom(occasion)}"
        saved.goes_to(next_page(case_ref, occasion), said)
    return saved.redirect()


@bp.get("/cases/<uuid:case_ref>/measures/forms/<uuid:occasion_ref>/total/correct")
@bp.post(
    "/cases/<uuid:case_ref>/measures/forms/<uuid:occasion_ref>/total/correct",
    endpoint="form_total_correct_save",
)
@form_is(lambda occasion_ref, **_: form_of(occasion_ref, total_correction_form))
@only(*CLINICAL_ROLES)
def form_total_correct(case_ref: uuid.UUID, occasion_ref: uuid.UUID) -> Page | Response:
    """Correct a total that was typed in; what it was is kept."""
    viewer = current_viewer()
    case, occasion_id = find_form(viewer, case_ref, occasion_ref)
    occasion = _typed_in(occasion_id)
    instrument = _installed(occasion)
    sent = total_correction_form(instrument.id)(
        version=occasion.version, data=saved_total(occasion.typed_total, occasion.typed_parts)
    )
    if sent.is_submitted() and sent.validate():
        try:
            return _correct(viewer, case_ref, occasion_id, instrument, sent)
        except InvalidTotal as problem:
            show_problems(sent, problem)
        except Refused as refusal:
            sent.refuse(" ".join(refusal.reasons))
        except Stale:
            sent.refuse(CHANGED)
        case, _ = find_form(viewer, case_ref, occasion_ref)
    return form_page(
        "outcome_measures/form_total.html",
        record=record(viewer, case),
        case=case,
        instrument=instrument,
        form=sent,
        occasion_ref=occasion_ref,
        only_total=True,
        correcting=True,
    )


def _installed(occasion: MeasureOccasion) -> Instrument:
    instrument = recorded(occasion.instrument)
    if not instrument.installed:
        raise NotFound
    return instrument


def _typed_in(occasion_id: int) -> MeasureOccasion:
    occasion = of_contact(occasion_id)
    if occasion.origin is not Origin.TOTAL:
        raise NotFound
    return occasion


def _correct(
    viewer: Viewer,
    case_ref: uuid.UUID,
    occasion_id: int,
    instrument: Instrument,
    sent: TotalCorrectionForm,
) -> Response:
    with saving() as saved:
        occasion = _typed_in(occasion_id)
        totals.correct_total(
            occasion,
            sent["total"].data,
            typed_parts(instrument, sent),
            reason=sent.reason.data,
            version=sent.read_version,
            by=viewer.staff_id,
        )
        page = form_href(case_ref, occasion.ref)
        saved.goes_to(page, "The total is corrected. The earlier one is kept.")
    return saved.redirect()
