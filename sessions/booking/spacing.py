"""Times for several sessions at once: a course from its first one, or a change of those after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from sessions.availability.shapes import Span
from sessions.booking.finding import possible, score_of, stretch, why_not
from sessions.booking.lanes import Lane, lane_of
from sessions.booking.shapes import (
    LONDON,
    Diary,
    Place,
    Slot,
    Usual,
    Wanted,
    london_day,
    london_minute,
)
from sessions.therapies import SessionMode


@dataclass(frozen=True, slots=True)
class Gaps:
    """Days since the session before: the least, the ideal and the most."""

    least: int
    ideal: int
    most: int


@dataclass(frozen=True, slots=True)
class Step:
    """One session of several, and what was found for it."""

    key: int
    """The caller's: of the session of the course, or of the booking that moves."""
    slot: Slot | None
    """None: no time was found."""
    late: bool = False
    """Later than the most days after the session before, because nothing sooner is free."""


@dataclass(frozen=True, slots=True)
class Next:
    """One session that follows: its length and gaps, and the caller's key."""

    key: int
    wanted: Wanted
    gaps: Gaps


def following(first: Slot, rest: Sequence[Next], diary: Diary) -> list[Step]:
    """A time for each of the sessions after the first, each spaced from the one before it.

    The same therapist, weekday and time are kept where they are possible. Where nothing is free
    within the most days, the earliest later time is taken and marked. After one for which there
    is no time at all, none of the later ones has one either: they would come out of order.
    """
    found: list[Step] = []
    before = first
    held = with_taken(diary, first.place)
    for number, one in enumerate(rest):
        step = _next(one, before, held)
        if step.slot is None:
            return [*found, *(Step(each.key, None) for each in rest[number:])]
        found.append(step)
        held, before = with_taken(held, step.slot.place), step.slot
    return found


def _next(one: Next, before: Slot, diary: Diary) -> Step:
    place, day = before.place, london_day(before.starts_at)
    wanted = replace(
        one.wanted,
        first=day + timedelta(days=one.gaps.least),
        ideal=day + timedelta(days=one.gaps.ideal),
        last=day + timedelta(days=one.gaps.most),
        therapist_id=place.clinician_id,
        usual=Usual(london_minute(before.starts_at), place.site_id, place.mode),
    )
    same = _same(wanted, place, diary)
    if same is not None:
        return Step(one.key, same)
    within = possible(wanted, _days(diary, wanted.first, wanted.last))
    if within:
        return Step(one.key, within[0])
    later = possible(replace(wanted, last=None), _days(diary, wanted.last, None))
    return Step(one.key, later[0] if later else None, late=bool(later))


def _same(wanted: Wanted, place: Place, diary: Diary) -> Slot | None:
    """The ideal day at the same time with the same clinician and room, where that is possible."""
    if wanted.ideal is None:
        return None
    starts = on_the_wall(wanted.ideal, london_minute(place.span.starts_at))
    if starts is None:
        return None
    span = Span(starts, starts + timedelta(minutes=wanted.minutes))
    again = replace(place, span=span)
    return None if why_not(wanted, diary, again) else slot_of(wanted, diary, again)


def slot_of(wanted: Wanted, diary: Diary, place: Place) -> Slot:
    """A place and time with the names of clinician and room, and its score."""
    room = diary.rooms.get(place.room_id or 0)
    clinician = diary.clinicians[place.clinician_id]
    return Slot(
        place,
        score_of(wanted, place),
        clinician.name,
        room.name if room else "",
        room.site_name if room else "",
    )


def on_the_wall(day: date, minute: int) -> datetime | None:
    """A minute of a London day as a moment in UTC; None where the clocks skip it."""
    local = datetime.combine(day, time(minute // 60, minute % 60), LONDON)
    moment = local.astimezone(UTC)
    back = moment.astimezone(LONDON)
    return moment if (back.hour, back.minute) == (local.hour, local.minute) else None


def with_taken(diary: Diary, place: Place) -> Diary:
    """The diary with this time taken too: of the clinician, the room and every man."""
    taken = dict(diary.taken)
    for lane, span in taken_by(diary, place).items():
        taken[lane] = tuple(sorted((*taken.get(lane, ()), span)))
    return replace(diary, taken=taken)


def taken_by(diary: Diary, place: Place) -> Mapping[int, Span]:
    """What a session takes, by lane. Only the clinician's time has some kept free after it."""
    lanes = {lane_of(Lane.MAN, man.person_id): place.span for man in diary.men}
    clinician = diary.clinicians[place.clinician_id]
    lanes[lane_of(Lane.CLINICIAN, place.clinician_id)] = stretch(clinician, place.span)
    if place.room_id is not None:
        lanes[lane_of(Lane.ROOM, place.room_id)] = place.span
    return lanes


def _days(diary: Diary, first: date | None, last: date | None) -> Diary:
    """The diary with clinicians' hours of these days only: nothing else has to be tried."""

    def on(starts: datetime, ends: datetime) -> bool:
        return (first is None or london_day(ends) >= first) and (
            last is None or london_day(starts) <= last
        )

    clinicians = {
        key: replace(one, open=tuple(o for o in one.open if on(o.span.starts_at, o.span.ends_at)))
        for key, one in diary.clinicians.items()
    }
    return replace(diary, clinicians=clinicians)


@dataclass(frozen=True, slots=True)
class Held:
    """A booked session that is to move with another."""

    key: int
    place: Place
    wanted: Wanted
    """With the days that its neighbours ask for where these do not move."""
    least: int = 1
    """Days since the session before, at least, where that moves too."""
    own: Diary | None = None
    """Of those who come to it, where they are not those of every other one."""


def moved_along(was: Held, now: Place, rest: Sequence[Held], diary: Diary) -> list[Step]:
    """New times for the sessions that move with one: as many days off, at its new time of day.

    Where that is not possible, the best of the same week is taken; None where there is none. Each
    keeps its least days from the one before it. The diary leaves out what the sessions that move
    have taken until now.
    """
    days = (london_day(now.span.starts_at) - london_day(was.place.span.starts_at)).days
    held, found = _also(diary, was, now), []
    before: date | None = None
    for one in sorted((was, *rest), key=lambda each: each.place.span):
        if one is was:
            before = london_day(now.span.starts_at)
            continue
        earlier = one.place.span < was.place.span
        step = _along(_kept_off(one, before, was, now, earlier=earlier), now, days, held)
        found.append(step)
        if step.slot is not None:
            held = _also(held, one, step.slot.place)
            before = london_day(step.slot.starts_at)
    return found


def _also(diary: Diary, one: Held, place: Place) -> Diary:
    """The whole diary with a time taken too by those who come to one of the sessions."""
    own = replace(one.own, taken=diary.taken) if one.own else diary
    return replace(diary, taken=with_taken(own, place).taken)


def _kept_off(one: Held, before: date | None, was: Held, now: Place, *, earlier: bool) -> Held:
    """The session, its least days from the one before it, and before what it goes ahead of."""
    wanted = one.wanted
    if before is not None:
        first = before + timedelta(days=one.least)
        wanted = replace(wanted, first=max(first, wanted.first or first))
    ahead = replace(wanted, until=london_day(now.span.starts_at), least_after=was.least)
    if earlier and (wanted.latest is None or (ahead.latest or wanted.latest) < wanted.latest):
        wanted = ahead
    return replace(one, wanted=wanted)


def _along(one: Held, now: Place, days: int, diary: Diary) -> Step:
    ideal = london_day(one.place.span.starts_at) + timedelta(days=days)
    monday = ideal - timedelta(days=ideal.weekday())
    wanted = replace(
        one.wanted,
        ideal=ideal,
        last=None,
        therapist_id=now.clinician_id,
        usual=Usual(london_minute(now.span.starts_at), now.site_id, now.mode),
    )
    own = replace(one.own, taken=diary.taken) if one.own else diary
    mode: SessionMode = now.mode
    same = _same(wanted, now, own)
    if same is not None:
        return Step(one.key, same)
    week = _days(own, monday, monday + timedelta(days=6))
    found = possible(wanted, week, modes=(mode,)) or possible(wanted, week)
    return Step(one.key, found[0] if found else None)
