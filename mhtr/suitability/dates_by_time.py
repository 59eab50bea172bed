"""What the day alone does to the dates of reports, though nobody did anything. Run by a job."""

from datetime import datetime

from sqlalchemy import and_, or_, select

from mhtr.cases import service as cases
from mhtr.cases.facts import ReportProgress
from mhtr.cases.models import Case
from mhtr.cases.standing import BEFORE_SENTENCE
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.suitability import due_service, late_report
from mhtr.suitability.concerned import current_request
from mhtr.suitability.who_writes import UNWRITTEN
from mhtr.tasks.models import Leave


def look(now: datetime) -> int:
    """Ask the author of each report that cannot be ready in time any more, and see that somebody
    at work sees to it; returns how many changed.

    That is: overdue, due today with nobody to write it, or leave over all the days left. Runs
    inside the caller's write transaction; a second run changes nothing.
    """
    must_be_writing()
    today = now.astimezone(clock.LONDON).date()
    away = select(Leave.id).where(
        Leave.staff_id == Case.assessor_id,
        Leave.first_day <= Case.report_due_on,
        Leave.last_day >= today,
    )
    query = select(Case.id).where(
        Case.report_due_on.is_not(None),
        Case.state.in_(sorted(BEFORE_SENTENCE)),
        Case.paused.is_(False),
        Case.progress != ReportProgress.RELEASED,
        or_(
            Case.report_due_on < today,
            and_(Case.report_due_on == today, Case.assessor_id.is_(None)),
            and_(Case.progress.in_(sorted(UNWRITTEN)), away.exists()),
        ),
    )
    changed = 0
    for case_id in db.session.scalars(query.order_by(Case.id)).all():
        case, request = cases.lock(case_id), current_request(case_id)
        if request is not None and case.report_due_on is not None and due_service.to_come(case):
            changed += due_service.by_time(case, request)
    return changed + late_report.escalate(now)
