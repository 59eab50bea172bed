"""The only writer of a clinician's week. What held until a day stays on record."""

import uuid
from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.transaction import must_be_writing
from sessions.availability.breaking import weighed
from sessions.availability.hours_keeping import DAY, PAST, Stretch, check, locked, place_of, touched
from sessions.availability.kinds import HoursUse
from sessions.availability.models import WeeklyHours
from sessions.availability.open_rules import DaysRange, Weekly, days_from
from sessions.availability.queries import weekly_of
from sessions.availability.week_rules import TOO_FAR, clashes, too_far


def add_weekly(
    *,
    staff_id: int,
    weekday: int,
    stretch: Stretch,
    valid_from: date,
    valid_to: date | None = None,
    every: int = 1,
    version: int,
    by: int,
    accepted: Collection[uuid.UUID] = (),
) -> WeeklyHours:
    """Add a stretch to a clinician's week, from a day on.

    Raises:
        Refused: not a keeper, the times or days do not fit, or he works then already.
        Stale: somebody changed his hours meanwhile.
        WouldBreak: booked sessions do not fit any more, as where supervision takes their time.
    """
    staff, row = locked(staff_id, version, by)
    row.version += 1
    if valid_from < clock.today():
        raise Refused(PAST)
    if too_far(clock.today(), valid_from):
        raise Refused(TOO_FAR)
    return _add(staff, weekday, stretch, DaysRange(valid_from, valid_to), every, by, accepted)


def change_weekly(
    *,
    hours_id: int,
    weekday: int,
    stretch: Stretch,
    since: date,
    every: int = 1,
    version: int,
    by: int,
    accepted: Collection[uuid.UUID] = (),
) -> None:
    """Change a stretch of the week from a day on; until then it stays as it was, on record.

    Raises:
        Refused: not a keeper, the day has passed, it is over by then, or the times do not fit.
        Stale: somebody changed his hours meanwhile.
        WouldBreak: booked sessions do not fit any more.
    """
    held = _held(hours_id)
    staff, row = locked(held.staff_id, version, by)
    if since < clock.today():
        raise Refused(PAST)
    if too_far(clock.today(), since):
        raise Refused(TOO_FAR)
    if held.valid_to is not None and held.valid_to < since:
        raise Refused("These hours are over by then.")
    row.version += 1
    days = DaysRange(_first_day(held, since), held.valid_to)
    with weighed(touched(staff), accepted):
        _stop(held, since - DAY)
        _add(staff, weekday, stretch, days, every, by, None)


def end_weekly(
    *,
    hours_id: int,
    last_day: date,
    version: int,
    by: int,
    accepted: Collection[uuid.UUID] = (),
) -> None:
    """End a stretch of the week with a day; it stays on record.

    Args:
        last_day: the last day on which it holds; yesterday ends it today.

    Raises:
        Refused: not a keeper, or the day lies further back.
        Stale: somebody changed his hours meanwhile.
        WouldBreak: booked sessions lie in these hours.
    """
    held = _held(hours_id)
    staff, row = locked(held.staff_id, version, by)
    if last_day < clock.today() - DAY:
        raise Refused(PAST)
    if held.valid_to is not None and held.valid_to < last_day:
        raise Refused("These hours end before that day already.")
    row.version += 1
    with weighed(touched(staff), accepted):
        _stop(held, last_day)
    audit.record("hours.weekly_ended", by=by, staff=staff.id, hours=hours_id)


def _add(
    staff: Staff,
    weekday: int,
    stretch: Stretch,
    days: DaysRange,
    every: int,
    by: int,
    accepted: Collection[uuid.UUID] | None,
) -> WeeklyHours:
    """Add a stretch of the week. `accepted` is None where the caller weighs it."""
    check(staff, stretch)
    _check_week(staff, weekday, stretch, days, every)
    row = WeeklyHours(
        staff_id=staff.id,
        weekday=weekday,
        starts=stretch.starts,
        ends=stretch.ends,
        use=stretch.use,
        site_id=place_of(stretch),
        every=every,
        valid_from=days.first,
        valid_to=days.last,
    )
    if accepted is None:
        db.session.add(row)
        db.session.flush()
    else:
        with weighed(touched(staff), accepted):
            db.session.add(row)
    audit.record("hours.weekly_added", by=by, staff=staff.id, hours=row.id)
    return row


def _check_week(staff: Staff, weekday: int, stretch: Stretch, days: DaysRange, every: int) -> None:
    if stretch.use is HoursUse.AWAY:
        raise Refused("Time away is entered for a day, or as leave.")
    if weekday not in range(7) or every not in (1, 2, 4):
        raise Refused("Select a day of the week, and every 1, 2 or 4 weeks.")
    if days.last is not None and days.last < days.first:
        raise Refused("The last day must not lie before the first.")
    new = Weekly(weekday, stretch.starts, stretch.ends, days, stretch.use, every=every)
    held = db.session.scalars(select(WeeklyHours).where(WeeklyHours.staff_id == staff.id))
    if clashes(new, map(weekly_of, held)):
        raise Refused("He works at that time already. Change those hours, or end them first.")


def _first_day(held: WeeklyHours, since: date) -> date:
    """The next day on which it is: every few weeks stay the weeks they were."""
    usual, first = weekly_of(held), max(since, held.valid_from)
    ahead = days_from(first, first + 27 * DAY)
    return next((day for day in ahead if usual.on(day)), first)


def _stop(held: WeeklyHours, last_day: date) -> None:
    """Let hours end with a day. Those that never held are gone."""
    if last_day < held.valid_from:
        db.session.delete(held)
    else:
        held.valid_to = last_day
    db.session.flush()


def _held(hours_id: int) -> WeeklyHours:
    must_be_writing()
    row = db.session.get(WeeklyHours, hours_id)
    if row is None:
        raise NotFound
    return row
