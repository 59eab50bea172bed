"""What the page “Find a time” shows: the best times, and a week with reasons where none is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from mhtr.core import clock
from sessions.availability.shapes import ClinicianOpen, Span
from sessions.booking.finding import BY_MODE, MODES, PASSED, nearest, possible, why_not
from sessions.booking.search import STEP, Found, best, only, why_good
from sessions.booking.shapes import Diary, Place, Slot, Wanted
from sessions.booking.spacing import on_the_wall, slot_of
from sessions.booking.tokens import Refs, refs_of
from sessions.therapies import SessionMode

_DAY = timedelta(days=1)
Words = tuple[str, ...]


@dataclass(frozen=True)
class Offer:
    """One time that can be booked."""

    token: str
    starts_at: datetime
    clinician: str
    how: str
    why: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """A time of a day that can be booked, or a stretch that cannot, and why."""

    starts: str
    ends: str
    offer: Offer | None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Day:
    """One day of the week shown."""

    day: date
    lines: tuple[Line, ...]
    closed: str
    """Why nothing of the day can be booked, where that is one and the same reason."""


@dataclass(frozen=True)
class Checked:
    """Whether a time somebody typed is possible."""

    starts_at: datetime
    offer: Offer | None
    reasons: tuple[str, ...]
    instead: tuple[Offer, ...]


class Offers:
    """Makes offers of slots: references are read once for all of them."""

    def __init__(self, search: Found, why: Callable[[Slot, Wanted], Words] = why_good) -> None:
        self._wanted, self._why = search.wanted, why
        self._refs: Refs = refs_of(search.diary.clinicians, search.diary.rooms)

    def of(self, slot: Slot) -> Offer:
        """One slot as the page shows it."""
        return Offer(
            self._refs.token(slot.place),
            slot.starts_at,
            slot.clinician,
            f"{slot.room} at {slot.site}" if slot.room else BY_MODE[slot.place.mode],
            self._why(slot, self._wanted),
        )


def ranked(search: Found, offers: Offers) -> list[Offer]:
    """The best times, the best first."""
    return [offers.of(slot) for slot in best(search.slots)]


def week(
    search: Found, offers: Offers, monday: date, staff_id: int | None, mode: SessionMode | None
) -> list[Day]:
    """Every half hour of a week: what can be booked, and why the rest cannot.

    Args:
        staff_id: only times with this clinician.
        mode: only times in this way.
    """
    clinicians = only(search.diary, staff_id)
    shown = replace(search.diary, clinicians=clinicians)
    wanted = replace(search.wanted, last=None) if search.note else search.wanted
    near = replace(shown, clinicians=_near(clinicians, monday))
    slots = possible(wanted, near, modes=(mode,) if mode else MODES, step=STEP)
    by_start: dict[datetime, Slot] = {}
    for slot in slots:
        by_start.setdefault(slot.starts_at, slot)
    about = _about(replace(search, wanted=wanted), shown, staff_id, mode)
    return [
        _day(monday + n * _DAY, by_start, offers, about)
        for n in range(7)
        if n < 5 or _opens(shown, monday + n * _DAY)
    ]


def _near(clinicians: Mapping[int, ClinicianOpen], monday: date) -> dict[int, ClinicianOpen]:
    """The clinicians with their hours of a week, and of the days beside it: hours can meet."""
    first = datetime.combine(monday - _DAY, time(), clock.LONDON)
    last = datetime.combine(monday + 8 * _DAY, time(), clock.LONDON)
    return {
        key: replace(
            one,
            open=tuple(
                each
                for each in one.open
                if each.span.starts_at < last and each.span.ends_at > first
            ),
        )
        for key, one in clinicians.items()
    }


@dataclass(frozen=True)
class _About:
    """With whom and how a time is asked for, where reasons are given."""

    search: Found
    diary: Diary
    staff_id: int | None
    mode: SessionMode


def _about(search: Found, shown: Diary, staff_id: int | None, mode: SessionMode | None) -> _About:
    """His therapist where he is among those shown, else the first of them."""
    therapist = search.wanted.therapist_id
    asked = staff_id or (therapist if therapist in shown.clinicians else None)
    ways = search.diary.men[0].modes if search.diary.men else frozenset(SessionMode)
    first = next(one for one in MODES if one in ways) if ways else SessionMode.IN_PERSON
    return _About(search, shown, asked or next(iter(shown.clinicians), None), mode or first)


def _opens(found: Diary, day: date) -> bool:
    return any(
        each.span.starts_at.astimezone(clock.LONDON).date() == day
        for one in found.clinicians.values()
        for each in one.open
    )


def _day(day: date, by_start: dict[datetime, Slot], offers: Offers, about: _About) -> Day:
    first, last = _hours(day, about)
    lines: list[Line] = []
    for minute in range(first, last, STEP):
        starts = on_the_wall(day, minute)
        if starts is None:
            continue
        slot = by_start.get(starts)
        if slot is not None:
            lines.append(Line(_hm(minute), "", offers.of(slot)))
            continue
        reasons = _reasons(starts, about)
        before = lines[-1] if lines else None
        if before is not None and before.offer is None and before.reasons == reasons:
            lines[-1] = replace(before, ends=_hm(minute + STEP))
        else:
            lines.append(Line(_hm(minute), _hm(minute + STEP), None, reasons))
    if len(lines) == 1 and lines[0].offer is None:
        return Day(day, (), " ".join(lines[0].reasons))
    return Day(day, tuple(lines), "" if lines else "Nobody sees people on this day.")


def _hours(day: date, about: _About) -> tuple[int, int]:
    """From the first to the last minute at which anybody shown sees people that day."""
    minutes = [
        (each.span.starts_at.astimezone(clock.LONDON), each.span.ends_at.astimezone(clock.LONDON))
        for one in about.diary.clinicians.values()
        for each in one.open
        if each.span.starts_at.astimezone(clock.LONDON).date() == day
    ]
    if not minutes:
        return 0, 0
    first = min(one.hour * 60 + one.minute for one, _ in minutes)
    ends = max(24 * 60 if end.date() > day else end.hour * 60 + end.minute for _, end in minutes)
    return first - first % STEP, max(ends - about.search.wanted.minutes + STEP, first + STEP)


def _reasons(starts: datetime, about: _About) -> tuple[str, ...]:
    if about.staff_id is None:
        return ("Nobody can be booked.",)
    if starts < about.search.wanted.now:
        return (PASSED,)  # whatever else would stand against it
    span = Span(starts, starts + timedelta(minutes=about.search.wanted.minutes))
    found = _anywhere(span, about)
    return found or ("No room is free then.",)


def _anywhere(span: Span, about: _About) -> tuple[str, ...]:
    """The reasons against a time, at the place where its clinician works then."""
    if about.staff_id is None:
        return ()
    clinician = about.diary.clinicians[about.staff_id]
    site = next(
        (one.site_id for one in clinician.open if one.span.overlaps(span) and one.site_id), None
    )
    place = Place(
        about.staff_id,
        about.mode,
        span,
        site if about.mode is SessionMode.IN_PERSON else None,
    )
    reasons = why_not(about.search.wanted, about.diary, place)
    if site is None:
        # Where nobody works there is no place to speak of.
        reasons = tuple(one for one in reasons if "room" not in one)
    return tuple(one for one in reasons if one != "A room has to be chosen.")


def check(
    search: Found, offers: Offers, day: date, at: time, staff_id: int, mode: SessionMode
) -> Checked | None:
    """Whether a session can begin then with this clinician; None where the clocks skip it."""
    starts = on_the_wall(day, at.hour * 60 + at.minute)
    if starts is None:
        return None
    span = Span(starts, starts + timedelta(minutes=search.wanted.minutes))
    # Beyond the most days a time is late, and yet possible.
    wanted = replace(search.wanted, last=None)
    about = _About(replace(search, wanted=wanted), search.diary, staff_id, mode)
    slot = _exactly(about, span)
    if slot is not None:
        return Checked(starts, offers.of(slot), (), ())
    instead = tuple(offers.of(one) for one in nearest(best(search.slots, 60), starts))
    return Checked(starts, None, _anywhere(span, about) or ("No room is free then.",), instead)


def _exactly(about: _About, span: Span) -> Slot | None:
    """The time with this clinician, in the smallest room that suits where it needs one."""
    wanted, found, key = about.search.wanted, about.diary, about.staff_id or 0
    if about.mode is SessionMode.IN_PERSON:
        rooms = sorted(found.rooms.values(), key=lambda one: (one.capacity, one.name))
        tried = [Place(key, about.mode, span, one.site_id, one.room_id) for one in rooms]
    else:
        tried = [Place(key, about.mode, span)]
    place = next((one for one in tried if not why_not(wanted, found, one)), None)
    return slot_of(wanted, found, place) if place else None


def _hm(minute: int) -> str:
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"
