"""Plans of the caseload: one that was booked, one that waits to be looked at."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.demo.cast import Cast
from sessions.booking.models import BookingState, TreatmentSession
from sessions.planning import applying, exact
from sessions.planning import proposal_service as service
from sessions.planning.answering import answered
from sessions.planning.ask_rules import Ask
from sessions.planning.caseload_queries import read
from sessions.planning.exact import Answer
from sessions.planning.kinds import ProposalKind
from sessions.planning.models import ProposalPart
from sessions.planning.problem import Instance

SECONDS = 5
AT_MOST = 1
"""Seconds that it works here: little beside all else that is made."""
TRUST = "west"


def replan(cast: Cast) -> None:
    """The busiest therapist is away; days off of another were booked around."""
    by = cast.staff["admin"]
    busiest = _busiest(cast)
    if not busiest:
        return
    today = clock.today()
    for staff_id, at in [*busiest[1:], *busiest[:1]]:
        day = at.astimezone(clock.LONDON).date()
        asked = Ask(ProposalKind.AWAY, staff_id, first=day, last=day + timedelta(days=1))
        if _apply(_worked_out(cast, asked, by), by):
            break
    cancelled = service.ask_for(
        organisation_id=cast.organisations[TRUST],
        ask=Ask(ProposalKind.WAITING),
        seconds=SECONDS,
        by=by,
    )
    service.stop(proposal_id=cancelled.id, by=by)
    three_weeks = Ask(
        ProposalKind.AWAY, busiest[0][0], first=today, last=today + timedelta(days=20)
    )
    _worked_out(cast, three_weeks, by)


def _busiest(cast: Cast) -> list[tuple[int, datetime]]:
    """Clinicians with sessions ahead, those with the most first, and when the last of them is."""
    query = (
        select(TreatmentSession.clinician_id, func.max(TreatmentSession.starts_at))
        .where(
            TreatmentSession.state == BookingState.BOOKED,
            TreatmentSession.in_group.is_(False),
            TreatmentSession.starts_at > clock.now() + timedelta(days=1),
            TreatmentSession.organisation_id == cast.organisations[TRUST],
        )
        .group_by(TreatmentSession.clinician_id)
        .order_by(func.count().desc(), TreatmentSession.clinician_id)
    )
    return [(staff_id, at) for staff_id, at in db.session.execute(query)]


def _worked_out(cast: Cast, ask: Ask, by: int) -> int:
    """Asked for and worked out at once, in this process."""
    service.ask_for(organisation_id=cast.organisations[TRUST], ask=ask, seconds=SECONDS, by=by)
    claimed = service.claim(clock.now())
    if claimed is None:
        raise Refused("What was asked for was not there.")
    found = read(ask, viewer_of(db.session.get_one(Staff, by)))
    proposed = answered(found, ask.moves, AT_MOST, _solve)
    if proposed is not None:
        service.store(claimed.id, proposed)
    return claimed.id


def _solve(instance: Instance, moves: bool, seconds: float) -> Answer:
    if moves:
        return exact.plan_moves(instance, {}, seconds)
    return exact.plan_waiting(instance, seconds)


def _apply(proposal_id: int, by: int) -> bool:
    """Whether anybody's sessions were booked from it."""
    done = False
    parts = select(ProposalPart.id).where(ProposalPart.proposal_id == proposal_id)
    for part_id in db.session.scalars(parts.order_by(ProposalPart.id)).all():
        try:
            with db.session.begin_nested():
                done |= applying.apply_part(part_id=part_id, by=by)
        except Refused as refused:
            applying.note_refused(part_id=part_id, reasons=refused.reasons)
    return done
