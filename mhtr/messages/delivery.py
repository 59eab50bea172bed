"""Sending what waits: claimed in one transaction, sent outside any, recorded in another.

So nothing is sent for a change that was undone, no transaction waits for a mail server, and a
message is sent once: one whose sender died between sending and recording is not sent again, but
becomes a person's task.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from mhtr.cases import service as cases
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.outbox import OutboxMessage, OutboxState
from mhtr.core.transaction import writing
from mhtr.messages import service
from mhtr.messages.kinds import KINDS, NotWanted
from mhtr.messages.mail import Mail, NeverTaken, NotKnown, NotNow
from mhtr.messages.service import NOT_KNOWN
from mhtr.messages.transports import Transport, transport_here

LEASE = timedelta(minutes=10)
"""Longer than any mail server may take: whoever has not recorded by then is dead."""
AGAIN_AFTER = tuple(timedelta(minutes=minutes) for minutes in (2, 5, 15, 30, 60, 120))
"""After which attempt it is tried again when: given up within the working day."""
MOST = 500
"""Messages of one run."""
NO_SERVER = "No mail server is set up."
WENT_WRONG = "The program could not write it."

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Claim:
    """A message that is this process's to send until the lease is over."""

    id: int
    until: datetime


@dataclass(frozen=True)
class Outcome:
    """What came of an attempt. `again`: it is tried again if attempts are left."""

    state: OutboxState
    problem: str = ""
    again: bool = False


def deliver(_now: datetime) -> int:
    """Send what is due, in transactions of its own; returns how many messages it saw to."""
    seen = 0
    transport = transport_here()
    while seen < MOST and (claim := _claim()) is not None:
        _record(claim, _attempt(claim, transport))
        seen += 1
    for message_id in _lost():
        seen += _give_up(message_id)
    return seen


def _claim() -> Claim | None:
    """The message that waits longest, for this process alone."""
    waits = (
        OutboxMessage.state == OutboxState.WAITING,
        OutboxMessage.due_at <= clock.now(),
        OutboxMessage.leased_until.is_(None),
    )
    query = select(OutboxMessage).where(*waits).order_by(OutboxMessage.due_at, OutboxMessage.id)
    if db.session.scalars(query.limit(1)).first() is None:
        return None  # most of the time, and then nobody need wait for a write
    with writing():
        row = db.session.scalars(query.limit(1).with_for_update(skip_locked=True)).first()
        if row is None:
            return None
        row.leased_until = clock.now() + LEASE
        row.attempts += 1
        return Claim(row.id, row.leased_until)


def _attempt(claim: Claim, transport: Transport | None) -> Outcome:
    try:
        mail = _composed(claim)
    except NotWanted:
        return Outcome(OutboxState.WITHDRAWN)
    except NeverTaken as nobody:
        return Outcome(OutboxState.FAILED, str(nobody))
    except Exception as error:
        log.error("message %d could not be composed: %s", claim.id, type(error).__name__)
        return Outcome(OutboxState.FAILED, WENT_WRONG)
    finally:
        db.session.rollback()  # no transaction is open while a mail server is waited for
    if transport is None:
        return Outcome(OutboxState.FAILED, NO_SERVER)
    try:
        transport.send(mail)
    except NotNow as later:
        return Outcome(OutboxState.FAILED, str(later), again=True)
    except NeverTaken as never:
        return Outcome(OutboxState.FAILED, str(never))
    except NotKnown:
        return Outcome(OutboxState.FAILED, NOT_KNOWN)
    except Exception as error:
        log.error("message %d: sending broke off: %s", claim.id, type(error).__name__)
        return Outcome(OutboxState.FAILED, NOT_KNOWN)
    return Outcome(OutboxState.SENT)


def _composed(claim: Claim) -> Mail:
    row = db.session.get_one(OutboxMessage, claim.id)
    if row.state is not OutboxState.WAITING:
        raise NotWanted
    return KINDS[row.template].compose(row)


def _record(claim: Claim, outcome: Outcome) -> None:
    """Keep what came of it, unless somebody gave it up meanwhile."""
    with writing():
        row = _locked(claim.id)
        if row.leased_until != claim.until:
            return
        row.leased_until = None
        may_have_left = outcome.state is OutboxState.SENT or outcome.problem == NOT_KNOWN
        if row.state is not OutboxState.WAITING and not may_have_left:
            return  # taken back or held while it was tried
        if outcome.again and row.attempts <= len(AGAIN_AFTER):
            row.due_at = clock.now() + AGAIN_AFTER[row.attempts - 1]
            row.problem = outcome.problem
            return
        service.finish(row, outcome.state, outcome.problem)


def _lost() -> list[int]:
    """What was claimed and never recorded."""
    query = select(OutboxMessage.id).where(OutboxMessage.leased_until < clock.now())
    return list(db.session.scalars(query.order_by(OutboxMessage.id)))


def _give_up(message_id: int) -> int:
    """It may have been sent and may not: it is not sent again, and a person finds out."""
    with writing():
        row = _locked(message_id)
        if row.leased_until is None or row.leased_until >= clock.now():
            return 0
        service.finish(row, OutboxState.FAILED, NOT_KNOWN)
        return 1


def _locked(message_id: int) -> OutboxMessage:
    """The row as it stands, its case locked first as every service does."""
    row = db.session.get_one(OutboxMessage, message_id)
    if row.case_id is not None:
        cases.lock(row.case_id)
    return db.session.get_one(
        OutboxMessage, message_id, with_for_update=True, populate_existing=True
    )
