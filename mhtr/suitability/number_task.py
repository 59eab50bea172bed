"""The question whether a CRN that came with a request for a report is his.

The man was found by name, birth date, court and day. Until somebody has confirmed the number it is
on nobody's record and shown as nobody's: it is kept with the task.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from mhtr.cases.models import Case
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.intake import queries
from mhtr.people.queries import crn_of
from mhtr.suitability import news
from mhtr.suitability.asked import Man
from mhtr.suitability.concerned import assessing
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Task, TaskKind, TaskState

CRN, REQUEST, SAFE = "crn", "request", "safe"
FOUND_BY_NAME = (
    "Probation gave a CRN with a request for a report. The man was found by name, birth date and "
    "hearing: check that it is he."
)


def number_key(request_id: int) -> str:
    """Which task asks about the number that came with a request."""
    return f"number:{request_id}"


def number_waiting(case_id: int) -> Task | None:
    """The open question about the number that came with a request on this case."""
    found = select(Task).where(
        Task.case_id == case_id, Task.key.startswith("number:"), Task.state == TaskState.OPEN
    )
    return db.session.scalars(found.order_by(Task.id.desc())).first()


def ask_whose(case: Case, man: Man, request_id: int, *, safe: bool, by: int) -> None:
    """Ask the service to confirm that the CRN she gave is his, where his record has none."""
    must_be_writing()
    if crn_of(case.person):
        return
    earlier = number_waiting(case.id)
    if earlier is not None:
        tasks.withdraw(earlier, by=by, because="suitability.superseded")
    referral = queries.referral_of(case.id)
    trust = referral and queries.organisation_principal(referral.trust_id)
    task = tasks.open_task(
        TaskKind.IDENTITY_QUESTION,
        key=number_key(request_id),
        title="Confirm that a number is his",
        owner_principal_id=trust or assessing(case).principal_id,
        due_at=queries.due_in(1),
        by=by,
        case_id=case.id,
        endpoint="suitability.whose_number",
        subject_ref=case.ref,
    )
    named = {"given_name": man.given_name, "family_name": man.family_name}
    task.about = {CRN: man.crn, **named, "born": man.born.isoformat()}
    task.about |= {REQUEST: request_id, SAFE: safe}
    news.tell(assessing(case).principal_id, case, number_key(request_id), FOUND_BY_NAME)


def told_with(task: Task) -> Mapping[str, Any]:
    """What the task keeps: the number, his name and birth date, the request it came with."""
    said: Mapping[str, Any] = task.about or {}
    return said


def man_of(task: Task) -> Man:
    """The man she named."""
    said = told_with(task)
    born = date.fromisoformat(said["born"])
    return Man(said[CRN], said["given_name"], said["family_name"], born)
