"""His officer hears that a report on treatment was sent, and that one took the place of another.

Whoever was given an earlier version hears of the newer one, also where he supervises him no longer
and may not read it any more.
"""

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.ending.report_models import ReportVersion
from mhtr.orders import unit_news
from mhtr.orders.cover_queries import concerned
from mhtr.orders.news_kinds import News
from mhtr.tasks import service as tasks

READ_THERE = "probation.treatment_end"
SENT = (
    "A report on the treatment of a man of yours is here. The law asks you to apply to the court."
)
ANEW = "A report on treatment that you were given was issued anew. The earlier one does not count."


def tell(case: Case, row: ReportVersion, *, by: int) -> None:
    """Let probation know of a version, once."""
    must_be_writing()
    hear = {staff.principal_id: READ_THERE for staff in concerned(case.id)}
    earlier = select(ReportVersion.to_staff_id).where(
        ReportVersion.report_id == row.report_id, ReportVersion.number < row.number
    )
    given = db.session.scalars(earlier).all()
    for staff_id in sorted({one for one in given if one is not None}):
        hear.setdefault(db.session.get_one(Staff, staff_id).principal_id, "")
    for principal_id, page in hear.items():
        tasks.tell(
            principal_id,
            key=f"treatment_report:{row.id}",
            text=SENT if row.number == 1 else ANEW,
            case_id=case.id,
            endpoint=page,
            subject_ref=case.ref if page else "",
        )
    unit_news.tell_unit(case, News.REPORT, by=by, about=str(row.id))
