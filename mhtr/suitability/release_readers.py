"""Who may read a report once it is released: its author and her court team, who are told."""

from sqlalchemy import or_, select

from mhtr.accounts.models import Staff, Team
from mhtr.cases.models import Case
from mhtr.core import access, clock
from mhtr.core.access import Grant, Purpose
from mhtr.core.database import db
from mhtr.suitability.models import ReportRelease, ReportRequest
from mhtr.tasks import service as tasks


def open_to_author(case: Case, request: ReportRequest, row: ReportRelease, by: int) -> None:
    """The author and her team may see it from now on, and are told."""
    principals = [db.session.get_one(Staff, request.author_id).principal_id]
    if request.team_id is not None:
        principals.append(db.session.get_one(Team, request.team_id).principal_id)
    what = "An addendum to a suitability report" if row.is_addendum else "A suitability report"
    for principal_id in principals:
        if not _may_see(case.id, principal_id):
            access.grant(
                case.id,
                Purpose.PRE_SENTENCE,
                principal_id,
                because="suitability.released",
                by=by,
            )
        tasks.tell(
            principal_id,
            key=f"released:{row.id}",
            text=f"{what} you asked for is released.",
            case_id=case.id,
            endpoint="suitability.report",
            subject_ref=case.ref,
        )


def _may_see(case_id: int, principal_id: int) -> bool:
    moment = clock.now()
    live = select(Grant.id).where(
        Grant.case_id == case_id,
        Grant.purpose == Purpose.PRE_SENTENCE,
        Grant.principal_id == principal_id,
        or_(Grant.ends_at.is_(None), Grant.ends_at > moment),
    )
    return db.session.scalars(live).first() is not None
