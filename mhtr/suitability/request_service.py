"""A PSR author asks for a report, answers about its date, and hands her request to a colleague."""

from collections.abc import Sequence
from datetime import date

from mhtr.accounts.models import Staff
from mhtr.cases import hearings
from mhtr.cases import service as cases
from mhtr.cases.facts import AFTER_PLEA_OR_FINDING, FactKind, ReportProgress
from mhtr.cases.models import Case
from mhtr.core import audit, clock
from mhtr.core.access import Role
from mhtr.core.codes.lists import load
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import must_be_writing
from mhtr.intake import another_case, chasing, resting
from mhtr.intake.transfer import require_said
from mhtr.suitability import (
    due_service,
    news,
    other_team,
    release_readers,
    report_work,
    request_access,
    request_warnings,
)
from mhtr.suitability.asked import PLEA_STAGES, Asked, Man, from_json, to_json
from mhtr.suitability.concerned import court_team, current_request, members
from mhtr.suitability.date_answering import standing_request
from mhtr.suitability.deadlines import Due, PsrType
from mhtr.suitability.models import ReportRequest, TakeOverQuestion
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import working_calendar
from mhtr.tasks.models import TaskKind


def ask(*, case_id: int, asked: Asked, by: int, to_trust: int | None = None) -> ReportRequest:
    """Ask for a report on a case; a later request supersedes an earlier one.

    She and her court team may see the case for the pre-sentence purpose by this fact.

    Args:
        to_trust: another trust to which her court date takes the case, where she was shown it.

    Raises:
        GoesElsewhere: it would go to a trust that was not named to her.
        Refused: the case is closed, paused, sentenced, or before plea and finding.
    """
    must_be_writing()
    case, author = cases.lock(case_id), db.session.get_one(Staff, by)
    held = other_team.holder(case_id)
    if held is not None and not other_team.is_of_its_team(held, author):
        raise Refused(other_team.HELD)
    if current_request(case_id) is not None and case.court_code not in ("", asked.court_code):
        raise Refused(_other_court(case))
    return take_up(case=case, asked=asked, author_id=by, by=by, to_trust=to_trust)


def _other_court(case: Case) -> str:
    court = load("courts").get(case.court_code)
    return (
        f"On record his hearing is at {court.label if court else case.court_code}. If it moved to "
        "another court, record that on the case’s hearing page first: the service that covers that "
        "court may be another."
    )


def ask_or_question(
    *,
    case_id: int,
    asked: Asked,
    by: int,
    man: Man | None = None,
    safe: bool = True,
    to_trust: int | None = None,
) -> ReportRequest | TakeOverQuestion:
    """Ask for a report on a case; where another team has one, ask whoever has it.

    Raises:
        Refused: as `ask`.
    """
    must_be_writing()
    case, held = cases.lock(case_id), other_team.holder(case_id)
    if held is None or other_team.is_of_its_team(held, db.session.get_one(Staff, by)):
        return ask(case_id=case_id, asked=asked, by=by, to_trust=to_trust)
    return other_team.put_question(case, held, asked, man, safe=safe, by=by)


def take_up(
    *, case: Case, asked: Asked, author_id: int, by: int, to_trust: int | None = None
) -> ReportRequest:
    """Her request stands from now on, in place of any other. `case` is locked.

    Raises:
        GoesElsewhere, Refused: as `ask`.
    """
    require_said(case, asked.court_code, asked.hearing_on or case.hearing_on, to_trust)
    author = db.session.get_one(Staff, author_id)
    if case.stage not in AFTER_PLEA_OR_FINDING:
        stage = {"stage": PLEA_STAGES[asked.plea].value, resting.TOLD_WITH_IT: True}
        cases.require(case, FactKind.STAGE_RECORDED, by=by, detail=stage)
        cases.add_fact(case, FactKind.STAGE_RECORDED, by=by, detail=stage)
    cases.require(case, FactKind.SUITABILITY_REQUESTED, by=by)
    earlier = request_access.asked_before(case.id)
    request, due = _save(case, asked, author)
    _begin(case, request, due, asked, by=by)
    request_access.end_former(request, earlier, by=by)
    return request


def carry_over(request: ReportRequest, *, case_id: int, by: int) -> None:
    """Put a request on the case of the man it is about: what she asked, and when, stands.

    Raises:
        Refused: as `ask`.
    """
    must_be_writing()
    case = cases.lock(case_id)
    cases.require(case, FactKind.SUITABILITY_REQUESTED, by=by)
    request.case_id = case.id
    request.version += 1
    db.session.flush()
    asked = from_json(request.details)
    due = due_service.work_out(case, request, asked, working_calendar())
    _begin(case, request, due, asked, by=by)


def _begin(case: Case, request: ReportRequest, due: Due, asked: Asked, *, by: int) -> None:
    """What follows from a request: who may see the case, what is due, and who is told."""
    author = db.session.get_one(Staff, request.author_id)
    cases.add_fact(
        case, FactKind.SUITABILITY_REQUESTED, by=by, detail={"request": request.id, "due": due.on}
    )
    request_access.let_in(request, by=by)
    due_service.keep_tasks(case, request, due, by=by)
    report_work.go_on(case, by=by)
    request_warnings.keep(case, asked, by=by)
    another_case.asked_about(case, by=by)
    chasing.chase(case.id, by=by)
    if case.progress is ReportProgress.RELEASED:
        report_work.ask_addendum(case, request, by=by)
        audit.record("suitability.requested", by=by, case_id=case.id, request=request.id)
        return
    for principal_id in news.report_people(case, request) - {author.principal_id}:
        news.tell(
            principal_id,
            case,
            f"requested:{request.id}:{case.id}",
            f"A suitability report is asked for, due on {due.on:%A} {due.on.day} {due.on:%B %Y}.",
        )
    audit.record("suitability.requested", by=by, case_id=case.id, request=request.id)


def _save(case: Case, asked: Asked, author: Staff) -> tuple[ReportRequest, Due]:
    """Store the request in place of an earlier one, with its due date, then the court date.

    The request comes first: the court date's listeners find it worked out and tell nobody twice.
    """
    for task in tasks.open_tasks(case.id, *due_service.FROM_THE_DATE):
        tasks.withdraw(task, by=author.id, because="suitability.superseded")
    known = hearings.current(case.id)
    told = asked.psr_type is not PsrType.NOT_KNOWN
    recorded = known.psr_kind if known and known.psr_kind else PsrType.NOT_KNOWN.value
    kind = asked.psr_type.value if told else recorded
    request = ReportRequest(
        case_id=case.id,
        author_id=author.id,
        team_id=court_team(author, asked.court_code),
        requested_at=clock.now(),
        psr_type=kind,
        psr_filed_on=asked.psr_filed_on,
        asked_for_on=asked.asked_for_on,
        due_on=clock.today(),
        due_reasons=[],
        details=to_json(asked),
    )
    db.session.add(request)
    db.session.flush()
    hearing_on = heard_on(case, asked)
    case.court_code, case.hearing_on = asked.court_code, hearing_on
    due = due_service.work_out(case, request, asked, working_calendar())
    said = kind if told else ""
    hearing = hearings.record_hearing(
        case, court_code=asked.court_code, on=hearing_on, by=author.id, psr_kind=said
    )
    hearing.psr_kind = said or hearing.psr_kind
    return request, due


def heard_on(case: Case, asked: Asked) -> date | None:
    """The hearing she names; else the one on record. A date of one court is none of another's."""
    same_court = case.court_code in ("", asked.court_code)
    return asked.hearing_on or (case.hearing_on if same_court else None)


def reallocate(*, request_ids: Sequence[int], to_staff_id: int, by: int) -> int:
    """Hand requests to another member of the court team; returns how many changed hands.

    The author or any member of her court team may; a senior also to another team of her own.
    Whoever had the request loses what she held by name; what the team holds stays.

    Raises:
        Refused: the new author is not one who may take it, or `by` may not hand it over.
    """
    must_be_writing()
    giver, taker = db.session.get_one(Staff, by), db.session.get_one(Staff, to_staff_id)
    return sum(_hand_over(request_id, giver, taker) for request_id in sorted(set(request_ids)))


def _hand_over(request_id: int, giver: Staff, taker: Staff) -> bool:
    request, case = standing_request(request_id)
    if request.author_id == taker.id:
        return False
    before = db.session.get_one(Staff, request.author_id)
    old_team, new_team = request.team_id, _new_team(request, giver, taker)
    request_access.move(case.id, before, old_team, taker, new_team, by=giver.id)
    request.author_id, request.team_id = taker.id, new_team
    request.version += 1
    release_readers.note_later(request, by=giver.id)
    other_team.follow_holder(request, by=giver.id)
    for task in tasks.open_tasks(case.id, TaskKind.ANSWER_DATE, TaskKind.RESULT_AWAITED):
        if task.owner_staff_id == before.id:
            tasks.hand_over(
                task, to_principal_id=taker.principal_id, to_staff_id=taker.id, by=giver.id
            )
    key = f"reallocated:{request.id}:{request.version}"
    news.tell(taker.principal_id, case, key, "A report request was handed to you.")
    tasks.tell(
        before.principal_id, key=key, text=f"One of your report requests is now {taker.name}'s."
    )
    audit.record(
        "suitability.reallocated",
        by=giver.id,
        case_id=case.id,
        request=request.id,
        to=taker.id,
    )
    return True


def _new_team(request: ReportRequest, giver: Staff, taker: Staff) -> int:
    """The team the request is with afterwards.

    Raises:
        Refused: this member of staff may not give it, or that one may not take it.
    """
    givers = {m.team_id for m in giver.memberships}
    if request.author_id != giver.id and request.team_id not in givers:
        raise Refused("Only the author and her court team can hand a request over.")
    senior = any(role.role is Role.SENIOR_PROBATION for role in giver.roles)
    teams = [] if request.team_id is None else [request.team_id]
    # What is asked for by a team that is closed now can leave it; nothing goes to one.
    still = {m.team_id for m in giver.memberships if m.team.closed_on is None}
    teams += sorted(still - set(teams)) if senior else []
    for team_id in teams:
        if taker.id in {staff.id for staff in members([team_id])}:
            return team_id
    raise Refused(f"{taker.name} is not in the court team.")
