"""Proposals asked for and worked out in a test, without a process of their own."""

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from sessions.planning import exact, proposal_service
from sessions.planning.answering import answered
from sessions.planning.ask_rules import Ask
from sessions.planning.caseload_queries import read
from sessions.planning.exact import Answer
from sessions.planning.models import Proposal, ProposalPart
from sessions.planning.problem import Instance


def solve(instance: Instance, moves: bool, seconds: float) -> Answer:
    """In this process."""
    if moves:
        return exact.plan_moves(instance, {}, seconds)
    return exact.plan_waiting(instance, seconds)


def asked(ask: Ask, by: int, seconds: int = 20) -> int:
    """A proposal that waits for a worker; its key."""
    organisation_id = db.session.get_one(Staff, by).organisation_id
    with writing():
        made = proposal_service.ask_for(
            organisation_id=organisation_id, ask=ask, seconds=seconds, by=by
        )
    return made.id


def work() -> Proposal:
    """Work out the next one as the worker does."""
    with writing():
        claimed = proposal_service.claim(clock.now())
    assert claimed is not None
    found = read(claimed.ask, viewer_of(db.session.get_one(Staff, claimed.by)))
    proposed = answered(found, claimed.ask.moves, claimed.seconds, solve)
    db.session.rollback()
    assert proposed is not None
    with writing():
        proposal_service.store(claimed.id, proposed)
    return db.session.get_one(Proposal, claimed.id)


def worked_out(ask: Ask, by: int) -> Proposal:
    """One that is ready to be looked at."""
    asked(ask, by)
    return work()


def parts_of(proposal: Proposal) -> list[ProposalPart]:
    """What it proposes."""
    query = select(ProposalPart).where(ProposalPart.proposal_id == proposal.id)
    return list(db.session.scalars(query.order_by(ProposalPart.id)))
