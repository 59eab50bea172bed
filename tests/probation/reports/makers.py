"""Compliance reports that leave, for tests: through the pages as somebody does it."""

import json
from typing import Any

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.probation.reports import schedule_service, service
from mhtr.probation.reports.files import FORMATS
from mhtr.probation.reports.making import report_of
from mhtr.probation.reports.models import ComplianceRelease
from mhtr.probation.reports.queries import issue_words
from mhtr.probation.reports.release_kinds import To
from mhtr.probation.reports.schedule_models import ComplianceSchedule
from mhtr.probation.reports.schedule_rules import Every
from mhtr.probation.reports.schedule_service import Wanted
from mhtr.probation.reports.service import Compiled, Recipient
from tests.pages import PageClient
from tests.sessions.seen import Treated
from tests.suitability.browsing import send

MYSELF = Recipient(To.MYSELF)


def taken(client: PageClient, where: str, ending: str = "json", query: str = "") -> Any:
    """The answer with the file of a report, released to whoever asks."""
    path = f"{where}/release{query}"
    answer = send(client, path, client.page(path), format=ending, to="myself")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return client.get(f"{answer.location}/file")


def said(client: PageClient, where: str, query: str = "") -> Any:
    """What a report says, for another program."""
    return json.loads(taken(client, where, query=query).data)


def compiled(by: Staff, *men: Treated, ending: str = "json", one: bool = True) -> Compiled:
    """A report as it would be made now."""
    ids = [man.case.id for man in men]
    report = report_of(viewer_of(by), ids, one=one)
    return Compiled(report, ids, one, ending, FORMATS[ending][1](report))


def released(man: Treated, to: Recipient = MYSELF, *, by: Staff | None = None) -> ComplianceRelease:
    """A report on one man leaves."""
    staff = by or man.world.officer
    ready, staff_id = compiled(staff, man), staff.id
    db.session.rollback()
    with writing():
        return service.release(compiled=ready, to=to, by=staff_id)


def again(man: Treated, old: ComplianceRelease, by: Staff | None = None) -> ComplianceRelease:
    """A later version leaves."""
    staff = by or man.world.officer
    ready = compiled(staff, man)
    report = report_of(viewer_of(staff), [man.case.id], one=True, issue=issue_words(old))
    ready = Compiled(report, ready.case_ids, True, "json", FORMATS["json"][1](report))
    ref, staff_id = old.ref, staff.id
    db.session.rollback()
    with writing():
        return service.issue_again(replaces=ref, compiled=ready, why="Put right", by=staff_id)


def releases() -> list[ComplianceRelease]:
    """All that left, the first one first."""
    return list(db.session.scalars(select(ComplianceRelease).order_by(ComplianceRelease.id)))


def weekly(
    man: Treated, to: To = To.MYSELF, *, weekday: int = 0, by: Staff | None = None, **more: Any
) -> ComplianceSchedule:
    """A report on him is set up for a day of each week."""
    said = {"every": Every.WEEK, "number": weekday, "format": "json", "to": to, **more}
    staff_id, case_id = (by or man.world.officer).id, said.pop("case_id", man.case.id)
    with writing():
        return schedule_service.set_up(wanted=Wanted(case_id, **said), by=staff_id)
