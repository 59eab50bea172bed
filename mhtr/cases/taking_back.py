"""Two men, somebody said: whoever may answer takes it back, and it is asked again."""

from sqlalchemy import or_, select

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases import link_news
from mhtr.cases.answering import DIFFERENT
from mhtr.cases.identity_queries import may_judge
from mhtr.cases.models import IdentityAnswer
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.transaction import must_be_writing
from mhtr.people.asking import QUESTION_DUE, question_key, raise_identity_question, trust_of
from mhtr.people.models import IdentityQuestion
from mhtr.people.queries import live_id, record_ids
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskState


def take_back(*, answer_id: int, reason: str, by: int) -> IdentityQuestion:
    """The pair is a question again. Who had answered, when and why stays on record.

    Raises:
        NotFound: there is no such answer.
        Refused: no reason; taken back before; he may not answer; the records are one by now.
    """
    must_be_writing()
    answer = db.session.scalars(
        select(IdentityAnswer).where(IdentityAnswer.id == answer_id).with_for_update()
    ).one_or_none()
    if answer is None:
        raise NotFound
    question = db.session.get_one(IdentityQuestion, answer.question_id)
    ends = live_id(question.person_id), live_id(question.other_id)
    _may_be_taken_back(answer, question, ends, reason, by)
    answer.taken_back_at, answer.taken_back_by = clock.now(), by
    answer.taken_back_reason = reason.strip()
    for other in _about(ends):
        other.answer = other.answered_at = other.answered_by = None
    db.session.flush()
    audit.record("people.identity_taken_back", by=by, question=question.id)
    _give(question, by)
    link_news.asked_again(answer, ends, by=by)
    return question


def _may_be_taken_back(
    answer: IdentityAnswer, question: IdentityQuestion, ends: tuple[int, int], reason: str, by: int
) -> None:
    if not reason.strip():
        raise Refused("Say why it is asked again.")
    if answer.taken_back_at is not None or question.answer != DIFFERENT:
        raise Refused("This was taken back already, or answered in another way since.")
    if ends[0] == ends[1]:
        raise Refused("The two records are one by now.")
    if not may_judge(viewer_of(db.session.get_one(Staff, by)), *ends):
        raise Refused("This is taken back by somebody who may answer the question.")


def _about(ends: tuple[int, int]) -> list[IdentityQuestion]:
    """Every question of this pair that counts as answered: two men."""
    ones, twos = (record_ids(end) for end in ends)
    query = select(IdentityQuestion).where(
        IdentityQuestion.answer == DIFFERENT,
        or_(
            IdentityQuestion.person_id.in_(ones) & IdentityQuestion.other_id.in_(twos),
            IdentityQuestion.person_id.in_(twos) & IdentityQuestion.other_id.in_(ones),
        ),
    )
    return list(db.session.scalars(query.order_by(IdentityQuestion.id).with_for_update()))


def _give(question: IdentityQuestion, by: int) -> None:
    """It is a task of the trust that asks again, whosever it was before."""
    trust = trust_of(by)
    task = tasks.with_key(question_key(question.id), TaskState.DONE)
    if task is not None:
        tasks.take_up_again(task, due_at=clock.now() + QUESTION_DUE, by=by)
        if trust is not None:
            tasks.hand_over(task, to_principal_id=trust, to_staff_id=None, by=by)
    raise_identity_question(
        person_id=question.person_id,
        other_id=question.other_id,
        verdict=question.verdict,
        reasons=question.reasons,
        by=by,
        owner_principal_id=trust,
    )
