"""Incident records: writing one, putting it right, and the clinical lead's review and list."""

import uuid

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core.access import CLINICAL_ROLES, Purpose, Role, Viewer
from mhtr.core.errors import Refused
from mhtr.safeguarding import incident_service as service
from mhtr.safeguarding.blueprint import bp
from mhtr.safeguarding.incident_forms import (
    IncidentCorrectForm,
    IncidentForm,
    ReviewForm,
    typed_from,
)
from mhtr.safeguarding.incident_queries import (
    Record,
    Step,
    Written,
    find_incident,
    incidents_of,
    to_review,
)
from mhtr.safeguarding.incident_rules import (
    CANDOUR_WORDS,
    HARM_WORDS,
    HARMED_WORDS,
    STATE_WORDS,
    STEP_WORDS,
    State,
    why_not_review,
)
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.reads import shows
from mhtr.web.submission import saving

BASE = "/cases/<uuid:case_ref>/incidents"
WRITTEN = "Recorded. A clinical lead reviews it."


@bp.get(BASE)
@only(*CLINICAL_ROLES)
def incidents(case_ref: uuid.UUID) -> str:
    """What went wrong with him or around him, and where each record stands."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    found = incidents_of(case.id)
    shows("incident", *(one.row.id for one in found), case_id=case.id)
    return render_template(
        "safeguarding/incidents.html",
        record=record(viewer, case),
        case=case,
        rows=[_line(one) for one in found],
        reviews=viewer.has(Role.CLINICAL_LEAD),
    )


@bp.get("/incidents")
@only(Role.CLINICAL_LEAD)
def incidents_to_review() -> str:
    """Incidents that wait for a clinical lead, or all of them, of men whom he may see."""
    everything = request.args.get("show") == "all"
    page = to_review(current_viewer(), everything=everything)
    shows("case", *(one.record.row.case_id for one in page.rows))
    return render_template(
        "safeguarding/incidents_to_review.html",
        page=page,
        rows=[
            {**_line(one.record), "name": one.name, "case_ref": one.case_ref} for one in page.rows
        ],
        everything=everything,
    )


@bp.route(f"{BASE}/new", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def incident_new(case_ref: uuid.UUID) -> Page | Response:
    """Record an incident."""
    viewer, form = current_viewer(), IncidentForm()
    case_id = find_case(viewer, case_ref, Purpose.CLINICAL).id
    if form.validate_on_submit():
        try:
            with saving() as saved:
                row = service.write(case_id=case_id, said=form.said(), by=viewer.staff_id)
                saved.goes_to(_page_of(case_ref, row.ref), WRITTEN)
            return saved.redirect()
        except Refused as refused:
            form.refuse_all(refused)
    return _form_page(viewer, case_ref, form, None)


@bp.route(f"{BASE}/<uuid:incident_ref>/correct", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def incident_correct(case_ref: uuid.UUID, incident_ref: uuid.UUID) -> Page | Response:
    """Put a record right: what it said before stays."""
    viewer = current_viewer()
    found = _find(case_ref, incident_ref)
    form = IncidentCorrectForm(data={**typed_from(found.newest.row), "seen": found.seen})
    if form.validate_on_submit():
        try:
            with saving() as saved:
                service.correct(
                    case_id=found.row.case_id,
                    ref=incident_ref,
                    said=form.said(),
                    why=form.why.data,
                    seen=form.seen.data or "",
                    by=viewer.staff_id,
                )
                saved.goes_to(_page_of(case_ref, incident_ref), "Put right.")
            return saved.redirect()
        except Refused as refused:
            form.refuse_all(refused)
    return _form_page(viewer, case_ref, form, _find(case_ref, incident_ref))


@bp.route(f"{BASE}/<uuid:incident_ref>", methods=["GET", "POST"])
@only(*CLINICAL_ROLES)
def incident(case_ref: uuid.UUID, incident_ref: uuid.UUID) -> Page | Response:
    """One incident: every version, what was learned, and the review of a clinical lead."""
    viewer = current_viewer()
    found = _find(case_ref, incident_ref)
    form = ReviewForm(data={"seen": found.seen})
    if form.validate_on_submit():
        try:
            with saving() as saved:
                service.review(
                    case_id=found.row.case_id,
                    ref=incident_ref,
                    words=form.words.data,
                    seen=form.seen.data or "",
                    by=viewer.staff_id,
                )
                saved.goes_to(_page_of(case_ref, incident_ref), "Recorded.")
            return saved.redirect()
        except Refused as refused:
            form.refuse_all(refused)
    return _incident_page(viewer, case_ref, _find(case_ref, incident_ref), form)


def _incident_page(viewer: Viewer, case_ref: uuid.UUID, found: Record, form: ReviewForm) -> Page:
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    shows("incident", found.row.id, case_id=case.id)
    is_lead = viewer.has(Role.CLINICAL_LEAD)
    if found.state is State.CLOSED:
        form.asks_why_again()
    return form_page(
        "safeguarding/incident.html",
        form=form,
        record=record(viewer, case),
        case=case,
        found=found,
        state=STATE_WORDS[found.state],
        closed=found.state is State.CLOSED,
        is_lead=is_lead,
        why_not=why_not_review(
            is_lead=is_lead,
            by=viewer.staff_id,
            writers=[one.row.by_id for one in found.versions],
            candour=found.newest.row.candour,
            state=found.state,
        ),
        versions=[_version(one) for one in reversed(found.versions)],
        steps=[_step(one) for one in reversed(found.steps)],
    )


def _form_page(
    viewer: Viewer, case_ref: uuid.UUID, form: IncidentForm, before: Record | None
) -> Page:
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    return form_page(
        "safeguarding/incident_form.html",
        form=form,
        record=record(viewer, case),
        case=case,
        before=before,
    )


def _find(case_ref: uuid.UUID, ref: uuid.UUID) -> Record:
    return find_incident(find_case(current_viewer(), case_ref, Purpose.CLINICAL).id, ref)


def _page_of(case_ref: uuid.UUID, ref: uuid.UUID) -> str:
    return url_for(".incident", case_ref=case_ref, incident_ref=ref)


def _line(one: Record) -> dict[str, object]:
    row = one.newest.row
    return {
        "ref": one.row.ref,
        "on": row.on,
        "harmed": HARMED_WORDS[row.harmed],
        "harm": HARM_WORDS[row.harm],
        "by": one.newest.by,
        "state": STATE_WORDS[one.state],
    }


def _version(one: Written) -> dict[str, object]:
    row = one.row
    facts = [
        ("What happened", row.what),
        ("Where", row.place),
        ("Who was harmed, or could have been", HARMED_WORDS[row.harmed]),
        ("How badly", HARM_WORDS[row.harm]),
        ("How", row.harm_words),
        ("Done at once", row.done),
        ("Reported to", row.reported),
        ("Duty of candour", CANDOUR_WORDS[row.candour]),
        ("How it was done", row.candour_words),
        ("Why it was put right", row.why),
    ]
    return {
        "number": row.number,
        "at": row.created_at,
        "on": row.on,
        "time": row.at,
        "by": one.by,
        "facts": [{"key": key, "value": value} for key, value in facts if value],
    }


def _step(one: Step) -> dict[str, object]:
    return {
        "at": one.row.created_at,
        "kind": f"Version {one.row.version}",
        "title": STEP_WORDS[one.row.kind],
        "text": one.row.words,
        "by": f"By {one.by}",
    }
