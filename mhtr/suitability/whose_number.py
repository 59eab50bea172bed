"""The answer to whose a CRN is: his, and it goes on his record; or another man's.

Then her request was put on the wrong man's case. She and her team lose that case at once, and the
request goes on, as she made it and with its date, on a case of its own.
"""

from datetime import timedelta

from sqlalchemy import select

from mhtr.cases import rules
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.core import access, audit, clock
from mhtr.core.access import Purpose
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from mhtr.people import service as people
from mhtr.people.identifiers import NhsNumberRange
from mhtr.people.rules import Accepts
from mhtr.suitability import (
    due_service,
    news,
    other_team,
    request_access,
    request_service,
    request_warnings,
    result_tasks,
)
from mhtr.suitability.asked import from_json
from mhtr.suitability.concerned import asker_of, assessing, current_request
from mhtr.suitability.models import ReportRequest
from mhtr.suitability.new_man import refer
from mhtr.suitability.number_task import (
    REQUEST,
    SAFE,
    man_of,
    number_key,
    number_waiting,
    told_with,
)
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import working_calendar
from mhtr.tasks.models import Task

BECAUSE = "suitability.another_man"
OURS_TOLD = "A request for a report was about another man of the same name. It left this case."
HERS_TOLD = (
    "A man you asked about was taken for another of the same name. Your request stands, with its "
    "date, on a case of its own."
)
_AT_ONCE = timedelta(minutes=1)


def it_is_his(*, case_id: int, by: int) -> None:
    """The number goes on his record.

    Raises:
        NotFound: nobody is asked.
        Refused: he has another number by now.
    """
    case, task = _open(case_id)
    people.update_person(
        person_id=case.person_id,
        changes={"crn": man_of(task).crn},
        settings=Accepts(nhs_numbers=NhsNumberRange.ANY),
        by=by,
        reason="Given by probation with a request for a report, and confirmed",
    )
    tasks.finish(task, by=by, outcome="his")
    audit.record("suitability.number_confirmed", by=by, case_id=case_id)


def it_is_anothers(*, case_id: int, by: int) -> int | None:
    """The number, and with it her request, is another man's. Returns his new case.

    None where the request it came with does not stand any more.

    Raises:
        NotFound: nobody is asked.
    """
    case, task = _open(case_id)
    man, said, person_ref = man_of(task), dict(told_with(task)), case.person.ref
    tasks.finish(task, by=by, outcome="another_man")
    audit.record("suitability.number_is_anothers", by=by, case_id=case_id)
    request = current_request(case_id)
    if request is None or request.id != said[REQUEST]:
        return None
    asked = from_json(request.details)
    new_id = refer(
        man, asked, safe=said[SAFE], by=by, author_id=request.author_id, not_he=person_ref
    )
    _take_away(case, request, by=by)
    _move_earlier(case, new_id)
    request_service.carry_over(request, case_id=new_id, by=by)
    _tell(case, request, new_id)
    _go_back(case, by=by)
    return new_id


def _open(case_id: int) -> tuple[Case, Task]:
    case = cases.lock(case_id)
    task = number_waiting(case_id)
    if task is None:
        raise NotFound
    return case, task


def _take_away(case: Case, request: ReportRequest, *, by: int) -> None:
    """Undo on this man's case what her request brought: access, due dates, facts, warnings."""
    access.end_grants(case.id, Purpose.PRE_SENTENCE, because=BECAUSE, by=by)
    for task in tasks.open_tasks(case.id, *due_service.FROM_THE_DATE):
        tasks.withdraw(task, by=by, because=BECAUSE)
    for fact in cases.facts_of(case.id):
        of_request = fact.detail.get("request") == request.id
        her_stage = fact.kind is FactKind.STAGE_RECORDED and fact.by_id == request.author_id
        if of_request or (her_stage and abs(fact.recorded_at - request.requested_at) < _AT_ONCE):
            detail = {"fact_id": fact.id}
            if rules.can(
                FactKind.CORRECTED, cases.facts_of(case.id), clock.today(), by_id=by, detail=detail
            ).allowed:
                cases.add_fact(case, FactKind.CORRECTED, by=by, detail=detail)
    request_warnings.take_back(case, from_json(request.details), request, by=by)
    case.report_due_on = None


def _move_earlier(case: Case, new_id: int) -> None:
    """Earlier requests that came to this case with a number go with it, superseded as they are."""
    keys = set(db.session.scalars(select(Task.key).where(Task.case_id == case.id)))
    others = select(ReportRequest).where(ReportRequest.case_id == case.id)
    for earlier in db.session.scalars(others):
        if number_key(earlier.id) in keys:
            earlier.case_id = new_id
    db.session.flush()


def _tell(case: Case, request: ReportRequest, new_id: int) -> None:
    key = f"anothers:{request.id}:{case.id}"
    news.tell(assessing(case).principal_id, case, key, OURS_TOLD)
    news.tell(asker_of(request).principal_id, db.session.get_one(Case, new_id), key, HERS_TOLD)


def _go_back(case: Case, *, by: int) -> None:
    """An earlier request on this case stands again, if there is one."""
    earlier = current_request(case.id)
    if earlier is None:
        result_tasks.keep(case, None, by=by)
        other_team.follow_nobody(case.id, by=by)
        return
    other_team.follow_holder(earlier, by=by)
    request_access.let_in(earlier, by=by)
    asked = from_json(earlier.details)
    due = due_service.work_out(case, earlier, asked, working_calendar())
    due_service.keep_tasks(case, earlier, due, by=by)
