"""The answer to a question about identity, and every other question that it settles."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import or_, select

from mhtr.accounts.models import Staff
from mhtr.cases.link_queries import open_proposal
from mhtr.cases.models import IdentityAnswer, IdentityProposal, ProposalOutcome
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.transaction import must_be_writing
from mhtr.people.asking import QUESTION_DUE, question_key
from mhtr.people.models import IdentityQuestion
from mhtr.people.queries import live_ids, record_ids
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Task, TaskState

SAME, DIFFERENT = "same", "different"
JOINED = "joined"
"""Another question asks the same since two records became one."""
TURNED_DOWN = "The other trust answered what you proposed: the two records are of two men."


def open_question(question_id: int) -> IdentityQuestion:
    """A question that waits for its answer, locked until commit.

    Raises:
        NotFound: there is none.
        Refused: it was answered before.
    """
    must_be_writing()
    question = db.session.scalars(
        select(IdentityQuestion).where(IdentityQuestion.id == question_id).with_for_update()
    ).one_or_none()
    if question is None:
        raise NotFound
    if question.answered_at is not None:
        raise Refused("Somebody has answered this question already.")
    return question


def settle(question: IdentityQuestion, answer: str, *, by: int) -> None:
    """Answer it, and every other open question about the same two men."""
    must_be_writing()
    pair = _pair(question)
    _settle(question, answer, by)
    settle_pair(pair, answer, by=by)


def settle_pair(pair: Collection[int], answer: str, *, by: int) -> None:
    """Answer every open question about two live records."""
    for other in _open_about(pair):
        if _pair(other) == frozenset(pair):
            _settle(other, answer, by)


def said_two(question: IdentityQuestion, reason: str, *, for_both: bool, by: int) -> IdentityAnswer:
    """Keep who said that they are two men, and why: it may be taken back."""
    must_be_writing()
    row = IdentityAnswer(
        question_id=question.id, reason=reason.strip() or None, for_both=for_both, by_id=by
    )
    db.session.add(row)
    db.session.flush()
    return row


def settle_proposal(proposal: IdentityProposal, outcome: ProposalOutcome, *, by: int) -> None:
    """Say what became of a proposal."""
    must_be_writing()
    proposal.settled_at, proposal.settled_by, proposal.outcome = clock.now(), by, outcome


def after_merge(kept_id: int, *, by: int) -> list[int]:
    """Close the questions that a merge made needless; returns them, for its undoing.

    A man is not asked about himself, and of a pair once: where it was answered that they are two
    men, that holds for what he was merged with.
    """
    must_be_writing()
    of_pair: dict[int, list[IdentityQuestion]] = defaultdict(list)
    closed: list[int] = []
    for question in _open_about([kept_id]):
        other = next(iter(_pair(question) - {kept_id}), None)
        if other is not None:
            of_pair[other].append(question)
        else:
            closed.append(_close(question, SAME, by))
    for other_id, questions in of_pair.items():
        if _said_different(kept_id, other_id):
            closed += [_close(question, DIFFERENT, by) for question in questions]
        elif len(questions) > 1:
            kept, *rest = sorted(questions, key=lambda one: (_proposal(one) is None, one.id))
            _keep_owner(kept, rest, by)
            closed += [_close(question, JOINED, by) for question in rest]
    return closed


def ask_again(question_ids: Collection[int], *, by: int) -> None:
    """Open again what a merge had closed: it was undone."""
    must_be_writing()
    found = select(IdentityQuestion).where(IdentityQuestion.id.in_(question_ids))
    for question in db.session.scalars(found.order_by(IdentityQuestion.id)):
        question.answer = question.answered_at = question.answered_by = None
        task = _task(question, TaskState.WITHDRAWN)
        if task is not None:
            tasks.reopen(task, due_at=clock.now() + QUESTION_DUE, by=by)
    db.session.flush()


def _settle(question: IdentityQuestion, answer: str, by: int) -> None:
    _put(question, answer, by)
    task = _task(question)
    if task is not None:
        tasks.finish(task, by=by)


def _close(question: IdentityQuestion, answer: str, by: int) -> int:
    _put(question, answer, by)
    task = _task(question)
    if task is not None:
        tasks.withdraw(task, by=by, because="people.merged")
    return question.id


def _put(question: IdentityQuestion, answer: str, by: int) -> None:
    proposal = _proposal(question)
    if proposal is not None:
        turned_down = answer == DIFFERENT and by != proposal.proposed_by
        outcome = ProposalOutcome.TURNED_DOWN if turned_down else ProposalOutcome.LAPSED
        settle_proposal(proposal, outcome, by=by)
        if turned_down:
            tasks.tell(
                db.session.get_one(Staff, proposal.proposed_by).principal_id,
                key=f"two-trusts:{proposal.id}:turned-down",
                text=TURNED_DOWN,
            )
    question.answer, question.answered_at, question.answered_by = answer, clock.now(), by
    audit.record("people.identity_answered", by=by, question=question.id, answer=answer)
    db.session.flush()


def _proposal(question: IdentityQuestion) -> IdentityProposal | None:
    return open_proposal(question_id=question.id)


def _pair(question: IdentityQuestion) -> frozenset[int]:
    return frozenset(live_ids((question.person_id, question.other_id)).values())


def _open_about(person_ids: Collection[int]) -> list[IdentityQuestion]:
    ids = {i for person_id in person_ids for i in record_ids(person_id)}
    return list(
        db.session.scalars(
            select(IdentityQuestion)
            .where(
                IdentityQuestion.answered_at.is_(None),
                or_(IdentityQuestion.person_id.in_(ids), IdentityQuestion.other_id.in_(ids)),
            )
            .order_by(IdentityQuestion.id)
        )
    )


def _said_different(one: int, two: int) -> bool:
    ones, twos = record_ids(one), record_ids(two)
    said = select(IdentityQuestion.id).where(
        IdentityQuestion.answer == DIFFERENT,
        or_(
            IdentityQuestion.person_id.in_(ones) & IdentityQuestion.other_id.in_(twos),
            IdentityQuestion.person_id.in_(twos) & IdentityQuestion.other_id.in_(ones),
        ),
    )
    return db.session.scalars(said).first() is not None


def _keep_owner(kept: IdentityQuestion, rest: Collection[IdentityQuestion], by: int) -> None:
    """A question that only waited in the list gets the task of the one that it replaces."""
    owned = next((t for one in rest if (t := _task(one)) is not None), None)
    if owned is not None and _task(kept) is None:
        tasks.open_task(
            owned.kind,
            key=question_key(kept.id),
            title=owned.title,
            owner_principal_id=owned.owner_principal_id,
            owner_staff_id=owned.owner_staff_id,
            due_at=owned.due_at,
            by=by,
            endpoint=owned.endpoint,
            subject_ref=kept.ref,
        )


def _task(question: IdentityQuestion, state: TaskState = TaskState.OPEN) -> Task | None:
    return tasks.with_key(question_key(question.id), state)
