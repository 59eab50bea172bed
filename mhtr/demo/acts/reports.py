"""An officer releases a compliance report on one man, and issues it again."""

import uuid

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.core.database import db
from mhtr.demo.world import Hand
from mhtr.probation.reports import schedule_service, service
from mhtr.probation.reports.files import FORMATS
from mhtr.probation.reports.making import report_of
from mhtr.probation.reports.models import ComplianceRelease
from mhtr.probation.reports.queries import issue_words
from mhtr.probation.reports.release_kinds import To
from mhtr.probation.reports.schedule_rules import Every
from mhtr.probation.reports.schedule_service import Wanted
from mhtr.probation.reports.service import Compiled, Recipient


def _compiled(hand: Hand, by: int, ending: str, issue: str = "") -> Compiled:
    viewer = viewer_of(db.session.get_one(Staff, by))
    report = report_of(viewer, [hand.case_id], one=True, issue=issue)
    return Compiled(report, [hand.case_id], True, ending, FORMATS[ending][1](report))


def released(hand: Hand, to: str, ending: str = "pdf", officer: str = "probation") -> uuid.UUID:
    """An officer releases a report on him and passes it on; the reference of the release."""
    by = hand.world.staff(officer)
    compiled = _compiled(hand, by, ending)
    return service.release(compiled=compiled, to=Recipient(To.PASSED, to), by=by).ref


def issued_again(hand: Hand, ref: uuid.UUID, why: str, officer: str = "probation") -> None:
    """An officer issues it again after something in it was put right."""
    by = hand.world.staff(officer)
    old = db.session.scalars(select(ComplianceRelease).where(ComplianceRelease.ref == ref)).one()
    compiled = _compiled(hand, by, old.format, issue_words(old))
    service.issue_again(replaces=ref, compiled=compiled, why=why, by=by)


def by_time(
    hand: Hand, every: Every, number: int, to: To, *, one: bool, officer: str = "probation"
) -> uuid.UUID:
    """An officer sets up a report on him, or on everybody of his; the reference of it."""
    wanted = Wanted(hand.case_id if one else None, every, number, "pdf", to)
    return schedule_service.set_up(wanted=wanted, by=hand.world.staff(officer)).ref


def not_by_time(hand: Hand, ref: uuid.UUID, officer: str = "probation") -> None:
    """An officer ends one."""
    schedule_service.end(ref=ref, by=hand.world.staff(officer))
