"""Writing a letter: begun, written, read as it goes, signed, issued anew; and what was signed."""

import uuid
from typing import Protocol

import typst
from flask import Response, make_response, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as Answer

from mhtr.accounts.gate import current_viewer
from mhtr.cases.models import Case
from mhtr.cases.offence import offence_words
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core.access import CLINICAL_ROLES, Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.discharge import letter_service, queries
from mhtr.discharge.blueprint import bp
from mhtr.discharge.building import Built, build
from mhtr.discharge.forms import LetterForm, SignLetterForm, typed_from
from mhtr.discharge.letter_content import content_hash, fact_rows, sheet
from mhtr.discharge.letter_kinds import LetterKind, shape_of
from mhtr.discharge.letter_service import Compiled
from mhtr.discharge.models import CaseLetter, LetterVersion
from mhtr.discharge.pdf import compile_letter
from mhtr.discharge.treatment_facts import course_of, facts_of
from mhtr.intake import onward_queries
from mhtr.web.forms import Form, Page, VersionedForm, form_page
from mhtr.web.gate import only
from mhtr.web.reads import shows
from mhtr.web.submission import saving

MEANWHILE = (
    "Somebody wrote on it, or signed it, while you had this page. Nothing of yours is saved: read "
    "what is there now, and send again"
)
NO_PDF = "It could not be made into a file, so nothing is signed. Nothing of it is lost."
SIGNED = "Signed. Now give or send it, and record that here."
SIGNED_FIRST = "Signed. A registered clinical lead is asked to read and sign it too."
BASE = "/cases/<uuid:case_ref>/letters/<uuid:letter_ref>"
VERSION = "/cases/<uuid:case_ref>/letters/signed/<uuid:signed_ref>"


@bp.route(
    "/cases/<uuid:case_ref>/letters/new/<any(summary,start,risk,discharge):letter_kind>",
    methods=["GET", "POST"],
)
@only(*CLINICAL_ROLES)
def letter_begin(case_ref: uuid.UUID, letter_kind: str) -> Page | Answer:
    """Begin a letter: what it is for, and what the record puts into it."""
    viewer, kind = current_viewer(), LetterKind(letter_kind)
    case_id = find_case(viewer, case_ref, Purpose.CLINICAL).id
    form = Form()
    if form.validate_on_submit():
        try:
            with saving() as saved:
                made = letter_service.begin(case_id=case_id, kind=kind, by=viewer.staff_id)
                saved.goes_to(url_for(".letter_write", case_ref=case_ref, letter_ref=made.ref))
            return saved.redirect()
        except Refused as refused:
            form.refuse_all(refused)
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    course = course_of(case.id)
    return form_page(
        "discharge/letter_begin.html",
        form=form,
        record=record(viewer, case),
        case=case,
        shape=shape_of(kind),
        facts=fact_rows(kind, facts_of(case, course)) if course else (),
        has_course=course is not None,
    )


def _find(viewer: Viewer, case_ref: uuid.UUID, ref: uuid.UUID) -> tuple[Case, CaseLetter]:
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    row = queries.find_letter(case.id, ref)
    shows("case_letter", row.id, case_id=case.id)
    return case, row


@bp.route(f"{BASE}/write", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def letter_write(case_ref: uuid.UUID, letter_ref: uuid.UUID) -> Page | Answer:
    """Write a letter, or go on with it."""
    viewer = current_viewer()
    case, row = _find(viewer, case_ref, letter_ref)
    if row.drafted_at is None:
        raise NotFound
    letter_id, kind = row.id, row.kind
    form = LetterForm(version=row.version, **typed_from(row))
    onward = onward_queries.of_case(case.id)
    services = [(str(one.ref), onward_queries.service_label(one)) for one in reversed(onward)]
    form.offer(kind, services, again=bool(queries.versions_of_letter(row)))
    form.remind(offence_words(case.stage), *form.part_names)
    if form.validate_on_submit():
        try:
            with saving() as saved:
                letter_service.write(
                    letter_id=letter_id,
                    said=form.said(kind),
                    version=form.read_version,
                    by=viewer.staff_id,
                )
                sign = url_for(".letter_sign", case_ref=case_ref, letter_ref=letter_ref)
                saved.goes_to(sign, "Kept.")
            return saved.redirect()
        except Stale:
            form.refuse(MEANWHILE)
        except Refused as refused:
            form.refuse_all(refused)
    return _write_page(viewer, case_ref, letter_ref, form)


def _write_page(
    viewer: Viewer, case_ref: uuid.UUID, letter_ref: uuid.UUID, form: LetterForm
) -> Page:
    case, row = _find(viewer, case_ref, letter_ref)
    form.version.carry(row.version)
    course = course_of(case.id)
    return form_page(
        "discharge/letter_write.html",
        form=form,
        record=record(viewer, case),
        case=case,
        shape=shape_of(row.kind),
        facts=fact_rows(row.kind, facts_of(case, course)) if course else (),
    )


@bp.route(f"{BASE}/sign", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def letter_sign(case_ref: uuid.UUID, letter_ref: uuid.UUID) -> Page | Answer:
    """Read a letter exactly as it goes, and sign it."""
    viewer = current_viewer()
    case, row = _find(viewer, case_ref, letter_ref)
    if row.drafted_at is None:
        raise NotFound
    letter_id, built = row.id, build(case, row, by=viewer.staff_id)
    form = SignLetterForm(version=row.version, content_hash=_hash(built))
    if form.validate_on_submit():
        try:
            if built.letter is None or _hash(built) != form.content_hash.data:
                raise Refused(*(built.against or (letter_service.CHANGED,)))
            compiled = Compiled(compile_letter(built.letter), form.content_hash.data)
            with saving() as saved:
                made = letter_service.sign(
                    letter_id=letter_id,
                    compiled=compiled,
                    version=form.read_version,
                    by=viewer.staff_id,
                )
                words = SIGNED if made is not None else SIGNED_FIRST
                saved.goes_to(url_for(".letters", case_ref=case_ref), words)
            return saved.redirect()
        except Stale:
            form.refuse(MEANWHILE)
        except typst.TypstError:
            form.refuse(NO_PDF)
        except Refused as refused:
            form.refuse_all(refused)
    return _sign_page(viewer, case_ref, letter_ref, form)


def _hash(built: Built) -> str:
    return content_hash(built.letter) if built.letter is not None else ""


def _sign_page(
    viewer: Viewer, case_ref: uuid.UUID, letter_ref: uuid.UUID, form: SignLetterForm
) -> Page:
    case, row = _find(viewer, case_ref, letter_ref)
    built = build(case, row, by=viewer.staff_id)
    shown = built.letter or built.looks
    form.version.carry(row.version)
    form.content_hash.carry(_hash(built))
    return form_page(
        "discharge/letter_sign.html",
        form=form,
        record=record(viewer, case),
        case=case,
        letter=row,
        shape=shape_of(row.kind),
        view=sheet(shown) if shown is not None else None,
        built=built,
    )


@bp.route(f"{BASE}/anew", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def letter_anew(case_ref: uuid.UUID, letter_ref: uuid.UUID) -> Page | Answer:
    """Begin another version of a letter that was signed."""
    then = url_for(".letter_write", case_ref=case_ref, letter_ref=letter_ref)
    template = "discharge/letter_anew.html"
    return _confirmed(case_ref, letter_ref, letter_service.issue_anew, template, then)


@bp.route(f"{BASE}/drop", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def letter_drop(case_ref: uuid.UUID, letter_ref: uuid.UUID) -> Page | Answer:
    """Give up what is being written of a letter."""
    then = url_for(".letters", case_ref=case_ref)
    template = "discharge/letter_drop.html"
    return _confirmed(case_ref, letter_ref, letter_service.drop, template, then, "Given up.")


class _Change(Protocol):
    """A change of a letter that asks for nothing but that it is meant."""

    def __call__(self, *, letter_id: int, version: int, by: int) -> None: ...


def _confirmed(
    case_ref: uuid.UUID,
    letter_ref: uuid.UUID,
    change: _Change,
    template: str,
    then: str,
    said: str = "",
) -> Page | Answer:
    """Ask whether a change of a letter is meant, and make it."""
    viewer = current_viewer()
    _, row = _find(viewer, case_ref, letter_ref)
    letter_id, form = row.id, VersionedForm(version=row.version)
    if form.validate_on_submit():
        try:
            with saving() as saved:
                change(letter_id=letter_id, version=form.read_version, by=viewer.staff_id)
                saved.goes_to(then, said)
            return saved.redirect()
        except Stale:
            form.refuse(MEANWHILE)
        except Refused as refused:
            form.refuse_all(refused)
    case, row = _find(viewer, case_ref, letter_ref)
    form.version.carry(row.version)
    return form_page(
        template,
        form=form,
        record=record(viewer, case),
        case=case,
        shape=shape_of(row.kind),
        number=len(queries.versions_of_letter(row)) + 1,
    )


def _find_signed(case_ref: uuid.UUID, signed_ref: uuid.UUID) -> tuple[Case, LetterVersion]:
    case = find_case(current_viewer(), case_ref, Purpose.CLINICAL)
    row = queries.find_version(case.id, signed_ref)
    shows("letter_version", row.id, case_id=case.id)
    return case, row


@bp.get(VERSION)
@only(*CLINICAL_ROLES)
def letter_version(case_ref: uuid.UUID, signed_ref: uuid.UUID) -> str | tuple[str, int]:
    """One version as it was signed; what took its place, where something did."""
    case, row = _find_signed(case_ref, signed_ref)
    letter, head = queries.verified(row), record(current_viewer(), case)
    if letter is None:
        return render_template("discharge/letter_spoilt.html", record=head, case=case), 409
    newest = [one for one in queries.versions_of(case.id) if one.letter_id == row.letter_id][-1]
    return render_template(
        "discharge/letter_version.html",
        record=head,
        case=case,
        row=row,
        view=sheet(letter),
        newer=newest if newest.id != row.id else None,
    )


@bp.get(f"{VERSION}.pdf")
@only(*CLINICAL_ROLES)
def letter_pdf(case_ref: uuid.UUID, signed_ref: uuid.UUID) -> Response | tuple[str, int]:
    """One version as the file to give or send."""
    case, row = _find_signed(case_ref, signed_ref)
    letter = queries.verified(row)
    pdf = db.session.scalars(select(LetterVersion.pdf).where(LetterVersion.id == row.id)).one()
    if letter is None or not queries.is_file_intact(row):
        head = record(current_viewer(), case)
        return render_template("discharge/letter_spoilt.html", record=head, case=case), 409
    answer = make_response(pdf)
    answer.headers["Content-Type"] = "application/pdf"
    name = f"{letter.reference.replace('/', '-').replace(' ', '-')}-v{letter.number}.pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
