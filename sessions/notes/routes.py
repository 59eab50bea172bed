"""Session notes: for clinicians of the case and nobody else."""

import uuid

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Staff
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.compliance.attendance import in_words
from mhtr.compliance.queries import latest
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, Purpose, Role, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.web import navigation
from mhtr.web.both_versions import both_versions
from mhtr.web.forms import Form, Page, VersionedForm, form_page
from mhtr.web.gate import only
from mhtr.web.navigation import CaseGroup
from mhtr.web.reads import shows
from mhtr.web.submission import saving
from sessions.notes import queries, rules, service
from sessions.notes.finding import Found, find_note
from sessions.notes.forms import (
    FINISH,
    AddendumForm,
    NoteForm,
    ReturnForm,
    SignForm,
    name_of,
    note_form,
)
from sessions.notes.models import SessionNote
from sessions.notes.rules import NoteState
from sessions.therapies import THERAPY_WORDS

bp = Blueprint("notes", __name__)
CHANGED = "Somebody changed this note meanwhile. Nothing of yours is saved: compare, and decide"

navigation.add_case(
    CaseGroup.TREATMENT,
    50,
    "Notes",
    "notes.case_notes",
    Purpose.CLINICAL,
    section=("notes.note",),
    roles=CLINICAL_ROLES,
)


@bp.get("/cases/<uuid:case_ref>/session-notes")
@only(*CLINICAL_ROLES)
def case_notes(case_ref: uuid.UUID) -> str:
    """Every session of a man that has begun, with its note."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    lines = queries.lines_of(case.id)
    shows("session_place", *(line.place.id for line in lines), case_id=case.id)
    return render_template(
        "notes/case_notes.html", record=record(viewer, case), case=case, lines=lines
    )


@bp.route("/places/<uuid:place_ref>/note", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def note(place_ref: uuid.UUID) -> Page | Response:
    """Write, finish or read the note of one man's session."""
    viewer = current_viewer()
    found = find_note(viewer, place_ref)
    form = _form(found)
    if form.validate_on_submit():
        place_id = found.place.id
        finish = request.form.get("action") == FINISH
        try:
            with saving() as saved:
                service.write(
                    place_id=place_id,
                    parts=form.parts(),
                    finish=finish,
                    version=form.read_version,
                    by=viewer.staff_id,
                )
                words = "The note is finished." if finish else "The note is saved."
                saved.goes_to(url_for(".note", place_ref=place_ref), words)
            return saved.redirect()
        except service.Missing as left:
            for key in left.keys:
                form.refuse("Write this part before you finish the note", field=name_of(key))
        except Stale:
            form.refuse(CHANGED)
        except Refused as refused:
            form.refuse(" ".join(refused.reasons))
    return _page(viewer, place_ref, form=form)


@bp.post("/places/<uuid:place_ref>/note/addendum")
@only(*CLINICAL_ROLES)
def note_addendum(place_ref: uuid.UUID) -> Page | Response:
    """Add something to a locked note."""
    viewer = current_viewer()
    note_id, form = _written(viewer, place_ref).id, AddendumForm()
    if form.validate_on_submit():
        try:
            with saving() as saved:
                service.add(note_id=note_id, text=form.text.data, by=viewer.staff_id)
                saved.goes_to(url_for(".note", place_ref=place_ref), "Added.")
            return saved.redirect()
        except Refused as refused:
            form.refuse(" ".join(refused.reasons), field="text")
    return _page(viewer, place_ref, addendum=form)


@bp.post("/places/<uuid:place_ref>/note/sign")
@only(Role.CLINICAL_LEAD)
def note_sign(place_ref: uuid.UUID) -> Page | Response:
    """Sign off a note of an author who is not registered."""
    viewer = current_viewer()
    note_id, form = _written(viewer, place_ref).id, SignForm()
    if form.validate_on_submit():
        try:
            with saving() as saved:
                service.sign(note_id=note_id, version=form.read_version, by=viewer.staff_id)
                saved.goes_to(url_for(".note", place_ref=place_ref), "The note is signed.")
            return saved.redirect()
        except Stale:
            form.refuse(CHANGED)
        except Refused as refused:
            form.refuse(" ".join(refused.reasons))
    return _page(viewer, place_ref, sign=form)


@bp.post("/places/<uuid:place_ref>/note/return")
@only(Role.CLINICAL_LEAD)
def note_return(place_ref: uuid.UUID) -> Page | Response:
    """Return a note to its author with what is asked for."""
    viewer = current_viewer()
    note_id, form = _written(viewer, place_ref).id, ReturnForm()
    if form.validate_on_submit():
        try:
            with saving() as saved:
                service.give_back(
                    note_id=note_id,
                    words=form.words.data,
                    version=form.read_version,
                    by=viewer.staff_id,
                )
                saved.goes_to(url_for(".note", place_ref=place_ref), "The note is returned.")
            return saved.redirect()
        except Stale:
            form.refuse(CHANGED)
        except Refused as refused:
            form.refuse(" ".join(refused.reasons), field="words")
    return _page(viewer, place_ref, returned=form)


def _written(viewer: Viewer, place_ref: uuid.UUID) -> SessionNote:
    found = find_note(viewer, place_ref)
    if found.note is None:
        raise NotFound
    return found.note


def _form(found: Found, *, sent: bool = True) -> NoteForm:
    if found.note is None:
        return note_form(service.therapy_of(found.place), None, 0, sent=sent)
    note = found.note
    return note_form(note.therapy, note.parts, note.version, sent=sent)


def _page(
    viewer: Viewer,
    place_ref: uuid.UUID,
    *,
    form: NoteForm | None = None,
    addendum: AddendumForm | None = None,
    sign: SignForm | None = None,
    returned: ReturnForm | None = None,
) -> Page:
    found = find_note(viewer, place_ref)
    note, version = found.note, found.note.version if found.note else 0
    now, recorded = clock.now(), latest(place_ref)
    shown_form = form or _form(found, sent=False)
    sent: list[Form] = [one for one in (form, addendum, sign, returned) if one is not None]
    refused = next((one for one in sent if one.errors), shown_form)
    differences = _differences(found, shown_form)
    for one in sent:
        if isinstance(one, VersionedForm) and one.errors:
            one.version.carry(version)
    return form_page(
        "notes/note.html",
        form=refused,
        fields=shown_form,
        record=record(viewer, found.case),
        case=found.case,
        place=found.place,
        session=found.session,
        therapy=THERAPY_WORDS[shown_form.therapy],
        happened=in_words(recorded.happened, recorded.minutes_late) if recorded else "",
        differences=differences,
        begun=found.session.starts_at <= now,
        writes=note is None or not service.cannot_write(note, viewer.staff_id),
        takes_over=note is not None and note.author_id != viewer.staff_id,
        note=note,
        shown=_shown(note, viewer) if note else None,
        addendum=addendum or AddendumForm(None),
        sign=sign or SignForm(None, version=version),
        returned=returned or ReturnForm(None, version=version),
    )


def _differences(found: Found, form: NoteForm) -> tuple[object, ...]:
    if found.note is None or form.read_version == found.note.version:
        return ()
    return both_versions(_form(found, sent=False), form)


def _shown(note: SessionNote, viewer: Viewer) -> dict[str, object]:
    staff = db.session.get_one(Staff, viewer.staff_id)
    state = queries.note_state(note)
    signs = not rules.cannot_sign(
        service.standing(note),
        viewer.staff_id,
        lead=viewer.has(Role.CLINICAL_LEAD),
        registered=staff.registration is not None,
    )
    return {
        "author": _name(note.author_id),
        "state": state,
        "words": rules.STATE_WORDS[state],
        "draft": state is NoteState.DRAFT,
        "locked": state is NoteState.LOCKED,
        "locks_at": queries.locks_at(note),
        "parts": queries.parts_of(note),
        "earlier": queries.earlier(note),
        "addenda": queries.addenda(note),
        "signed_by": _name(note.signed_off_by),
        "returned_by": _name(note.returned_by),
        "waits": note.needs_sign_off and note.signed_off_at is None,
        "may_sign": signs,
    }


def _name(staff_id: int | None) -> str:
    return db.session.get_one(Staff, staff_id).name if staff_id is not None else ""
