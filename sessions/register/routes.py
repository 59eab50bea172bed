"""What happened at one man's session: recording it, putting it right, and what comes next."""

import uuid
from typing import Any

from flask import url_for
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.cases.record import record
from mhtr.compliance import telling
from mhtr.compliance.attendance import HAPPENED_WORDS, MISSED, TOOK_PLACE
from mhtr.compliance.crosswalk import codes_of
from mhtr.compliance.explanation_queries import counting, explanations_of
from mhtr.compliance.models import Attendance
from mhtr.compliance.queries import attempts_of_case, history_of, latest
from mhtr.compliance.service import RECORDERS
from mhtr.compliance.told import told_lines
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, Viewer
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.web import navigation
from mhtr.web.both_versions import both_versions
from mhtr.web.forms import Page, form_page
from mhtr.web.gate import only
from mhtr.web.navigation import CaseGroup
from mhtr.web.reads import shows
from mhtr.web.submission import saving
from sessions.booking.models import BookingState
from sessions.register import page, service
from sessions.register.blueprint import bp
from sessions.register.forms import ClinicalForm, OfficeForm, from_row
from sessions.register.presence import nobody_there
from sessions.register.queries import (
    INSIDE,
    Placed,
    find_place,
    lines_of,
    number_of,
    with_attendance,
)
from sessions.register.service import Entry

navigation.add_case(
    CaseGroup.TREATMENT,
    40,
    "Attendance",
    "register.case_attendance",
    *INSIDE,
    section=("register.attendance", "register.told_by_hand", "compliance.contact"),
    roles=RECORDERS,
)
CHANGED = "Somebody recorded this session meanwhile. Nothing of yours is saved: compare, and decide"


@bp.route("/places/<uuid:place_ref>/attendance", methods=["GET", "POST"])
@only(*RECORDERS)
def attendance(place_ref: uuid.UUID) -> Page | Response:
    """Record what happened; once that is done, what is recorded and what comes next."""
    viewer = current_viewer()
    placed = find_place(viewer, place_ref)
    kept = latest(place_ref)
    form = _form(viewer, placed, None)
    if form.validate_on_submit():
        answer = _saved(placed, form)
        if answer is not None:
            return answer
    elif kept is not None and not form.is_submitted():
        return _recorded(viewer, placed, kept)
    return _page(viewer, place_ref, form)


@bp.route("/places/<uuid:place_ref>/attendance/put-right", methods=["GET", "POST"])
@only(*RECORDERS)
def attendance_put_right(place_ref: uuid.UUID) -> Page | Response:
    """Put right what is recorded; the earlier record stays in the history."""
    viewer = current_viewer()
    placed = find_place(viewer, place_ref)
    kept = latest(place_ref)
    if kept is None:
        raise NotFound
    form = _form(viewer, placed, kept)
    if form.validate_on_submit():
        answer = _saved(placed, form)
        if answer is not None:
            return answer
    return _page(viewer, place_ref, form)


def _form(viewer: Viewer, placed: Placed, row: Attendance | None) -> OfficeForm:
    kind = ClinicalForm if viewer.has(*CLINICAL_ROLES) else OfficeForm
    form = kind(**from_row(row))
    form.offer(begun=placed.session.starts_at <= clock.now())
    return form


def _saved(placed: Placed, form: OfficeForm) -> Response | None:
    """The answer after saving; None where the form is to be shown again."""
    place_id, place_ref, by = placed.place.id, placed.place.ref, current_viewer().staff_id
    try:
        with saving() as saved:
            entry = Entry(form.told(), form.read_version, form.somebody_there.data)
            service.record(place_id=place_id, entry=entry, why=form.why.data, by=by)
            saved.goes_to(url_for(".attendance", place_ref=place_ref), "Recorded.")
        return saved.redirect()
    except Stale:
        form.refuse(CHANGED)
    except Refused as refused:
        form.refuse_all(refused)
    return None


def _page(viewer: Viewer, place_ref: uuid.UUID, form: OfficeForm) -> Page:
    placed = find_place(viewer, place_ref)
    kept = latest(place_ref)
    differences: tuple[Any, ...] = ()
    if kept is not None:
        shows("attendance", kept.id, case_id=placed.case.id)
        if form.read_version != kept.number:
            differences = both_versions(_form_of(viewer, kept), form)
            form.version.carry(kept.number)
    return form_page(
        "register/attendance.html",
        record=record(viewer, placed.case),
        form=form,
        title="Put right what happened" if kept else "Record what happened",
        clinical=viewer.has(*CLINICAL_ROLES),
        kept=kept,
        differences=differences,
        nobody=nobody_there(placed.session),
        open_to=kept is not None or placed.place.state is BookingState.BOOKED,
        not_booked=service.NOT_BOOKED,
        begun=placed.session.starts_at <= clock.now(),
        **_about(placed),
    )


def _form_of(viewer: Viewer, row: Attendance) -> OfficeForm:
    kind = ClinicalForm if viewer.has(*CLINICAL_ROLES) else OfficeForm
    return kind(None, **from_row(row))


def _about(placed: Placed) -> dict[str, Any]:
    return {
        "case": placed.case,
        "place": placed.place,
        "session": placed.session,
        "number": number_of(placed.place),
        "with_him": page.staff_name(placed.session.clinician_id),
    }


def _recorded(viewer: Viewer, placed: Placed, row: Attendance) -> Page:
    """What is recorded, what comes next, and how it came to be."""
    shows("attendance", row.id, case_id=placed.case.id)
    now, clinical = clock.now(), viewer.has(*CLINICAL_ROLES)
    line = with_attendance([placed])[0]
    coming = [one for one in lines_of(placed.case.id) if one.is_booked and not one.is_over(now)]
    number = number_of(placed.place)
    return form_page(
        "register/recorded.html",
        record=record(viewer, placed.case),
        form=_form(viewer, placed, row),
        row=row,
        shown=page.shown(
            line,
            number,
            now,
            attempts=attempts_of_case(placed.case.id),
            inside=True,
            said=counting(explanations_of(placed.case.id)),
        ),
        codes=codes_of(row.happened, row.on),
        words=HAPPENED_WORDS,
        took_place=row.happened in TOOK_PLACE,
        missed=row.happened in MISSED,
        clinical=clinical,
        next_at=coming[0].placed.session.starts_at if coming else None,
        history=page.history(history_of(row.subject)) if row.number > 1 else [],
        by=page.staff_name(row.by_id),
        told=told_lines(placed.case.id, row.subject),
        tell_waits=bool(telling.waits(placed.case.id, row.subject)),
        **_about(placed),
    )


from sessions.register import (  # noqa: E402, F401 (views)
    case_routes,
    group_routes,
    notice_routes,
    told_routes,
)
