"""Another team asks for a report that somebody has already: a question, never a taking over.

What a court team asked for, or a report that was released to it, stays with it until its author,
her team or an administrator of the trust hands it over (`take_over`). Until then nothing of the
request is on the case: its court, trust, dates and warnings stay as they are.
"""

from dataclasses import asdict
from datetime import date

from sqlalchemy import select

from mhtr.accounts.models import Organisation, Staff, Team
from mhtr.cases import listeners
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.cases.standing import RESULTS
from mhtr.core import audit, clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.intake import queries
from mhtr.suitability.asked import Asked, DateAnswer, Man, from_json, to_json
from mhtr.suitability.concerned import asker_of, assessing, court_team, last_request
from mhtr.suitability.models import ReportRequest, TakeOverAnswer, TakeOverQuestion
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import end_of_day, working_calendar
from mhtr.tasks.models import Task, TaskKind, TaskState

PAGE = "suitability.take_over"
LIST = "suitability.requests"
HELD = (
    "Another team has asked for this man’s report. They and the service have to hand it over: "
    "ask them through “Ask for a report”."
)
ENDED = (
    "A report you asked another team for was not handed over in time. Ask again if you still need "
    "it."
)


def holder(case_id: int) -> ReportRequest | None:
    """The request that holds the report against other teams: it stands, or a report went out."""
    last = last_request(case_id)
    if last is None:
        return None
    withdrawn = last.date_answer == DateAnswer.WITHDRAWS
    return None if withdrawn and not was_released(case_id) else last


def was_released(case_id: int) -> bool:
    """Whether a report on this case has gone out."""
    return any(fact.kind is FactKind.RELEASED for fact in cases.facts_of(case_id))


def is_of_its_team(request: ReportRequest, staff: Staff) -> bool:
    """Whether she asked for it herself or is of the court team that did."""
    mine = {m.team_id for m in staff.memberships if m.team.closed_on is None}
    return request.author_id == staff.id or request.team_id in mine


def may_answer(request: ReportRequest | None, staff: Staff) -> bool:
    """Who hands over or declines: the author, her team, an administrator who has the case."""
    if any(role.role is Role.ADMINISTRATOR for role in staff.roles):
        return True
    return request is not None and is_of_its_team(request, staff)


def put_question(
    case: Case, held: ReportRequest, asked: Asked, man: Man | None, *, safe: bool, by: int
) -> TakeOverQuestion:
    """Ask whoever has the report. She is told that another team has it, and nothing else."""
    must_be_writing()
    cases.require(case, FactKind.SUITABILITY_REQUESTED, by=by)
    asker = db.session.get_one(Staff, by)
    replace_earlier(case.id, by=by)
    named = {**asdict(man), "born": man.born.isoformat()} if man else None
    question = TakeOverQuestion(
        case_id=case.id,
        asker_id=by,
        team_id=court_team(asker, asked.court_code),
        details={"asked": to_json(asked), "man": named, "safe": safe, "name": _name(case, man)},
    )
    db.session.add(question)
    db.session.flush()
    _open_tasks(case, held, question, by=by)
    text = f"{who(question)} asks for the report that you asked for. Hand it over, or say why not."
    tasks.tell(
        asker_of(held).principal_id,
        key=f"take_over:{question.id}",
        text=text,
        case_id=case.id,
        endpoint=PAGE,
        subject_ref=case.ref,
    )
    audit.record("suitability.take_over_asked", by=by, case_id=case.id, question=question.id)
    return question


def _name(case: Case, man: Man | None) -> str:
    return f"{man.given_name} {man.family_name}" if man else case.person.name


def _open_tasks(case: Case, held: ReportRequest, question: TakeOverQuestion, *, by: int) -> None:
    """For the team that has it, and for the trust, so that no hearing waits for one person."""
    referral = queries.referral_of(case.id)
    trust = referral and queries.organisation_principal(referral.trust_id)
    owners = {
        "team": _owner(held),
        "trust": (trust or assessing(case).principal_id, None),
    }
    for side, (principal_id, staff_id) in owners.items():
        tasks.open_task(
            TaskKind.TAKE_OVER,
            key=_key(question, side),
            title="Another team asks for a report: hand it over or decline",
            owner_principal_id=principal_id,
            owner_staff_id=staff_id,
            due_at=end_of_day(working_calendar().add(clock.today(), 0)),
            by=by,
            case_id=case.id,
            endpoint=PAGE,
            subject_ref=case.ref,
        )


def _owner(held: ReportRequest) -> tuple[int, int | None]:
    if held.team_id is not None:
        return db.session.get_one(Team, held.team_id).principal_id, None
    author = db.session.get_one(Staff, held.author_id)
    return author.principal_id, author.id


def _key(question: TakeOverQuestion, side: str) -> str:
    return f"take_over:{question.id}:{side}"


def open_questions(case_id: int) -> list[TakeOverQuestion]:
    """Questions on a case that nobody has answered, the oldest first."""
    query = select(TakeOverQuestion).where(
        TakeOverQuestion.case_id == case_id, TakeOverQuestion.answer == ""
    )
    return list(db.session.scalars(query.order_by(TakeOverQuestion.id)))


def replace_earlier(case_id: int, *, by: int) -> None:
    """She asks again, or otherwise: what she asked before about this case waits no longer."""
    for earlier in open_questions(case_id):
        if earlier.asker_id == by:
            close(earlier, TakeOverAnswer.REPLACED, by=by)


def questions_of(staff_id: int) -> list[TakeOverQuestion]:
    """What she asked other teams for and has not got: still open, or declined; newest first."""
    query = select(TakeOverQuestion).where(
        TakeOverQuestion.asker_id == staff_id,
        TakeOverQuestion.answer.in_(("", TakeOverAnswer.DECLINED.value)),
    )
    return list(db.session.scalars(query.order_by(TakeOverQuestion.id.desc()).limit(10)))


def close(
    question: TakeOverQuestion, answer: TakeOverAnswer, *, by: int | None, reason: str = ""
) -> None:
    """Record the answer; both tasks end with it."""
    question.answer, question.reason = answer.value, reason or None
    question.answered_at, question.answered_by = clock.now(), by
    for task in _tasks_of(question):
        tasks.finish(task, by=by, outcome=answer.value)


def _tasks_of(question: TakeOverQuestion) -> list[Task]:
    keys = [_key(question, side) for side in ("team", "trust")]
    query = select(Task).where(Task.key.in_(keys), Task.state == TaskState.OPEN)
    return list(db.session.scalars(query))


def follow_holder(request: ReportRequest, *, by: int) -> None:
    """The report changed hands: what other teams ask is for whoever has it now to answer."""
    principal_id, staff_id = _owner(request)
    for question in open_questions(request.case_id):
        for task in _tasks_of(question):
            if task.key == _key(question, "team"):
                tasks.hand_over(task, to_principal_id=principal_id, to_staff_id=staff_id, by=by)


def follow_nobody(case_id: int, *, by: int) -> None:
    """No team has a request any more: what others ask is for the trust to answer, and waits there.

    Unless a report went out: then whoever has it still answers.
    """
    if holder(case_id) is not None:
        return
    for question in open_questions(case_id):
        for task in _tasks_of(question):
            if task.key == _key(question, "team"):
                tasks.withdraw(task, by=by, because="suitability.request_withdrawn")


def who(question: TakeOverQuestion) -> str:
    """Who asks, with her team; without one, where she works."""
    asker = db.session.get_one(Staff, question.asker_id)
    if question.team_id is not None:
        return f"{asker.name} ({db.session.get_one(Team, question.team_id).name})"
    home = db.session.get_one(Organisation, asker.organisation_id)
    return f"{asker.name} ({home.name}, in no court team)"


def asked_of(question: TakeOverQuestion) -> Asked:
    """Her request as she filled it in."""
    return from_json(question.details["asked"])


def man_of(question: TakeOverQuestion) -> Man | None:
    """The man as she named him; None where she asked on a case she had."""
    said = question.details["man"]
    return Man(**{**said, "born": date.fromisoformat(said["born"])}) if said else None


def follow(case_id: int, kind: FactKind, by: int | None) -> None:
    """Nothing is left to hand over once the case closed or the court decided."""
    if kind not in {FactKind.CLOSED, *RESULTS}:
        return
    for question in open_questions(case_id):
        close(question, TakeOverAnswer.ENDED, by=by)
        asker = db.session.get_one(Staff, question.asker_id)
        tasks.tell(
            asker.principal_id, key=f"take_over_ended:{question.id}", text=ENDED, endpoint=LIST
        )


listeners.fact_added.append(follow)
