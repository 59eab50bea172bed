"""What a man says of a session he missed, as the service records it; a letter that asks him."""

import uuid

from flask import render_template, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.models import Case
from mhtr.cases.reaching import ways_to
from mhtr.cases.record import record
from mhtr.compliance import explanation_service
from mhtr.compliance.attendance import in_words
from mhtr.compliance.blueprint import bp
from mhtr.compliance.decision_queries import decisions_on, known_of
from mhtr.compliance.explanation_form import ExplanationForm
from mhtr.compliance.explanation_models import AbsenceExplanation
from mhtr.compliance.explanation_page import said_lines
from mhtr.compliance.explanation_queries import explanations_on
from mhtr.compliance.explanation_service import NOT_MISSED, is_asked
from mhtr.compliance.explanations import Side
from mhtr.compliance.finding import find_attendance
from mhtr.compliance.models import Attendance
from mhtr.compliance.service import RECORDERS
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, Viewer
from mhtr.core.errors import NotFound, Refused
from mhtr.people.contact_rules import Channel
from mhtr.web.forms import Form, Page, form_page
from mhtr.web.gate import only
from mhtr.web.reads import shows
from mhtr.web.submission import saving


@bp.route("/places/<uuid:place_ref>/explanation", methods=["GET", "POST"])
@only(*RECORDERS)
def explanation(place_ref: uuid.UUID) -> Page | Response:
    """What he says of a missed session, and recording more of it."""
    viewer = current_viewer()
    case = find_attendance(viewer, place_ref)[0]
    form = blank_form(clinician=viewer.has(*CLINICAL_ROLES), side=Side.SERVICE)
    back = url_for(".explanation", place_ref=place_ref)
    answer = recorded(form, case.id, place_ref, viewer.staff_id, back)
    return answer or _page(viewer, place_ref, form)


def blank_form(*, clinician: bool, side: Side) -> ExplanationForm:
    """The form for now, with what its writer may say."""
    now = clock.london()
    form = ExplanationForm(on=now.date(), at=now.time().replace(second=0, microsecond=0))
    form.offer(clinician=clinician, side=side)
    return form


def recorded(
    form: ExplanationForm, case_id: int, subject: uuid.UUID, by: int, back: str
) -> Response | None:
    """Record a form that was sent; None where its page is to be shown, with what is wrong."""
    if not form.validate_on_submit():
        return None
    try:
        with saving() as saved:
            explanation_service.explain(case_id=case_id, subject=subject, said=form.said(), by=by)
            saved.goes_to(back, "Recorded.")
        return saved.redirect()
    except clock.NoSuchTime:
        form.refuse("The clocks went forward: there was no such time", field="at")
    except Refused as refused:
        form.refuse_all(refused)
    return None


def _page(viewer: Viewer, place_ref: uuid.UUID, form: ExplanationForm) -> Page:
    case, row = find_attendance(viewer, place_ref)
    rows = explanations_on(place_ref)
    shows("explanation", *(one.id for one in rows), case_id=case.id)
    clinician = viewer.has(*CLINICAL_ROLES)
    return form_page(
        "compliance/explanation.html",
        form=form,
        record=record(viewer, case),
        case=case,
        row=row,
        happened=in_words(row.happened, row.minutes_late),
        until=known_of(row, decisions_on(place_ref)).evidence_until,
        rows=said_lines(rows, row.on, side=Side.SERVICE, clinician=clinician),
        asked=is_asked(row),
        not_asked=NOT_MISSED,
    )


@bp.route(
    "/places/<uuid:place_ref>/explanation/<uuid:explanation_ref>/take-back",
    methods=["GET", "POST"],
)
@only(*RECORDERS)
def explanation_take_back(place_ref: uuid.UUID, explanation_ref: uuid.UUID) -> Page | Response:
    """Take back what was recorded by mistake."""
    viewer = current_viewer()
    case, row = find_attendance(viewer, place_ref)
    found = find_explanation(case, place_ref, explanation_ref, Side.SERVICE)
    form, back = Form(), url_for(".explanation", place_ref=place_ref)
    answer = taken_back(form, case.id, explanation_ref, viewer.staff_id, back)
    return answer or take_back_page(form, viewer, case, found, row, side=Side.SERVICE, back=back)


def find_explanation(
    case: Case, subject: uuid.UUID, ref: uuid.UUID, side: Side
) -> AbsenceExplanation:
    """Something that a side recorded of what he said of a session.

    Raises:
        NotFound: no such thing, or the other side's.
    """
    rows = explanations_on(subject)
    found = next((one for one in rows if one.ref == ref and one.side is side), None)
    if found is None or found.case_id != case.id:
        raise NotFound
    shows("explanation", found.id, case_id=case.id)
    return found


def taken_back(form: Form, case_id: int, ref: uuid.UUID, by: int, back: str) -> Response | None:
    """Take back what a form that was sent names; None where its page is to be shown."""
    if not form.validate_on_submit():
        return None
    try:
        with saving() as saved:
            explanation_service.take_back(case_id=case_id, ref=ref, by=by)
            saved.goes_to(back, "Taken back.")
        return saved.redirect()
    except Refused as refused:
        form.refuse(" ".join(refused.reasons))
    return None


def take_back_page(
    form: Form,
    viewer: Viewer,
    case: Case,
    found: AbsenceExplanation,
    row: Attendance,
    *,
    side: Side,
    back: str,
) -> Page:
    """The page that asks whether to take something back."""
    return form_page(
        "compliance/explanation_take_back.html",
        form=form,
        record=record(viewer, case),
        case=case,
        row=row,
        back=back,
        one=said_lines([found], row.on, side=side, clinician=viewer.has(*CLINICAL_ROLES))[0],
    )


@bp.get("/places/<uuid:place_ref>/letter")
@only(*RECORDERS)
def explanation_letter(place_ref: uuid.UUID) -> str:
    """A letter in plain words that asks him why he missed a session, to print."""
    viewer = current_viewer()
    case, row = find_attendance(viewer, place_ref)
    if not is_asked(row):
        raise NotFound
    return render_template(
        "compliance/explanation_letter.html",
        case=case,
        row=row,
        name=case.person.known_as or case.person.given_name,
        until=known_of(row, decisions_on(row.subject)).evidence_until,
        today=clock.today(),
        may_post=any(way.allowed for way in ways_to(case.person) if way.channel is Channel.LETTER),
    )
