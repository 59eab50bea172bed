"""He is told of his sessions, and probation decides on those that he missed."""

from collections.abc import Sequence
from datetime import date

from mhtr.compliance import decision_service, notice_service
from mhtr.compliance.contact_rules import Way
from mhtr.compliance.deciding import Decision
from mhtr.compliance.decision_queries import decisions_on
from mhtr.compliance.decision_service import Seen
from mhtr.compliance.notice_service import Of, Telling
from mhtr.compliance.notices import Came
from mhtr.compliance.queries import latest
from mhtr.compliance.standing.facts import Opinion
from mhtr.core import clock
from mhtr.demo.world import Hand
from sessions.booking.models import SessionPlace
from sessions.register.queries import placed_of


def told_him(
    hand: Hand,
    places: Sequence[SessionPlace],
    way: Way = Way.TELEPHONE,
    came: Came = Came.TOLD,
    *,
    usable: bool = True,
    note: str = "",
) -> None:
    """His therapist records that he was told of sessions, now."""
    notice_service.record_told(
        case_id=hand.case_id,
        sessions=[Of(place.ref, placed_of(place).session.starts_at) for place in places],
        telling=Telling(clock.now(), way, came, usable, note),
        by=hand.assessor,
    )


def decided(
    hand: Hand,
    place: SessionPlace,
    opinion: Opinion,
    *,
    until: date | None = None,
    why: str = "",
    notice_why: str = "",
    officer: str = "probation",
) -> None:
    """An officer decides on a session that he missed."""
    row = latest(place.ref)
    if row is None:
        raise ValueError("nothing is recorded of it")
    decision_service.decide(
        case_id=hand.case_id,
        subject=place.ref,
        decision=Decision(opinion, until, why, notice_why),
        seen=Seen(row.number, len(decisions_on(place.ref))),
        by=hand.world.staff(officer),
    )
