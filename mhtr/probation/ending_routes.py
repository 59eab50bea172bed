"""The end of treatment, for his officer: what is finished, and what the law asks then."""

import uuid

from flask import render_template

from mhtr.accounts.gate import current_viewer
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core import clock
from mhtr.core.access import SUPERVISES, Purpose
from mhtr.ending import page, queries, report_page, report_queries
from mhtr.ending.finish_rules import FurtherAnswer
from mhtr.probation.blueprint import bp
from mhtr.web import navigation
from mhtr.web.gate import only
from mhtr.web.navigation import CaseGroup
from mhtr.web.reads import shows

navigation.add_case(
    CaseGroup.TREATMENT,
    60,
    "The end",
    "probation.treatment_end",
    Purpose.SUPERVISION,
    section=("probation.treatment_",),
    roles=SUPERVISES,
)


@bp.get("/cases/<uuid:case_ref>/treatment-end")
@only(*SUPERVISES)
def treatment_end(case_ref: uuid.UUID) -> str:
    """Whether his planned sessions are finished, and what the law asks of his officer then."""
    viewer = current_viewer()
    case = find_case(viewer, case_ref, Purpose.SUPERVISION)
    rows = queries.finished_rows(case.id)
    finished = queries.last_finished(case.id)
    shows("finished", *(row.id for row in rows), case_id=case.id)
    sent = report_queries.versions_of(case.id)
    shows("treatment_report_version", *(row.id for row in sent), case_id=case.id)
    told = queries.answer_on(finished) if finished is not None else None
    return render_template(
        "probation/treatment_end.html",
        record=record(viewer, case),
        case=case,
        finished=finished,
        history=[page.finish_line(row) for row in reversed(rows)],
        running=page.running(case.id, clock.today()),
        answer=page.answer_line(told) if told is not None else None,
        needed=told is not None and told.answer is FurtherAnswer.NEEDED,
        never_said=page.NEVER_SAID,
        ended_early=page.ended_early(case.id),
        ran_out=page.ran_out(case.id),
        reports=[one for one in report_page.report_lines(case.id) if one.versions],
    )
