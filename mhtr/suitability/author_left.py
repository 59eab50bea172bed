"""What a court team asked for stays its own when the author of the request cannot go on.

She left, has another role or place of work, or is shut out of the record. Her team is told of each
request, finds it on Today and hands it to a colleague; where she had no team, or the last of it
leaves or it is closed, whoever assesses is told. A report that was put before a clinical lead who
left is before every lead again.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import exists, select

from mhtr.accounts import listeners as account_listeners
from mhtr.accounts.models import TeamMembership
from mhtr.cases import listeners
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.cases.standing import BEFORE_SENTENCE
from mhtr.core import audit
from mhtr.core.database import db
from mhtr.suitability import news
from mhtr.suitability.concerned import asker_of, assessing, current_request, nobody_reads
from mhtr.suitability.models import (
    Assessment,
    CountersignDecision,
    CountersignRequest,
    ReportRequest,
)
from mhtr.tasks import rehoming
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Task, TaskKind

YOURS = "Whoever asked for a report cannot go on with it. It is your team's: hand it to somebody."
NOBODYS = (
    "Nobody at probation can go on with a request for a report any more: whoever asked cannot, and "
    "no court team has it. Its page says what to do."
)


def _left(staff_id: int, _organisation_id: int, by: int | None) -> None:
    asked = select(ReportRequest.case_id).join(Case, Case.id == ReportRequest.case_id)
    live = Case.state.in_(sorted(BEFORE_SENTENCE))
    query = asked.where(ReportRequest.author_id == staff_id, live).distinct()
    for case_id in db.session.scalars(query.order_by(ReportRequest.case_id)).all():
        _hers(case_id, staff_id)
    # She may have been the last of a team that reads for a colleague who left before her.
    mine = select(TeamMembership.team_id).where(TeamMembership.staff_id == staff_id)
    for case_id in _with_team(db.session.scalars(mine).all()):
        _without_readers(case_id)
    _before_any_lead(_put_before(staff_id), by)


def _fewer(case_id: int, by: int | None, shut_out: int | None) -> None:
    if shut_out is not None:
        _hers(case_id, shut_out)
        _before_any_lead(_put_before(shut_out, case_id), by)


def _hers(case_id: int, staff_id: int) -> None:
    """Tell whose it is now, unless she can go on with it."""
    case, request = cases.lock(case_id), current_request(case_id)
    if request is None or request.author_id != staff_id or case.state not in BEFORE_SENTENCE:
        return
    key = f"author_left:{request.id}:{request.version}"
    asker = asker_of(request)
    if nobody_reads(request):
        _nobodys(case, request)
    elif asker.staff_id is None:
        news.tell(asker.principal_id, case, key, YOURS)


def _nobodys(case: Case, request: ReportRequest) -> None:
    """The service hears that nobody at probation acts on what it says: it can ask who has him."""
    tasks.tell(
        assessing(case).principal_id,
        key=f"nobody_reads:{request.id}:{request.version}",
        text=NOBODYS,
        case_id=case.id,
        endpoint="suitability.request_page",
        subject_ref=case.ref,
    )


def _team_closed(team_id: int, _by: int | None) -> None:
    for case_id in _with_team([team_id]):
        _without_readers(case_id)


def _with_team(team_ids: Collection[int]) -> Sequence[int]:
    """Cases before sentence on which one of these court teams asked for a report."""
    live = Case.state.in_(sorted(BEFORE_SENTENCE))
    query = select(ReportRequest.case_id).join(Case, Case.id == ReportRequest.case_id)
    query = query.where(ReportRequest.team_id.in_(team_ids), live).distinct()
    return db.session.scalars(query.order_by(ReportRequest.case_id)).all()


def _without_readers(case_id: int) -> None:
    case, request = cases.lock(case_id), current_request(case_id)
    if request is not None and case.state in BEFORE_SENTENCE and nobody_reads(request):
        _nobodys(case, request)


def _put_before(staff_id: int, case_id: int | None = None) -> Sequence[CountersignRequest]:
    """Reports put before this lead that wait for a decision."""
    query = (
        select(CountersignRequest)
        .join(Assessment, Assessment.id == CountersignRequest.assessment_id)
        .where(
            CountersignRequest.lead_id == staff_id,
            CountersignRequest.withdrawn_at.is_(None),
            ~exists().where(CountersignDecision.request_id == CountersignRequest.id),
        )
    )
    if case_id is not None:
        query = query.where(Assessment.case_id == case_id)
    return db.session.scalars(query.order_by(CountersignRequest.id)).all()


def _before_any_lead(rows: Sequence[CountersignRequest], by: int | None) -> None:
    """Where its task is not his any more, it is before every lead of the trust."""
    for row in rows:
        case_id = db.session.get_one(Assessment, row.assessment_id).case_id
        waiting = tasks.open_tasks(case_id, TaskKind.COUNTERSIGN)
        if not any(task.owner_staff_id == row.lead_id for task in waiting):
            row.lead_id = None
            audit.record("suitability.lead_changed", by=by, case_id=case_id, request=row.id)


def _owner_of(task: Task) -> tuple[int, int | None]:
    """Whose question about dates it is now."""
    case_id = task.case_id or 0
    request = current_request(case_id)
    owner = asker_of(request) if request is not None else assessing(cases.lock(case_id))
    return owner.principal_id, owner.staff_id


account_listeners.staff_left.append(_left)
account_listeners.team_closed.append(_team_closed)
listeners.readers_changed.append(_fewer)
rehoming.next_owner_of[TaskKind.ANSWER_DATE] = _owner_of
