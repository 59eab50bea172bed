"""Pages on which a form or a contact recorded by a slip is taken back, and that is undone."""

import uuid
from collections.abc import Callable

from flask import url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core.access import CLINICAL_ROLES, Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.reads import shows
from mhtr.web.submission import saving
from outcome_measures.blueprint import bp
from outcome_measures.models import MeasureContact, MeasureOccasion
from outcome_measures.page_parts import Part, add_part
from outcome_measures.reading.queries import taken
from outcome_measures.reading.withdrawn import (
    may_put_back,
    may_put_contact_back,
    may_take_back,
    may_take_contact_back,
    withdrawn_of,
)
from outcome_measures.recording import contact_queries as queries
from outcome_measures.recording import taking_back
from outcome_measures.recording.contact_forms import CHANGED, PutBackForm, TakeBackForm
from outcome_measures.recording.form_lines import form_href, lines
from outcome_measures.time_points import contact_name

Reasoned = TakeBackForm | PutBackForm
TAKEN = "It is taken back. It is kept here, and counts nowhere."
COUNTS = "It counts again."


@bp.get("/cases/<uuid:case_ref>/measures/forms/<uuid:occasion_ref>/take-back")
@bp.post(
    "/cases/<uuid:case_ref>/measures/forms/<uuid:occasion_ref>/take-back",
    endpoint="form_take_back_save",
)
@only(*CLINICAL_ROLES)
def form_take_back(case_ref: uuid.UUID, occasion_ref: uuid.UUID) -> Page | Response:
    """Take one form back, recorded here or imported, with the reason."""
    viewer = current_viewer()
    occasion = _form(viewer, case_ref, occasion_ref, may_take_back)
    key, form = occasion.id, TakeBackForm(version=occasion.version)

    def do() -> None:
        taking_back.take_back(
            occasion_id=key, reason=form.reason.data, version=form.read_version, viewer=viewer
        )

    here = form_href(case_ref, occasion_ref)
    return _sent(form, do, here, TAKEN) or _form_page(viewer, case_ref, key, form, undoing=False)


@bp.get("/cases/<uuid:case_ref>/measures/forms/<uuid:occasion_ref>/put-back")
@bp.post(
    "/cases/<uuid:case_ref>/measures/forms/<uuid:occasion_ref>/put-back",
    endpoint="form_put_back_save",
)
@only(*CLINICAL_ROLES)
def form_put_back(case_ref: uuid.UUID, occasion_ref: uuid.UUID) -> Page | Response:
    """Undo that a form was taken back, with the reason."""
    viewer = current_viewer()
    occasion = _form(viewer, case_ref, occasion_ref, may_put_back)
    key, form = occasion.id, PutBackForm(version=occasion.version)

    def do() -> None:
        taking_back.put_back(
            occasion_id=key, reason=form.reason.data, version=form.read_version, viewer=viewer
        )

    here = form_href(case_ref, occasion_ref)
    return _sent(form, do, here, COUNTS) or _form_page(viewer, case_ref, key, form, undoing=True)


@bp.get("/cases/<uuid:case_ref>/measures/contacts/<uuid:contact_ref>/take-back")
@bp.post(
    "/cases/<uuid:case_ref>/measures/contacts/<uuid:contact_ref>/take-back",
    endpoint="contact_take_back_save",
)
@only(*CLINICAL_ROLES)
def contact_take_back(case_ref: uuid.UUID, contact_ref: uuid.UUID) -> Page | Response:
    """Take a whole contact back with its forms, with the reason."""
    viewer = current_viewer()
    contact = _contact(viewer, case_ref, contact_ref, may_take_contact_back)
    key, form = contact.id, TakeBackForm(version=contact.version)

    def do() -> None:
        taking_back.take_contact_back(
            contact_id=key, reason=form.reason.data, version=form.read_version, viewer=viewer
        )

    here = url_for(".contact", case_ref=case_ref, contact_ref=contact_ref)
    return _sent(form, do, here, TAKEN) or _contact_page(viewer, case_ref, key, form, undoing=False)


@bp.get("/cases/<uuid:case_ref>/measures/contacts/<uuid:contact_ref>/put-back")
@bp.post(
    "/cases/<uuid:case_ref>/measures/contacts/<uuid:contact_ref>/put-back",
    endpoint="contact_put_back_save",
)
@only(*CLINICAL_ROLES)
def contact_put_back(case_ref: uuid.UUID, contact_ref: uuid.UUID) -> Page | Response:
    """Undo that a contact was taken back, with the forms that went with it."""
    viewer = current_viewer()
    contact = _contact(viewer, case_ref, contact_ref, may_put_contact_back)
    key, form = contact.id, PutBackForm(version=contact.version)

    def do() -> None:
        taking_back.put_contact_back(
            contact_id=key, reason=form.reason.data, version=form.read_version, viewer=viewer
        )

    here = url_for(".contact", case_ref=case_ref, contact_ref=contact_ref)
    return _sent(form, do, here, COUNTS) or _contact_page(viewer, case_ref, key, form, undoing=True)


def _sent(form: Reasoned, do: Callable[[], None], here: str, said: str) -> Response | None:
    """What follows once it is done; None where the page is shown, with what is wrong."""
    if not (form.is_submitted() and form.validate()):
        return None
    try:
        with saving() as saved:
            do()
            saved.goes_to(here, said)
        return saved.redirect()
    except Refused as refusal:
        form.refuse(" ".join(refusal.reasons))
    except Stale:
        form.refuse(CHANGED)
    return None


def _form(
    viewer: Viewer,
    case_ref: uuid.UUID,
    occasion_ref: uuid.UUID,
    may: Callable[[Viewer, MeasureOccasion], bool],
) -> MeasureOccasion:
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    occasion = queries.find_form(case, occasion_ref)
    if not may(viewer, occasion):
        raise NotFound
    shows("measure", occasion.id)
    return occasion


def _form_page(
    viewer: Viewer, case_ref: uuid.UUID, key: int, form: Reasoned, *, undoing: bool
) -> Page:
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    found = taken(db.session.get_one(MeasureOccasion, key))
    _shows(form, found.occasion.version)
    return form_page(
        "outcome_measures/take_back.html",
        record=record(viewer, case),
        case=case,
        taken=found,
        forms=(),
        name=found.instrument.name,
        on=found.occasion.asked_on,
        back=form_href(case_ref, found.occasion.ref),
        form=form,
        undoing=undoing,
    )


def _contact(
    viewer: Viewer,
    case_ref: uuid.UUID,
    contact_ref: uuid.UUID,
    may: Callable[[Viewer, MeasureContact], bool],
) -> MeasureContact:
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    contact = queries.find_contact(case, contact_ref)
    if not may(viewer, contact):
        raise NotFound
    return contact


def _contact_page(
    viewer: Viewer, case_ref: uuid.UUID, key: int, form: Reasoned, *, undoing: bool
) -> Page:
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    contact = db.session.get_one(MeasureContact, key)
    _shows(form, contact.version)
    forms = queries.forms_of(key)
    shows("measure", *(one.id for one in forms))
    return form_page(
        "outcome_measures/take_back.html",
        record=record(viewer, case),
        case=case,
        taken=None,
        forms=lines(case, forms),
        name=contact_name(contact.point, contact.session_number),
        on=contact.held_on,
        back=url_for(".contact", case_ref=case_ref, contact_ref=contact.ref),
        form=form,
        undoing=undoing,
    )


def _shows(form: Reasoned, version: int) -> None:
    """The page shows it as it is now, also where it is shown again because somebody changed it."""
    form.version.carry(version)


def withdrawn_part(_viewer: Viewer, case: Case) -> dict[str, object]:
    """What was taken back of a man's forms and contacts."""
    found = withdrawn_of(case.id)
    shows("measure", *(one.occasion_id for one in found if one.occasion_id is not None))
    return {"lines": found, "case": case}


add_part(Part("outcome_measures/withdrawn_of_case.html", withdrawn_part, order=90))
