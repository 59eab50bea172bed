"""A man's details, grouped; each group changed by a short form of its own."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from flask import abort, render_template, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases import death, number_notes
from mhtr.cases.link_history import history_of, last_change_of
from mhtr.cases.link_queries import links_of
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case, purposes_held
from mhtr.cases.reaching import ways_to
from mhtr.cases.record import record
from mhtr.cases.routes import bp, settings
from mhtr.core import clock
from mhtr.core.access import Purpose, Role, Viewer
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.people.disclosure import changed_by, seen_by
from mhtr.people.forms import FORMS, SectionForm
from mhtr.people.history import MOST, Entry, merged_records
from mhtr.people.models import Person
from mhtr.people.rules import canonical
from mhtr.people.sections import (
    FIELDS,
    TITLES,
    Section,
    Value,
    changed_fields,
    needs_reason,
)
from mhtr.people.values import mark, values_of, words, words_of
from mhtr.web import navigation
from mhtr.web.both_versions import Difference
from mhtr.web.gate import only
from mhtr.web.navigation import CaseGroup
from mhtr.web.submission import saving

INSIDE = (
    Role.ASSESSOR,
    Role.CLINICAL_LEAD,
    Role.DUTY_CLINICIAN,
    Role.ADMINISTRATOR,
    Role.LINK_WORKER,
)
PURPOSES = (Purpose.CLINICAL, Purpose.ADMINISTRATION, Purpose.LINK_WORK)

navigation.add_case(
    CaseGroup.PERSON,
    10,
    "Person",
    "people.details",
    *PURPOSES,
    section=("people.section", "people.history"),
)


@dataclass(frozen=True)
class Row:
    """A fact on the details page."""

    key: str
    value: str


@dataclass(frozen=True)
class Group:
    """A section as the details page shows it; `href` is empty where it cannot be changed."""

    section: Section
    title: str
    rows: tuple[Row, ...]
    href: str


def find_for_details(viewer: Viewer, case_ref: uuid.UUID) -> tuple[Case, frozenset[Purpose]]:
    """The case and for which of the purposes of these pages the viewer has it."""
    case = find_case(viewer, case_ref, *PURPOSES)
    return case, purposes_held(viewer, case) & frozenset(PURPOSES)


@bp.get("/cases/<uuid:case_ref>/person")
@only(*INSIDE)
def details(case_ref: uuid.UUID) -> str:
    """Everything recorded about who he is and what he needs that this viewer may see."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *PURPOSES)
    banner = record(viewer, case)
    held = banner.purposes & frozenset(PURPOSES)
    may_change = changed_by(held)
    groups = [
        Group(
            section,
            TITLES[section],
            _rows(case.person, section),
            url_for("people.section", case_ref=case.ref, section=section.value)
            if section in may_change
            else "",
        )
        for section in Section
        if section in seen_by(held)
    ]
    return render_template(
        "people/details.html",
        record=banner,
        groups=groups,
        merged=merged_records(case.person_id) if Purpose.LINK_WORK not in held else (),
        linked=links_of(viewer, case.person_id) if Purpose.LINK_WORK not in held else (),
    )


@bp.get("/cases/<uuid:case_ref>/person/history")
@only(*INSIDE)
def history_page(case_ref: uuid.UUID) -> str:
    """Who changed what and when, and what it said before, of the sections the viewer sees."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *PURPOSES)
    banner = record(viewer, case)
    held = banner.purposes & frozenset(PURPOSES)
    entries: list[Entry] = history_of(case.person_id, seen_by(held))
    return render_template(
        "people/history.html", record=banner, entries=entries[:MOST], more=len(entries) > MOST
    )


@bp.route("/cases/<uuid:case_ref>/person/<section>", methods=["GET", "POST"])
@only(*INSIDE)
def section(case_ref: uuid.UUID, section: str) -> str | Response | tuple[str, int]:
    """The short form of one section."""
    viewer = current_viewer()
    case, held = find_for_details(viewer, case_ref)
    if section not in {s.value for s in Section}:
        abort(404)
    part = Section(section)
    if part not in changed_by(held):
        abort(403)
    before = values_of(case.person, part)
    form = FORMS[part](data={**FORMS[part].initial(before), "seen": mark(before)})
    form.offer(settings())
    if not form.is_submitted() or not form.validate() or _at_fault(form, before):
        page = _page(viewer, case, form)
        return (page, 422) if form.is_submitted() else page
    person_id, ref = case.person_id, case.ref
    try:
        with saving() as saved:
            asked = number_notes.waiting(person_id)
            death.change_section(
                person_id=person_id,
                section=part,
                values=form.values(),
                seen=form.seen.data,
                settings=settings(),
                reason=form.why,
                by=viewer.staff_id,
            )
            saved.goes_to(
                url_for("people.details", case_ref=ref, _anchor=part.value),
                _said(viewer, part, person_id, asked),
            )
    except Refused as refused:
        for reason in refused.reasons:
            form.refuse(reason)
        return _page(viewer, find_case(viewer, case_ref, *PURPOSES), form), 422
    except Stale:
        return _stale(viewer, find_case(viewer, case_ref, *PURPOSES), form), 409
    return saved.redirect()


def _said(viewer: Viewer, part: Section, person_id: int, before: frozenset[int]) -> str:
    told = number_notes.said(viewer, person_id, before) if part is Section.IDENTIFIERS else ""
    return f"{TITLES[part]} saved{'.' if told else ''}{told}"


def _rows(person: Person, part: Section) -> tuple[Row, ...]:
    values = values_of(person, part)
    rows = tuple(
        Row(title, words_of(name, values[name]))
        for name, title in FIELDS[part].items()
        if values[name] or name not in ("pnc", "cro", "died_on")
    )
    return (*rows, _usable(person)) if part is Section.CONTACT else rows


def _usable(person: Person) -> Row:
    """What may be used of all this, and of the rest why not."""
    lines = (
        f"{decision.channel.value.capitalize()}: "
        + ("yes" if decision.allowed else "no. " + "; ".join(decision.reasons))
        for decision in ways_to(person)
    )
    return Row("May be used", "\n".join(lines))


def _at_fault(form: SectionForm, before: Mapping[str, Value]) -> bool:
    """Put what the rules say beside the fields."""
    values = form.values()
    moved = {name: values[name] for name in changed_fields(before, values)}
    made, faults = canonical(moved, settings(), clock.today(), before)
    for fault in faults:
        form.refuse(fault.reason, field=fault.field if fault.field in form else None)
    if not faults and needs_reason(form.section, before, made) and not form.why.strip():
        form.refuse("Say why this is put right", field="reason")
        return True
    return bool(faults)


def _page(viewer: Viewer, case: Case, form: SectionForm) -> str:
    return _render(viewer, case, form, [], None)


def _stale(viewer: Viewer, case: Case, form: SectionForm) -> str:
    """What was saved meanwhile beside what was typed; sending it again saves what was typed."""
    db.session.rollback()
    now = values_of(case.person, form.section)
    typed = form.values()
    saved_words, typed_words = words(now), words(typed)
    differences = [
        Difference(FIELDS[form.section][name], saved_words[name], typed_words[name])
        for name in changed_fields(now, typed)
    ]
    change = last_change_of(case.person_id, form.section)
    form.seen.carry(mark(now))
    form.refuse("Somebody changed this while you were writing. Nothing of yours is saved yet.")
    return _render(viewer, case, form, differences, change)


def _render(
    viewer: Viewer,
    case: Case,
    form: SectionForm,
    differences: list[Difference],
    change: Entry | None,
) -> str:
    return render_template(
        "people/section.html",
        record=record(viewer, case),
        form=form,
        title=TITLES[form.section],
        differences=differences,
        change=change,
    )
