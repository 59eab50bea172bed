"""He is told of his sessions, and probation decides on those that he missed and records what it
did."""

import uuid
from collections.abc import Sequence
from datetime import date

from mhtr.compliance import (
    decision_service,
    enforcement_service,
    explanation_service,
    notice_service,
)
from mhtr.compliance.attendance import ReasonGiven
from mhtr.compliance.contact_rules import Way
from mhtr.compliance.deciding import Decision
from mhtr.compliance.decision_queries import decisions_on
from mhtr.compliance.decision_service import Seen
from mhtr.compliance.enforcing import Given, GivenWarning, Says, Step, StepKind
from mhtr.compliance.explanation_queries import explanations_on, latest_number
from mhtr.compliance.explanations import Explanation, GivenBy, Shown
from mhtr.compliance.notice_service import Of, Telling
from mhtr.compliance.notices import Came
from mhtr.compliance.queries import latest
from mhtr.compliance.standing.facts import Opinion
from mhtr.core import clock
from mhtr.demo.world import Hand
from mhtr.orders.queries import orders_of
from mhtr.probation import keyed_service, word_service
from mhtr.probation.keyed_queries import entry_of
from mhtr.probation.keying_rules import Kind
from mhtr.probation.word_rules import Said
from sessions.booking.models import SessionPlace
from sessions.register.queries import placed_of

NOTHING_SHOWN = Shown()


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


def explained(
    hand: Hand,
    place: SessionPlace,
    reason: ReasonGiven,
    shown: Shown = NOTHING_SHOWN,
    *,
    given_by: GivenBy = GivenBy.HIMSELF,
    for_probation: str = "",
    for_clinicians: str = "",
    by: str = "",
) -> uuid.UUID:
    """What he says of a session he missed, on the telephone now; the reference of it.

    Args:
        by: who records it; his therapist if nobody is named.
    """
    said = Explanation(
        at=clock.now(),
        way=Way.TELEPHONE,
        given_by=given_by,
        reason=reason,
        knew_readers=True,
        for_probation=for_probation,
        for_clinicians=for_clinicians,
        shown=shown,
    )
    row = explanation_service.explain(
        case_id=hand.case_id,
        subject=place.ref,
        said=said,
        by=hand.world.staff(by) if by else hand.assessor,
    )
    return row.ref


def took_back(hand: Hand, explanation: uuid.UUID) -> None:
    """His therapist takes back what was recorded by mistake."""
    explanation_service.take_back(case_id=hand.case_id, ref=explanation, by=hand.assessor)


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
        seen=Seen(
            row.number,
            len(decisions_on(place.ref)),
            latest_number(explanations_on(place.ref)),
        ),
        by=hand.world.staff(officer),
    )


def keyed(
    hand: Hand,
    place: SessionPlace,
    kind: Kind = Kind.CONTACT,
    outcome: str = "",
    officer: str = "probation",
) -> uuid.UUID:
    """An officer keys into nDelius what is on record of a session now; the reference of it."""
    entry = entry_of(hand.case_id, place.ref, kind)
    if entry is None:
        raise ValueError("there is nothing to key in")
    row = keyed_service.mark(
        case_id=hand.case_id,
        subject=place.ref,
        kind=kind,
        number=entry.number,
        outcome=outcome,
        by=hand.world.staff(officer),
    )
    return row.ref


def took_back_keyed(hand: Hand, ref: uuid.UUID, why: str, officer: str = "probation") -> None:
    """An officer takes back a mark."""
    keyed_service.take_back(case_id=hand.case_id, ref=ref, why=why, by=hand.world.staff(officer))


def told_service(
    hand: Hand, said: Said, officer: str = "probation", *, replaces: uuid.UUID | None = None
) -> uuid.UUID:
    """An officer tells the service something of him; the reference of it."""
    row = word_service.tell(
        case_id=hand.case_id, said=said, by=hand.world.staff(officer), replaces=replaces
    )
    return row.ref


def warned(hand: Hand, place: SessionPlace, officer: str = "probation") -> uuid.UUID:
    """An officer records today's warning about a session; the reference of it."""
    today = clock.today()
    said = GivenWarning(
        today,
        Given.LETTER,
        frozenset({str(place.ref)}),
        posted_on=today,
        says=frozenset(Says),
    )
    row = enforcement_service.record_warning(
        order_id=orders_of(hand.case_id)[0].id, warning=said, by=hand.world.staff(officer)
    )
    return row.ref


def withdrew(hand: Hand, warning: uuid.UUID, why: str, officer: str = "probation") -> None:
    """An officer records that a warning was withdrawn today."""
    enforcement_service.withdraw_warning(
        case_id=hand.case_id,
        ref=warning,
        on=clock.today(),
        why=why,
        by=hand.world.staff(officer),
    )


def did(
    hand: Hand, kind: StepKind, officer: str = "probation", *, about: Sequence[SessionPlace] = ()
) -> uuid.UUID:
    """An officer records what was done today; the reference of it."""
    row = enforcement_service.record_step(
        order_id=orders_of(hand.case_id)[0].id,
        step=Step(kind, clock.today(), frozenset(str(place.ref) for place in about)),
        by=hand.world.staff(officer),
    )
    return row.ref
