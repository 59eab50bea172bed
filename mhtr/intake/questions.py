"""A question to the referrer is kept until he answers it, or the decision makes it needless.

Who asked, who answered and when are rows of the triage, which are only ever added; the referring
team has a task for it with a day. Without that task nothing is asked any more.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from mhtr.accounts.models import Staff, StaffRole
from mhtr.accounts.sessions import viewer_of
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.cases.queries import stands
from mhtr.core import audit
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.policy import values
from mhtr.core.transaction import must_be_writing
from mhtr.intake import policy, queries
from mhtr.intake.models import Referral, TriageDecision
from mhtr.intake.rules import AT_TRIAGE, TriageOutcome
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Task, TaskKind, TaskState

ANSWERERS = (
    Role.LD_PRACTITIONER,
    Role.COURT_PROBATION,
    Role.PROBATION,
    Role.SENIOR_PROBATION,
)
NOBODY_THERE = (
    "Nobody of this referrer has an account, so nobody would see a question here. "
    "Ask by telephone or letter."
)


class QuestionState(StrEnum):
    """Where a question stands. Withdrawn: decided, closed or asked anew without an answer."""

    ASKED = "asked"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Question:
    """The last question of a case, and its answer."""

    state: QuestionState
    words: str
    asked_by: int
    asked_at: datetime
    answer: str = ""
    answered_by: int | None = None
    answered_at: datetime | None = None


def questions_of(case_ids: Collection[int]) -> dict[int, Question]:
    """The last question of each of these cases that has one."""
    rows = db.session.scalars(
        select(TriageDecision)
        .where(
            TriageDecision.case_id.in_(case_ids),
            TriageDecision.outcome.in_(AT_TRIAGE | {TriageOutcome.ANSWERED}),
        )
        .order_by(TriageDecision.id)
    )
    found: dict[int, Question] = {}
    for row in rows:
        if row.outcome is TriageOutcome.ASK_REFERRER:
            found[row.case_id] = _asked(row)
        elif row.case_id in found:
            found[row.case_id] = _after(found[row.case_id], row)
    waiting = _still_asked([one for one in found if found[one].state is QuestionState.ASKED])
    for case_id, one in found.items():
        if one.state is QuestionState.ASKED and case_id not in waiting:
            found[case_id] = replace(one, state=QuestionState.WITHDRAWN)
    return found


def _still_asked(case_ids: Collection[int]) -> set[int]:
    if not case_ids:
        return set()
    rows = db.session.scalars(
        select(Task.case_id).where(
            Task.case_id.in_(case_ids),
            Task.kind == TaskKind.ANSWER_QUESTION,
            Task.state == TaskState.OPEN,
        )
    )
    return {case_id for case_id in rows if case_id is not None}


def question_of(case_id: int) -> Question | None:
    """The last question about a referral; None where none was asked."""
    return questions_of([case_id]).get(case_id)


def _asked(row: TriageDecision) -> Question:
    return Question(QuestionState.ASKED, row.words or "", row.by_id, row.created_at)


def _after(asked: Question, row: TriageDecision) -> Question:
    if asked.state is not QuestionState.ASKED:
        return asked
    answered = row.outcome is TriageOutcome.ANSWERED
    return Question(
        QuestionState.ANSWERED if answered else QuestionState.WITHDRAWN,
        asked.words,
        asked.asked_by,
        asked.asked_at,
        (row.words or "") if answered else "",
        row.by_id if answered else None,
        row.created_at if answered else None,
    )


def somebody_answers(referral: Referral) -> bool:
    """Whether anybody of the referring team has an account with which to answer."""
    found = select(Staff.id).where(
        Staff.organisation_id == referral.organisation_id,
        Staff.disabled_at.is_(None),
        Staff.roles.any(StaffRole.role.in_(ANSWERERS)),
    )
    return db.session.scalars(found).first() is not None


def give_to_referrer(case: Case, referral: Referral, *, by: int) -> None:
    """Open the referring team's task to answer, in place of one for an earlier question."""
    must_be_writing()
    withdraw(case.id, by=by, because="asked_anew")
    tasks.open_task(
        TaskKind.ANSWER_QUESTION,
        key=f"question:{case.id}:{case.version}",
        title="Answer a question about a referral",
        owner_principal_id=queries.organisation_principal(referral.organisation_id),
        due_at=queries.due_in(int(values(policy.QUESTION_DAYS)["question_days"])),
        by=by,
        case_id=case.id,
        endpoint="intake.referral",
        subject_ref=case.ref,
    )


def withdraw(case_id: int, *, by: int, because: str) -> None:
    """A question that was not answered needs no answer any more."""
    for task in tasks.open_tasks(case_id, TaskKind.ANSWER_QUESTION):
        tasks.withdraw(task, by=by, because=because)


def answer(*, case_id: int, words: str, by: int) -> None:
    """Keep the referrer's answer, close his task and tell whoever asked, or who has the case now.

    Raises:
        Refused: no words, or nothing is asked (any more).
    """
    must_be_writing()
    case = cases.lock(case_id)
    asked = question_of(case_id)
    if asked is None or asked.state is not QuestionState.ASKED:
        raise Refused("Nothing is asked about this referral any more.")
    if not words.strip():
        raise Refused("Write the answer.")
    db.session.add(
        TriageDecision(
            case_id=case_id, outcome=TriageOutcome.ANSWERED, words=words.strip(), by_id=by
        )
    )
    case.version += 1
    tasks.settle(case_id, TaskKind.ANSWER_QUESTION, by=by)
    audit.record("intake.question_answered", by=by, case_id=case_id)
    tasks.tell(
        _who_waits(case, asked.asked_by),
        key=f"answered:{case_id}:{case.version}",
        text="The referrer has answered your question about a referral",
        case_id=case_id,
        endpoint="intake.triage_case",
        subject_ref=case.ref,
    )


def _who_waits(case: Case, asker_id: int) -> int:
    """Whoever asked; the trust that has the case where he works on it no more."""
    referral, asker = queries.referral_of(case.id), db.session.get_one(Staff, asker_id)
    opens = stands(viewer_of(asker), case.id, Purpose.CLINICAL, Purpose.ADMINISTRATION)
    his = asker.disabled_at is None and opens and queries.works_on(case, asker_id)
    if his or referral is None:
        return asker.principal_id
    return queries.organisation_principal(referral.trust_id)


def open_to(referral: Referral, organisation_id: int) -> str:
    """The words of an unanswered question that this organisation is to answer; else empty."""
    asked = question_of(referral.case_id) if organisation_id == referral.organisation_id else None
    return asked.words if asked is not None and asked.state is QuestionState.ASKED else ""


def answered_by_change(case: Case, referral: Referral, reason: str, *, by: int) -> None:
    """The referring team says that its amendment answers what was asked: why is the answer."""
    if open_to(referral, db.session.get_one(Staff, by).organisation_id):
        answer(case_id=case.id, words=f"The referral was changed: {reason}", by=by)
