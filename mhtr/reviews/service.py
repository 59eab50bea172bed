"""Arranging a review, and recording that it was held. Each is a row of its own.

With `point_service` and `signing`, the only writer of reviews.
"""

from dataclasses import dataclass
from datetime import datetime

from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.cases.standing import UNDER_ORDER
from mhtr.compliance.contact_rules import Way
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, Refused, Stale
from mhtr.core.transaction import must_be_writing
from mhtr.orders.cover_queries import concerned
from mhtr.orders.queries import contact_of
from mhtr.reviews import due_service, queries, telling
from mhtr.reviews.models import Review, ReviewMeeting
from mhtr.reviews.rules import (
    FURTHEST,
    IN_PAST,
    NO_PLACE,
    NOBODY,
    NOT_YET,
    TOO_FAR,
    TOO_LONG_AGO,
    MeetingState,
    WhyNot,
)
from sessions.courses.queries import therapists_for
from sessions.therapies import SessionMode

NO_ORDER = "He is under no order here, so nothing is arranged."
HELD = "It was held. What was recorded of it is put right, not arranged anew."
NOT_ARRANGED = "Nothing is arranged yet."
NOT_A_CLINICIAN = "Select a clinician who may see his record"


@dataclass(frozen=True)
class Arranged:
    """When, how and with whom a review is held, and how he was told of it."""

    starts_at: datetime
    mode: SessionMode
    place: str
    clinician_id: int
    told_way: Way | None = None


@dataclass(frozen=True)
class Happened:
    """That it was held, with whom; or that it was not, and why. `why_not`: it was not."""

    starts_at: datetime
    he_came: bool = False
    officer_came: bool = False
    why_not: WhyNot | None = None


def arrange(*, review_id: int, said: Arranged, seen: int, by: int) -> ReviewMeeting:
    """Arrange a review, or change when and how it is held. Probation hears of it.

    Args:
        seen: how much was recorded of it on the page that was answered.

    Raises:
        CannotBe: the time or the clinician cannot be.
        Refused: it was held, or he is under no order.
        Stale: something was recorded of it meanwhile.
    """
    row, case = locked(review_id)
    before = _last(row, seen)
    if case.state not in UNDER_ORDER:
        raise Refused(NO_ORDER)
    if before is not None and before.state is MeetingState.HELD:
        raise Refused(HELD)
    if wrong := _cannot_be(case, said):
        raise CannotBe(*wrong)
    made = _keep(
        row,
        ReviewMeeting(
            state=MeetingState.PLANNED,
            starts_at=said.starts_at,
            mode=said.mode,
            place=said.place.strip() or None,
            clinician_id=said.clinician_id,
            told_way=said.told_way,
        ),
        seen,
        by,
    )
    audit.record("reviews.arranged", by=by, case_id=case.id, review=row.id)
    _follow(case, made, by)
    return made


def happened(*, review_id: int, said: Happened, seen: int, by: int) -> ReviewMeeting:
    """Record that a review was held, or was not; recorded again, it is put right.

    Raises:
        CannotBe: the time cannot be. Refused: nothing is arranged.
        Stale: something was recorded of it meanwhile.
    """
    row, case = locked(review_id)
    before = _last(row, seen)
    if before is None:
        raise Refused(NOT_ARRANGED)
    if said.why_not is None and said.starts_at > clock.now():
        raise CannotBe(("on", NOT_YET))
    if said.why_not is None and said.starts_at < clock.now() - FURTHEST:
        raise CannotBe(("on", TOO_LONG_AGO))
    if said.why_not is None and not (said.he_came or said.officer_came):
        raise CannotBe(("came", NOBODY))
    held = said.why_not is None
    made = _keep(
        row,
        ReviewMeeting(
            state=MeetingState.HELD if held else MeetingState.NOT_HELD,
            starts_at=said.starts_at if held else before.starts_at,
            mode=before.mode,
            place=before.place,
            clinician_id=before.clinician_id,
            he_came=said.he_came if held else None,
            officer_came=said.officer_came if held else None,
            why_not=said.why_not,
        ),
        seen,
        by,
    )
    audit.record("reviews.happened", by=by, case_id=case.id, review=row.id)
    _follow(case, made, by)
    return made


def locked(review_id: int) -> tuple[Review, Case]:
    """A review with its case, locked until commit."""
    must_be_writing()
    row = db.session.get_one(Review, review_id)
    return row, cases.lock(row.case_id)


def _last(row: Review, seen: int) -> ReviewMeeting | None:
    before = queries.last_meeting(row.id)
    if (before.number if before else 0) != seen:
        raise Stale(before)
    return before


def _cannot_be(case: Case, said: Arranged) -> tuple[tuple[str, str], ...]:
    wrong: list[tuple[str, str]] = []
    if said.starts_at <= clock.now():
        wrong.append(("on", IN_PAST))
    elif said.starts_at > clock.now() + FURTHEST:
        wrong.append(("on", TOO_FAR))
    if said.mode is SessionMode.IN_PERSON and not said.place.strip():
        wrong.append(("place", NO_PLACE))
    home = db.session.get_one(Staff, said.clinician_id).organisation_id
    if said.clinician_id not in {one.id for one in therapists_for(case, home)}:
        wrong.append(("clinician", NOT_A_CLINICIAN))
    return tuple(wrong)


def _keep(row: Review, made: ReviewMeeting, seen: int, by: int) -> ReviewMeeting:
    named = concerned(row.case_id)
    contact = contact_of(row.case_id)
    made.review_id, made.number, made.by_id = row.id, seen + 1, by
    made.officer_id = contact.staff_id if named and contact is not None else None
    db.session.add(made)
    db.session.flush()
    return made


def _follow(case: Case, made: ReviewMeeting, by: int) -> None:
    telling.tell(case, made, by=by)
    due_service.follow(case, by=by)
