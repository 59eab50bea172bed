"""What must hold whatever happened: checked after every fault."""

from datetime import timedelta

from sqlalchemy import select, text

from mhtr.cases import rules
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.core import audit, clock
from mhtr.core.access import Grant
from mhtr.core.audit import AuditEvent
from mhtr.core.database import db
from mhtr.tasks.models import Task, TaskKind
from outcome_measures.definitions import NOT_REACHED, Answer, AnswerState
from outcome_measures.instruments.registry import recorded
from outcome_measures.models import MeasureOccasion, OccasionState
from outcome_measures.risk.past_answers import occasions_of, past_signals
from outcome_measures.risk.service import responses_of, risk_key

ZERO = Answer(AnswerState.ANSWERED, 0)


def assert_sound() -> None:
    """No orphan, columns as the facts, the chain whole, risk owned, grants with their fact."""
    db.session.rollback()
    db.session.expire_all()
    if db.engine.dialect.name == "sqlite":
        assert db.session.execute(text("PRAGMA foreign_key_check")).all() == []
        assert db.session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
    for case in db.session.scalars(select(Case)):
        assert_as_facts(case)
    assert audit.verify().ok
    _risk_is_owned()
    _past_risk_is_listed()
    _grants_have_their_fact()
    db.session.rollback()


def assert_as_facts(case: Case) -> None:
    """The list columns repeat what the facts say."""
    standing = rules.fold(cases.facts_of(case.id), clock.today())
    assert (case.state, case.progress, case.paused) == (
        standing.state,
        standing.report,
        standing.paused is not None,
    )
    assert (case.stage, case.hearing_on) == (standing.stage, standing.hearing_on)


def _risk_is_owned() -> None:
    """Each risk question of a form that ended has its review: answered above zero, or silent."""
    ended = (OccasionState.SUBMITTED, OccasionState.CLOSED)
    for occasion in db.session.scalars(
        select(MeasureOccasion).where(
            MeasureOccasion.state.in_(ended), MeasureOccasion.historic.is_(False)
        )
    ):
        answers = responses_of(occasion)
        for item in recorded(occasion.instrument).risk_items:
            if answers.get(item.number, NOT_REACHED) == ZERO:
                continue
            key = risk_key(occasion.id, item.number)
            task = db.session.scalars(select(Task).where(Task.key.startswith(key))).first()
            assert task is not None and task.owner_principal_id, occasion.id


def _past_risk_is_listed() -> None:
    """An imported sign of risk stands on a list; a recent one is in a live review instead."""
    listed: set[int] = set()
    for task in db.session.scalars(select(Task).where(Task.kind == TaskKind.PAST_ANSWER)):
        assert task.owner_principal_id
        listed |= set(occasions_of(task))
    for occasion in db.session.scalars(
        select(MeasureOccasion).where(MeasureOccasion.historic.is_(True))
    ):
        begun = Task.key.startswith(f"risk:occasion:{occasion.id}:")
        live = db.session.scalars(select(Task).where(begun)).all()
        assert all(task.owner_principal_id for task in live)
        assert occasion.id in listed or live or not past_signals(occasion), occasion.id
        assert not live or occasion.asked_on >= occasion.created_at.date() - timedelta(days=28)


def _grants_have_their_fact() -> None:
    noted = {
        (row.case_id, row.detail["purpose"], row.detail["principal"])
        for row in db.session.scalars(
            select(AuditEvent).where(AuditEvent.action == "access.granted")
        )
    }
    for grant in db.session.scalars(select(Grant)):
        assert (grant.case_id, grant.purpose.value, grant.principal_id) in noted
