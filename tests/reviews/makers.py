"""A man under an order with a planned course, whose reviews are due."""

from datetime import datetime, timedelta
from typing import Any

from mhtr.accounts.models import Staff
from mhtr.compliance.contact_rules import Way
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.orders.service import Recorded
from mhtr.reviews import building, due_service, point_service, queries, service, signing
from mhtr.reviews.models import Review, ReviewItem
from mhtr.reviews.point_service import Said
from mhtr.reviews.rules import Party, Signs, Topic, WhyNot
from mhtr.reviews.service import Arranged, Happened
from mhtr.reviews.sheet import Sheet, content_hash
from sessions.courses.kinds import ReviewPoint
from sessions.therapies import SessionMode
from tests.ending.makers import Finishing, finishing
from tests.worlds import world

BOTH = {Party.HIM: True, Party.THERAPIST: True}


@world
def due(said: Recorded | None = None, *, supervised: bool = True) -> Finishing:
    """His two sessions are over and nothing is recorded of them; the job has looked once."""
    made = finishing(said, supervised=supervised)
    look()
    return made


def look() -> int:
    """The hourly job."""
    with writing():
        return due_service.look(clock.now())


def review_of(of: Finishing, point: ReviewPoint = ReviewPoint.MIDDLE) -> Review:
    """One of his reviews."""
    return next(one for one in queries.reviews_of(of.case.id) if one.point is point)


def seen_of(row: Review) -> int:
    """How much was recorded of when it is held."""
    meeting = queries.last_meeting(row.id)
    return meeting.number if meeting else 0


def arranged(
    of: Finishing, *, at: datetime | None = None, by: Staff | None = None, **more: Any
) -> Review:
    """The review at the middle, in two days, held by his therapist."""
    row, therapist = review_of(of), of.man.therapist
    said: dict[str, Any] = {
        "starts_at": at or clock.now() + timedelta(days=2),
        "mode": SessionMode.IN_PERSON,
        "place": "Room 2",
        "clinician_id": therapist.id,
        **more,
    }
    review_id, seen, by_id = row.id, said.pop("seen", seen_of(row)), (by or therapist).id
    with writing():
        service.arrange(review_id=review_id, said=Arranged(**said), seen=seen, by=by_id)
    return review_of(of)


def held(
    of: Finishing, *, at: datetime | None = None, came: tuple[Party, ...] = tuple(BOTH),
    why_not: WhyNot | None = None, seen: int | None = None, by: Staff | None = None,
) -> Review:  # fmt: skip
    """It was held an hour ago with him; or was not."""
    row = review_of(of)
    said = Happened(
        at or clock.now() - timedelta(hours=1), Party.HIM in came, Party.OFFICER in came, why_not
    )
    review_id, by_id = row.id, (by or of.man.therapist).id
    number = seen_of(row) if seen is None else seen
    with writing():
        service.happened(review_id=review_id, said=said, seen=number, by=by_id)
    return review_of(of)


def point(
    of: Finishing,
    words: str = "The bus is late on Fridays",
    shares: dict[Party, bool] | None = None,
    *,
    side: Party = Party.HIM,
    instead: ReviewItem | None = None,
) -> ReviewItem:
    """A point of his, as his therapist writes it down; shared by both unless said otherwise."""
    given = BOTH if shares is None else shares
    said = Said(Topic.OBSTACLES, words, given, Way.IN_PERSON if Party.HIM in given else None)
    review_id, by_id = review_of(of).id, of.man.therapist.id
    ref = instead.ref if instead is not None else None
    with writing():
        return point_service.bring(review_id=review_id, side=side, said=said, by=by_id, instead=ref)


def probations(of: Finishing, words: str = "Thursdays are kept free", **more: Any) -> None:
    """A point of probation's."""
    review_id, by_id = review_of(of).id, more.pop("by", of.world.officer).id
    with writing():
        point_service.bring_for_probation(
            review_id=review_id, topic=Topic.NEXT, words=words, by=by_id, **more
        )


def sheet_of(of: Finishing) -> Sheet:
    """What is signed now."""
    found = building.sheet_now(review_of(of))
    assert found is not None
    return found


def signed(
    of: Finishing,
    party: Party,
    signs: Signs = Signs.SIGNED,
    *,
    by: Staff | None = None,
    content: str | None = None,
    way: Way | None = None,
) -> None:
    """One of the three says something of the sheet as it stands."""
    who = by or (of.world.officer if party is Party.OFFICER else of.man.therapist)
    if way is None and party is Party.HIM:
        way = Way.IN_PERSON
    review_id, by_id = review_of(of).id, who.id
    digest = content or content_hash(sheet_of(of))
    db.session.rollback()
    with writing():
        signing.sign(
            review_id=review_id, party=party, signs=signs, way=way, content=digest, by=by_id
        )


def said_of(of: Finishing) -> dict[Party, Signs]:
    """What each said of the sheet as it stands."""
    on = building.current(review_of(of), sheet_of(of))
    return dict(on.signs) if on is not None else {}
