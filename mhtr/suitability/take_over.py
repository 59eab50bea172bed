"""The answer to another team's request: handed over, or declined with a reason that she reads."""

import uuid

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases import access_service
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.core import audit
from mhtr.core.access import PROBATION_ROLES
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.name_text import is_seen
from mhtr.core.transaction import must_be_writing
from mhtr.people.queries import crn_of
from mhtr.suitability import news, other_team, request_service
from mhtr.suitability.asked import Man
from mhtr.suitability.models import ReportRequest, TakeOverAnswer, TakeOverQuestion
from mhtr.suitability.new_man import refer
from mhtr.suitability.number_task import ask_whose
from mhtr.suitability.other_team import LIST, asked_of, holder, man_of, who
from mhtr.tasks import service as tasks

ANSWERED = "Somebody has answered this already."
NOT_NAMED = (
    "His record says too little to make a case of it. Decline, and say that whoever asks can ask "
    "about him by CRN, name and date of birth."
)
NOT_ABLE = "Whoever asked cannot have the report any more. Decline: a colleague can ask anew."


def hand_over(
    *, case_id: int, question_ref: uuid.UUID, by: int, to_trust: int | None = None
) -> ReportRequest:
    """Her request takes the place of the one that stands, as she made it, from now on.

    Args:
        case_id: the case that the answerer has opened: a question of no other counts.
        to_trust: another trust to which her court date takes the case, where it was shown.

    Raises:
        NotFound: no such question on this case.
        GoesElsewhere: her court date takes the case to a trust that was not named.
        Refused: answered already, not this person's to answer, whoever asks can have it no more,
            or no report can be asked for now.
    """
    question, case = _for_her(case_id, question_ref, by)
    other_team.close(question, TakeOverAnswer.HANDED_OVER, by=by)
    request = request_service.take_up(
        case=case,
        asked=asked_of(question),
        author_id=question.asker_id,
        by=by,
        to_trust=to_trust,
    )
    man = man_of(question)
    if man is not None:
        ask_whose(case, man, request.id, safe=bool(question.details["safe"]), by=by)
    other_team.follow_holder(request, by=by)
    _tell(case, question, request, by=by)
    audit.record(
        "suitability.taken_over",
        by=by,
        case_id=case.id,
        question=question.id,
        request=request.id,
        to=question.asker_id,
    )
    return request


def other_prosecution(*, case_id: int, question_ref: uuid.UUID, by: int) -> ReportRequest:
    """It is another prosecution of the same man: her request is a case of its own from now on.

    He is referred as she would refer him: where her court is another trust's, a record of the one
    that has him is not opened there (`whose_record`), and both are asked whether he is one man.

    Raises:
        NotFound: no such question on this case.
        Refused: answered already, not this person's to answer, whoever asks can have it no more,
            or his record says too little to refer him.
    """
    question, case = _for_her(case_id, question_ref, by)
    man, safe = man_of(question) or man_on_record(case), bool(question.details["safe"])
    asked, asker_id = asked_of(question), question.asker_id
    other_team.close(question, TakeOverAnswer.OTHER_PROSECUTION, by=by)
    new_id = refer(man, asked, safe=safe, by=by, author_id=asker_id, may_be=case.person.ref)
    request = request_service.take_up(
        case=cases.lock(new_id), asked=asked, author_id=asker_id, by=by
    )
    news.tell(
        db.session.get_one(Staff, asker_id).principal_id,
        db.session.get_one(Case, new_id),
        f"other_prosecution:{question.id}",
        "The report another team asked for is about another prosecution. Yours is a request of "
        "its own now.",
    )
    audit.record(
        "suitability.other_prosecution",
        by=by,
        case_id=case_id,
        question=question.id,
        request=request.id,
    )
    return request


def man_on_record(case: Case) -> Man:
    """Whom she asked about where she asked on a case she had, without naming him."""
    person = case.person
    crn = crn_of(person)
    if not crn or person.born is None:
        raise Refused(NOT_NAMED)
    return Man(crn, person.given_name, person.family_name, person.born)


def decline(*, case_id: int, question_ref: uuid.UUID, reason: str, by: int) -> None:
    """Everything stays with whoever has it; she reads the reason and nothing of the case.

    Raises:
        NotFound: no such question on this case.
        Refused: answered already, not this person's to answer, or no reason is given.
    """
    question, case = _open(case_id, question_ref, by)
    if not is_seen(reason):
        raise Refused("Say why you decline: whoever asks reads it.")
    other_team.close(question, TakeOverAnswer.DECLINED, by=by, reason=reason.strip())
    asker = db.session.get_one(Staff, question.asker_id)
    tasks.tell(
        asker.principal_id,
        key=f"take_over_declined:{question.id}",
        text="A report you asked another team for was not handed over. Read why in your list.",
        endpoint=LIST,
    )
    audit.record("suitability.take_over_declined", by=by, case_id=case.id, question=question.id)


def _for_her(case_id: int, question_ref: uuid.UUID, by: int) -> tuple[TakeOverQuestion, Case]:
    """An open question whose answer gives her a request."""
    question, case = _open(case_id, question_ref, by)
    _must_be_able_to_have_it(question)
    return question, case


def _open(case_id: int, question_ref: uuid.UUID, by: int) -> tuple[TakeOverQuestion, Case]:
    must_be_writing()
    query = select(TakeOverQuestion).where(
        TakeOverQuestion.ref == question_ref, TakeOverQuestion.case_id == case_id
    )
    question = db.session.scalars(query).one_or_none()
    if question is None:
        raise NotFound
    case = cases.lock(case_id)
    db.session.refresh(question)
    if question.answer:
        raise Refused(ANSWERED)
    if not other_team.may_answer(holder(case.id), db.session.get_one(Staff, by)):
        raise Refused("Only the author, her court team or an administrator can answer this.")
    return question, case


def _must_be_able_to_have_it(question: TakeOverQuestion) -> None:
    """Refuse a request that would be nobody's: its report would reach no one.

    That she left and that she is shut out are not told apart.
    """
    asker = db.session.get_one(Staff, question.asker_id)
    shut_out = {row.principal_id for row in access_service.exclusions_of(question.case_id)}
    asks = any(held.role in PROBATION_ROLES for held in asker.roles)
    if asker.disabled_at is not None or not asks or asker.principal_id in shut_out:
        raise Refused(NOT_ABLE)


def _tell(case: Case, question: TakeOverQuestion, request: ReportRequest, *, by: int) -> None:
    """She and whoever works on the report hear who has it now; who had it has been told."""
    giver = db.session.get_one(Staff, by)
    key = f"taken_over:{question.id}"
    asker = db.session.get_one(Staff, question.asker_id)
    text = f"{giver.name} handed you the report request you asked for."
    news.tell(asker.principal_id, case, key, text)
    now = f"{who(question)} has the report request from now on. {giver.name} handed it over."
    for principal_id in news.report_people(case, request) - {asker.principal_id}:
        news.tell(principal_id, case, key, now)
