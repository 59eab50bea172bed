"""Attendance of one man: for the service, and a page of its own for probation."""

import uuid

from flask import render_template

from mhtr.accounts.gate import current_viewer
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.compliance.explanation_queries import counting, explanations_of
from mhtr.compliance.notice_queries import how_told, notices_of
from mhtr.compliance.queries import attempts_of_case
from mhtr.compliance.service import RECORDERS
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, SUPERVISES, Purpose
from mhtr.web import navigation
from mhtr.web.gate import only
from mhtr.web.navigation import CaseGroup
from mhtr.web.reads import shows
from sessions.register import page
from sessions.register.blueprint import bp
from sessions.register.notice_page import starts
from sessions.register.queries import INSIDE, Line, lines_of, numbers_of

navigation.add_case(
    CaseGroup.TREATMENT,
    40,
    "Attendance",
    "register.attendance_told",
    Purpose.SUPERVISION,
    roles=SUPERVISES,
)


@bp.get("/cases/<uuid:case_ref>/attendance")
@only(*RECORDERS)
def case_attendance(case_ref: uuid.UUID) -> str:
    """Every session of a man with what happened, the newest first."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, *INSIDE)
    lines = lines_of(case.id)
    return render_template(
        "register/case_attendance.html",
        record=record(viewer, case),
        case=case,
        clinical=viewer.has(*CLINICAL_ROLES),
        rows=_shown(case.id, lines, inside=True),
    )


@bp.get("/cases/<uuid:case_ref>/attendance/told")
@only(*SUPERVISES)
def attendance_told(case_ref: uuid.UUID) -> str:
    """What probation reads: facts of the sessions of the requirement, and what was tried."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.SUPERVISION)
    lines = [line for line in lines_of(case.id) if _is_required(line)]
    return render_template(
        "register/attendance_told.html",
        record=record(viewer, case),
        case=case,
        rows=_shown(case.id, lines, inside=False),
    )


def _is_required(line: Line) -> bool:
    row = line.attendance
    return row.required if row is not None else line.placed.place.required


def _shown(case_id: int, lines: list[Line], *, inside: bool) -> list[page.Shown]:
    now, attempts = clock.now(), attempts_of_case(case_id)
    rows = [line.attendance.id for line in lines if line.attendance is not None]
    shows("attendance", *rows, case_id=case_id)
    numbers = numbers_of([line.placed.place for line in lines])
    notices = notices_of(case_id)
    shows("session_notice", *(row.id for row in notices), case_id=case_id)
    said = explanations_of(case_id)
    shows("explanation", *(row.id for row in said), case_id=case_id)
    known = how_told(notices, starts(lines))
    return [
        page.shown(
            line,
            numbers.get(line.placed.place.id),
            now,
            attempts=attempts,
            inside=inside,
            told=known[line.placed.place.ref],
            said=counting(said),
        )
        for line in reversed(lines)
    ]
