"""The page on which a contact is put right: its day, number, mode, language or occasion."""

import uuid

from flask import url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core.access import CLINICAL_ROLES, Purpose, Viewer
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.people.forms import language_choices
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.submission import saving
from outcome_measures.blueprint import bp
from outcome_measures.counting import planned_of
from outcome_measures.models import MeasureContact, MeasureMode
from outcome_measures.recording import contact_queries as queries
from outcome_measures.recording.contact_forms import CHANGED, ENGLISH, ContactCorrectionForm
from outcome_measures.recording.contacts import CannotStand
from outcome_measures.recording.putting_right import correct_contact, course_without
from outcome_measures.time_points import contact_name


@bp.get("/cases/<uuid:case_ref>/measures/contacts/<uuid:contact_ref>/correct")
@bp.post(
    "/cases/<uuid:case_ref>/measures/contacts/<uuid:contact_ref>/correct",
    endpoint="contact_correct_save",
)
@only(*CLINICAL_ROLES)
def contact_correct(case_ref: uuid.UUID, contact_ref: uuid.UUID) -> Page | Response:
    """Correct a contact; what it was is kept."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    contact = queries.find_contact(case, contact_ref)
    if contact.taken_back:
        raise NotFound
    form = _form(contact)
    if form.is_submitted() and form.validate() and not _asks(form, contact):
        try:
            return _correct(viewer, case_ref, contact, form)
        except CannotStand as refusal:
            for name, words in refusal.problems.items():
                form.refuse(words, field=name if name in form else None)
        except Refused as refusal:
            form.refuse(" ".join(refusal.reasons))
        except Stale:
            form.refuse(CHANGED)
        case = find_case(viewer, case_ref, Purpose.CLINICAL)
        contact = queries.find_contact(case, contact_ref)
    return form_page(
        "outcome_measures/contact_correct.html",
        record=record(viewer, case),
        case=case,
        contact=contact,
        name=contact_name(contact.point, contact.session_number),
        form=form,
    )


def _form(contact: MeasureContact) -> ContactCorrectionForm:
    forms = queries.forms_of(contact.id)
    form = ContactCorrectionForm(
        version=contact.version,
        held_on=contact.held_on,
        mode=contact.mode.value,
        point=contact.point.value,
        session_number=contact.session_number,
        language=forms[0].language if forms else ENGLISH,
    )
    form.say_how_sessions_count(queries.course_of(contact.case_id))
    form.language.set_choices(language_choices())
    return form


def _asks(form: ContactCorrectionForm, contact: MeasureContact) -> bool:
    """Only another number or day than the one on record is asked about."""
    stands = form.planned.session_number == contact.session_number
    if stands and form.planned.held_on == contact.held_on:
        return False
    planned = planned_of([contact.case_id]).get(contact.case_id)
    return form.asks(course_without(contact), planned, number_stands=stands)


def _correct(
    viewer: Viewer, case_ref: uuid.UUID, contact: MeasureContact, form: ContactCorrectionForm
) -> Response:
    contact_id, contact_ref = contact.id, contact.ref
    with saving() as saved:
        correct_contact(
            contact_id=contact_id,
            planned=form.planned,
            mode=MeasureMode(str(form.mode.data)),
            language=str(form.language.data),
            reason=form.reason.data,
            version=form.read_version,
            by=viewer.staff_id,
        )
        page = url_for(".contact", case_ref=case_ref, contact_ref=contact_ref)
        saved.goes_to(page, "The contact is corrected. What it was is kept.")
    return saved.redirect()
