"""Groups: making their meetings. `seat_service` gives men places in them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from mhtr.accounts.models import Staff
from mhtr.core import audit
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import must_be_writing
from sessions.booking import news
from sessions.booking.diary_queries import diary
from sessions.booking.holding import (
    check,
    hold,
    lock_resources,
    races,
)
from sessions.booking.models import TreatmentSession
from sessions.booking.service import NOTHING
from sessions.booking.shapes import Place, Wanted, london_day
from sessions.booking.spacing import with_taken
from sessions.booking.wishes import general
from sessions.therapies import Therapy

SHORTEST, LONGEST = timedelta(minutes=15), timedelta(hours=4)


@dataclass(frozen=True)
class Group:
    """What a group is."""

    title: str
    therapy: Therapy
    capacity: int
    """Men who can come."""


@races
def make_group(*, group: Group, places: Sequence[Place], by: int) -> list[TreatmentSession]:
    """Book the sessions of a group; nobody has a place in it yet.

    Raises:
        JustTaken: somebody else has taken one of the times.
        Refused: no title, a capacity that is none; or one of the times is not possible.
    """
    must_be_writing()
    _check_group(group, places)
    lock_resources(places)
    organisation_id = db.session.get_one(Staff, by).organisation_id
    days = [london_day(one.span.starts_at) for one in places]
    found = diary(organisation_id, [], min(days), max(days))
    series, made = uuid.uuid4(), []
    for place in sorted(places, key=lambda one: one.span):
        check(_of_group(group, place), found, place, named=len(places) > 1)
        row = _row(group, place, organisation_id, series, by)
        db.session.add(row)
        db.session.flush()
        hold(row, found, place)
        found = with_taken(found, place)
        audit.record("booking.group_made", by=by, session=row.id)
        made.append(row)
    news.tell(news.BOOKED, [(row, None) for row in made], by=by)
    return made


def _check_group(group: Group, places: Sequence[Place]) -> None:
    if not group.title.strip():
        raise Refused("Enter a name for the group.")
    if not 2 <= group.capacity <= 40:
        raise Refused("A group is for 2 to 40 men.")
    if not places:
        raise Refused(NOTHING)
    if not all(SHORTEST <= one.span.ends_at - one.span.starts_at <= LONGEST for one in places):
        raise Refused("A meeting lasts 15 minutes to 4 hours.")


def _row(
    group: Group, place: Place, organisation_id: int, series: uuid.UUID, by: int
) -> TreatmentSession:
    return TreatmentSession(
        organisation_id=organisation_id,
        clinician_id=place.clinician_id,
        therapy=group.therapy,
        mode=place.mode,
        site_id=place.site_id,
        room_id=place.room_id,
        starts_at=place.span.starts_at,
        ends_at=place.span.ends_at,
        in_group=True,
        title=group.title.strip(),
        capacity=group.capacity,
        series=series,
        by_id=by,
    )


def _of_group(group: Group, place: Place) -> Wanted:
    minutes = int((place.span.ends_at - place.span.starts_at).total_seconds() // 60)
    return replace(
        general((), minutes), therapy=group.therapy, in_group=True, places=group.capacity
    )
