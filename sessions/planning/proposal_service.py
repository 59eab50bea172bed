"""Proposals: asked for, worked out by a worker, stopped. What is proposed books nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import must_be_writing
from sessions.availability.keeping import must_keep
from sessions.planning.answering import Proposed
from sessions.planning.ask_rules import Ask, ask_from, objections
from sessions.planning.kinds import ProposalState
from sessions.planning.models import Proposal, ProposalPart
from sessions.planning.stored import after_of, before_of

LEAST_SECONDS, MOST_SECONDS = 5, 300
SILENT = timedelta(seconds=60)
"""A worker that has said nothing for so long was killed."""
ATTEMPTS = 2
BUSY = "One is being worked out for this trust already. Wait for it, or cancel it first."
DIED = "The program stopped twice while this was worked out. Ask again."
WENT_WRONG = "The program could not work it out. Tell whoever runs it; nothing was changed."
WAITS = "Waiting for the program that works it out."
BEGINS = "Reading who is asked about."
_UNDER_WAY = (ProposalState.ASKED, ProposalState.RUNNING)


@dataclass(frozen=True)
class Claimed:
    """A proposal that this worker has to work out."""

    id: int
    ask: Ask
    seconds: int
    by: int


def ask_for(*, organisation_id: int, ask: Ask, seconds: int, by: int) -> Proposal:
    """Ask the planner; a worker takes it up within seconds.

    Raises:
        Refused: who asks does not keep this trust's places and hours; what is asked makes no
            sense; the time limit is out of range; another is under way.
    """
    must_keep(organisation_id, by)
    if said := objections(ask, clock.today()):
        raise Refused(*said)
    if not LEAST_SECONDS <= seconds <= MOST_SECONDS:
        raise Refused(f"The time limit is from {LEAST_SECONDS} to {MOST_SECONDS} seconds.")
    if under_way(organisation_id):
        raise Refused(BUSY)
    made = Proposal(
        organisation_id=organisation_id,
        kind=ask.kind,
        asked=ask.stored(),
        seconds=seconds,
        progress=WAITS,
        by_id=by,
    )
    db.session.add(made)
    db.session.flush()
    audit.record("planning.asked", by=by, proposal=made.id, kind=ask.kind.value)
    return made


def under_way(organisation_id: int) -> bool:
    """Whether one of this trust is asked or being worked out."""
    query = select(Proposal.id).where(
        Proposal.organisation_id == organisation_id, Proposal.state.in_(_UNDER_WAY)
    )
    return db.session.scalars(query.limit(1)).first() is not None


def stop(*, proposal_id: int, by: int) -> None:
    """Cancel one that is not ready yet; the worker stops within about a second.

    Raises:
        Refused: it is not under way, or who asks does not keep this trust's places and hours.
    """
    row = locked(proposal_id)
    must_keep(row.organisation_id, by)
    if row.state not in _UNDER_WAY:
        raise Refused("It is not being worked out any more.")
    row.stop_asked = True
    if row.state is ProposalState.ASKED:
        _end(row, ProposalState.STOPPED)
    audit.record("planning.stopped", by=by, proposal=row.id)


def decided(*, proposal_id: int, by: int) -> None:
    """Somebody decides on an answer; what he decided is done part by part.

    Raises:
        Refused: who asks does not keep this trust's places and hours; there is no answer.
    """
    row = locked(proposal_id)
    must_keep(row.organisation_id, by)
    if row.answer is None:
        raise Refused("There is nothing to decide: it was cancelled, or is not worked out yet.")
    audit.record("planning.decided", by=by, proposal=row.id)


def claim(now: datetime) -> Claimed | None:
    """Take up the next one: that of a worker that was killed, else the oldest asked for.

    What two workers left unfinished has failed: it may be what ends them.
    """
    must_be_writing()
    query = (
        select(Proposal)
        .where(Proposal.state.in_(_UNDER_WAY))
        .order_by(Proposal.id)
        .with_for_update(skip_locked=True)
    )
    for row in db.session.scalars(query).all():
        if row.state is ProposalState.RUNNING and (row.seen_at or now) > now - SILENT:
            continue
        if row.stop_asked:
            _end(row, ProposalState.STOPPED)
        elif row.attempts >= ATTEMPTS:
            row.fault = DIED
            _end(row, ProposalState.FAILED)
        else:
            row.state, row.progress = ProposalState.RUNNING, BEGINS
            row.attempts += 1
            row.started_at = row.seen_at = now
            return Claimed(row.id, ask_from(row.kind, row.asked), row.seconds, row.by_id)
    return None


def go_on(proposal_id: int, progress: str, now: datetime) -> bool:
    """Say how far it is; whether to go on. False: somebody cancelled it, or another has it."""
    row = locked(proposal_id)
    if row.state is not ProposalState.RUNNING:
        return False
    if row.stop_asked:
        _end(row, ProposalState.STOPPED)
        return False
    row.seen_at, row.progress = now, progress
    return True


def is_stopped(proposal_id: int) -> bool:
    """Whether somebody cancelled it; reads only."""
    query = select(Proposal.stop_asked).where(Proposal.id == proposal_id)
    return bool(db.session.scalar(query))


def put_back(proposal_id: int) -> None:
    """The worker is told to end: another takes it up."""
    row = locked(proposal_id)
    if row.state is ProposalState.RUNNING:
        row.state, row.progress, row.seen_at = ProposalState.ASKED, WAITS, None
        row.attempts -= 1


def fail(proposal_id: int) -> None:
    """It could not be worked out."""
    row = locked(proposal_id)
    if row.state is ProposalState.RUNNING:
        row.fault = WENT_WRONG
        _end(row, ProposalState.FAILED)


def store(proposal_id: int, proposed: Proposed) -> None:
    """Keep the answer, ready to be looked at. One that was cancelled meanwhile keeps nothing."""
    row = locked(proposal_id)
    if row.state is not ProposalState.RUNNING:
        return
    if row.stop_asked:
        _end(row, ProposalState.STOPPED)
        return
    db.session.add_all(
        ProposalPart(
            proposal_id=row.id, case_id=case_id, before=before_of(given), after=after_of(given)
        )
        for case_id, given in sorted(proposed.given.items())
    )
    row.cost, row.bound, row.answer = proposed.cost.total, proposed.bound, proposed.stored()
    _end(row, ProposalState.READY)
    audit.record("planning.ready", by=None, proposal=row.id)


def locked(proposal_id: int) -> Proposal:
    """A proposal, locked, as it is now."""
    must_be_writing()
    db.session.flush()
    return db.session.get_one(Proposal, proposal_id, with_for_update=True, populate_existing=True)


def _end(row: Proposal, state: ProposalState) -> None:
    row.state, row.finished_at, row.progress = state, clock.now(), ""
    db.session.flush()
