"""Entries for nDelius: the list of what waits, one man's, one to copy, and marks taken back."""

import uuid

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core import formats
from mhtr.core.access import SUPERVISES, Purpose, Viewer
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.probation import keyed_service
from mhtr.probation.blueprint import bp
from mhtr.probation.keyed_queries import Entry, History, entries_of, entry_of, keyed_of
from mhtr.probation.keying_forms import (
    ContactForm,
    EntryForm,
    OutcomeForm,
    PutBackForm,
    TakeBackForm,
)
from mhtr.probation.keying_page import (
    ABOUT,
    COLOURS,
    Keyed,
    entry_href,
    keyed_line,
    words_of,
    work_list,
)
from mhtr.probation.keying_rules import NO_CODE, STAND_WORDS, Kind, is_decided
from mhtr.probation.keying_text import choices
from mhtr.probation.people_queries import MOST
from mhtr.probation.policy import keyed_from
from mhtr.web import navigation
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.navigation import CaseGroup
from mhtr.web.paging import page_from, page_number
from mhtr.web.reads import shows
from mhtr.web.submission import saving

SIZE = 30
MARKED = "Marked as keyed in."
CHANGED = (
    "Marked as keyed in. It was put right or decided anew while you had the page: what you keyed "
    "in is to be corrected."
)
MEANWHILE = (
    "What the entry says was changed while you had the page, so nothing was marked. Put what it "
    "says now into nDelius, then mark it."
)
navigation.add_under("probation.people", 15, "To key into nDelius", "probation.to_key", *SUPERVISES)
navigation.add_case(
    CaseGroup.TREATMENT,
    46,
    "nDelius",
    "probation.keying",
    Purpose.SUPERVISION,
    section=("probation.key_in", "probation.key_in_take_back"),
    roles=SUPERVISES,
)


@bp.get("/my-people/ndelius")
@only(*SUPERVISES)
def to_key() -> str:
    """What waits to be keyed in, of all his men, the oldest session first."""
    found = work_list(current_viewer())
    number = page_number()
    rows = found.rows[(number - 1) * SIZE : number * SIZE + 1]
    page = page_from(rows, number, size=SIZE)
    shows("case", *{row.entry.case_id for row in page.rows})
    shows("person", *{row.man.person_id for row in page.rows})
    return render_template(
        "probation/to_key.html",
        form=found.form,
        page=page,
        entry_href=entry_href,
        since=found.since,
        me=current_viewer().staff_id,
        filtered=found.valid and any(field.data for field in found.form),
        clear_href=url_for(".to_key"),
        most=MOST if len(found.men) >= MOST else 0,
    )


@bp.get("/cases/<uuid:case_ref>/ndelius")
@only(*SUPERVISES)
def keying(case_ref: uuid.UUID) -> str:
    """One man's entries: what waits, and everything that was keyed in."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.SUPERVISION)
    since = keyed_from()
    entries = entries_of([case.id])
    rows = keyed_of(case.id)
    shows("keyed", *(one.row.id for one in rows), case_id=case.id)
    return render_template(
        "probation/keying.html",
        record=record(viewer, case),
        case=case,
        since=since,
        waiting=[one for one in entries if one.waits and (since is None or one.on >= since)],
        words=STAND_WORDS,
        colours=COLOURS,
        about=ABOUT,
        keyed=_lines(entries, rows),
    )


@bp.route(
    "/cases/<uuid:case_ref>/ndelius/<uuid:place_ref>/<any(contact,decision):what>",
    methods=["GET", "POST"],
)
@only(*SUPERVISES)
def key_in(case_ref: uuid.UUID, place_ref: uuid.UUID, what: str) -> Page | Response:
    """One entry, to copy into nDelius and to mark as keyed in."""
    viewer = current_viewer()
    case, entry = _find(viewer, case_ref, place_ref, Kind(what))
    form = _form(entry)
    if form.validate_on_submit():
        location = _next(viewer, case_ref, entry)
        try:
            with saving() as saved:
                keyed_service.mark(
                    case_id=case.id,
                    subject=place_ref,
                    kind=entry.kind,
                    number=form.read_version,
                    outcome=form.code,
                    by=viewer.staff_id,
                    shown=form.content_hash.data,
                )
                current = form.read_version == entry.number
                saved.goes_to(location, MARKED if current else CHANGED)
            return saved.redirect()
        except Stale:
            form.refuse(MEANWHILE)
        except Refused as refused:
            form.refuse_all(refused)
    return _page(viewer, case_ref, place_ref, entry.kind, form)


@bp.route(
    "/cases/<uuid:case_ref>/ndelius/keyed/<uuid:keyed_ref>/take-back", methods=["GET", "POST"]
)
@only(*SUPERVISES)
def key_in_take_back(case_ref: uuid.UUID, keyed_ref: uuid.UUID) -> Page | Response:
    """Take back a mark that was set by mistake."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.SUPERVISION)
    found = next((one for one in keyed_of(case.id) if one.row.ref == keyed_ref), None)
    if found is None:
        raise NotFound
    shows("keyed", found.row.id, case_id=case.id)
    form, case_id = TakeBackForm(version=0), case.id
    if form.validate_on_submit():
        try:
            with saving() as saved:
                keyed_service.take_back(
                    case_id=case_id, ref=keyed_ref, why=form.why.data, by=viewer.staff_id
                )
                saved.goes_to(url_for(".keying", case_ref=case_ref), "Taken back.")
            return saved.redirect()
        except Refused as refused:
            form.refuse_all(refused)
    case = find_case(viewer, case_ref, Purpose.SUPERVISION)
    (line,) = _lines(entries_of([case.id]), [found])
    return form_page(
        "probation/key_in_take_back.html",
        form=form,
        record=record(viewer, case),
        case=case,
        one=line,
    )


def _find(
    viewer: Viewer, case_ref: uuid.UUID, place_ref: uuid.UUID, kind: Kind
) -> tuple[Case, Entry]:
    case = find_case(viewer, case_ref, Purpose.SUPERVISION)
    entry = entry_of(case.id, place_ref, kind)
    if entry is None:
        raise NotFound
    return case, entry


def _form(entry: Entry) -> EntryForm:
    if entry.kind is Kind.CONTACT:
        return ContactForm(version=entry.number)
    if entry.opinion is None or not is_decided(entry.opinion):
        return PutBackForm(version=entry.number)
    form = OutcomeForm(version=entry.number)
    form.offer(choices(entry.on))
    return form


def _next(viewer: Viewer, case_ref: uuid.UUID, entry: Entry) -> str:
    """Where to go once an entry is marked: on in the list, or back to the man."""
    if not request.args.get("next"):
        return url_for(".keying", case_ref=case_ref)
    found = work_list(viewer).after(entry.subject, entry.kind)
    return entry_href(found) if found is not None else url_for(".to_key")


def _page(
    viewer: Viewer, case_ref: uuid.UUID, place_ref: uuid.UUID, kind: Kind, form: EntryForm
) -> Page:
    case, entry = _find(viewer, case_ref, place_ref, kind)
    one, words = words_of(case, entry)
    form.version.carry(entry.number)
    form.content_hash.carry(words.fingerprint)
    rows = [row for row in keyed_of(case.id) if row.row.subject == place_ref]
    shows("keyed", *(row.row.id for row in rows), case_id=case.id)
    if entry.record_id is not None:
        shows("attendance", entry.record_id, case_id=case.id)
    on_from = request.args.get("next")
    return form_page(
        "probation/key_in.html",
        form=form,
        record=record(viewer, case),
        case=case,
        entry=entry,
        one=one,
        words=words,
        no_code=NO_CODE,
        about=ABOUT[kind],
        stand=STAND_WORDS[entry.stand],
        colour=COLOURS[entry.stand],
        choose=isinstance(form, OutcomeForm),
        skip=_next(viewer, case_ref, entry) if on_from else "",
        back=url_for(".to_key") if on_from else url_for(".keying", case_ref=case_ref),
        keyed=_lines([entry], rows),
    )


def _lines(entries: list[Entry], rows: list[History]) -> list[Keyed]:
    when = {entry.subject: entry.at for entry in entries}
    return [keyed_line(one, when, _back(one)) for one in rows]


def _back(one: History) -> str:
    row = one.row
    if row.taken_back_at is None:
        return ""
    when, why = formats.moment(row.taken_back_at), row.taken_back_why or ""
    return f"Taken back on {when} by {one.back_by}. {why}".strip()
