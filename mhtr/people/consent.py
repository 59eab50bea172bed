"""What he agreed to: rows are only ever added, and the last one on an item holds."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time

from sqlalchemy import select

from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import must_be_writing
from mhtr.people.consent_wording import TOLD_VERSION, by_version, current
from mhtr.people.models import ConsentDecision, ConsentEvent, ConsentItem, Person, Told
from mhtr.people.queries import record_ids
from mhtr.people.rules import BEFORE_BIRTH

HOW = {
    "face_to_face": "Face to face",
    "telephone": "By telephone",
    "video": "By video",
    "writing": "In writing",
}
_NOON = time(12)


class WrongDay(Refused):
    """The day on which he is said to have answered cannot be."""


def record_consent(
    *,
    person_id: int,
    item: ConsentItem,
    decision: ConsentDecision,
    how: str,
    at: datetime,
    by: int,
    scope: str = "",
    wording_version: str = "",
    held: Mapping[ConsentItem, ConsentEvent] | None = None,
) -> ConsentEvent:
    """Add a decision. Nothing is deleted: a withdrawal stands beside what it withdraws.

    Args:
        at: when he said it, not later than now.
        scope: for `SHARING_MORE`, exactly what may be told.
        wording_version: the text read to him; without one, today's.
        held: by item the decision that counted until now; without it, the last he made at all.

    Raises:
        Refused: never given, still to come, an unknown text, or nothing named to be shared.
    """
    must_be_writing()
    _check(person_id, item, decision, how, at, scope, held)
    event = ConsentEvent(
        person_id=person_id,
        item=item,
        decision=decision,
        wording_version=_version(item, at, wording_version),
        how=how,
        scope=scope.strip(),
        at=at,
        recorded_by=by,
        recorded_at=clock.now(),
    )
    db.session.add(event)
    db.session.flush()
    audit.record("people.consent_recorded", by=by, event=event.id, item=item.value)
    return event


def _version(item: ConsentItem, at: datetime, named: str) -> str:
    version = named or current(item, at.astimezone(clock.LONDON).date()).version
    read = by_version(version)
    if read is None or read.item is not item:
        raise Refused("The text read to him is not one of this item.")
    return version


def _check(
    person_id: int,
    item: ConsentItem,
    decision: ConsentDecision,
    how: str,
    at: datetime,
    scope: str,
    held: Mapping[ConsentItem, ConsentEvent] | None,
) -> None:
    if how not in HOW:
        raise Refused("Say how he told you.")
    if at > clock.now():
        raise WrongDay("He cannot have said it in the future.")
    born = db.session.get_one(Person, person_id).born
    if born is not None and at.astimezone(clock.LONDON).date() < born:
        raise WrongDay(f"{BEFORE_BIRTH}.")
    last = (standing(person_id) if held is None else held).get(item)
    given = last is not None and last.decision is ConsentDecision.GIVEN
    if decision is ConsentDecision.WITHDRAWN and not given:
        raise Refused("He has not agreed to this, so he cannot withdraw it.")
    if last is not None and _minute(at) < _minute(last.at):
        raise WrongDay("A later decision is already recorded: check the day and time.")
    if item is ConsentItem.SHARING_MORE and decision is ConsentDecision.GIVEN and not scope.strip():
        raise Refused("Write what may be told, in his words.")


def said_at(event: ConsentEvent) -> datetime:
    """When he said it, for pages: where the hour is not known, a moment that shows the day only.

    Earlier versions wrote noon of the day he was seen, and what was written is never changed. Noon
    written down on a later day is taken for that.
    """
    local, recorded = (at.astimezone(clock.LONDON) for at in (event.at, event.recorded_at))
    nobody_knows = local.time() == _NOON and recorded.date() > local.date()
    return clock.some_time_on(local.date()) if nobody_knows else event.at


def standing(person_id: int) -> dict[ConsentItem, ConsentEvent]:
    """The decision that holds on each item he was asked about."""
    return latest(events(person_id))


def latest(said: Iterable[ConsentEvent]) -> dict[ConsentItem, ConsentEvent]:
    """Of decisions in the order in which he made them, the last on each item."""
    return {event.item: event for event in said}


def events(person_id: int) -> list[ConsentEvent]:
    """Every decision of his, in the order in which he made them."""
    rows = db.session.scalars(
        select(ConsentEvent).where(ConsentEvent.person_id.in_(record_ids(person_id)))
    )
    return sorted(rows, key=when_said)


def when_said(event: ConsentEvent) -> tuple[datetime, int]:
    """Where a decision stands among his others, the earliest first.

    Of one minute, which is as fine as anybody is asked, in the order in which they were recorded.
    """
    return _minute(event.at), event.id


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def record_told(*, person_id: int, how: str, by: int) -> Told:
    """Note that he has just been told what goes to his probation officer. He is not asked.

    Raises:
        Refused: how he was told is not said.
    """
    must_be_writing()
    if how not in HOW:
        raise Refused("Say how he was told.")
    row = Told(
        person_id=person_id, wording_version=TOLD_VERSION, how=how, at=clock.now(), recorded_by=by
    )
    db.session.add(row)
    db.session.flush()
    audit.record("people.told", by=by, told=row.id)
    return row


def tellings(person_id: int) -> list[Told]:
    """When he was told, the newest first."""
    return list(
        db.session.scalars(
            select(Told).where(Told.person_id.in_(record_ids(person_id))).order_by(Told.id.desc())
        )
    )
