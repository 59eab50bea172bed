"""Who looks at a sign of risk, and by when: always a named person.

The assessor, while he is on duty; otherwise the duty clinician of the rota; otherwise a clinical
lead. Outside service hours it is due at the next opening, with a person named already.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from mhtr.core.working_days import bank_holidays
from mhtr.tasks.cover_rules import Calendar

LONDON = ZoneInfo("Europe/London")
_LOOK_AHEAD_DAYS = 60
_UNSET_HOURS = (time(9), time(17))


class NobodyToAsk(ValueError):
    """There is neither an assessor nor a duty clinician nor a clinical lead."""


@dataclass(frozen=True)
class RiskPolicy:
    """Policy value: how soon, in minutes within service hours, a clinician looks."""

    review_within_minutes: int = 60


@dataclass(frozen=True)
class Hours:
    """Service hours by weekday (0 Monday; local time), and days that differ from the rule."""

    by_weekday: Mapping[int, tuple[time, time]]
    closed: frozenset[date] = frozenset()
    opened: frozenset[date] = frozenset()

    @property
    def unset(self) -> bool:
        """Nothing was ever said about when the service is open."""
        return not self.by_weekday and not self.opened

    def on(self, day: date) -> tuple[time, time] | None:
        """Opening and closing time of a day, None where the service stays closed."""
        usual = self.by_weekday.get(day.weekday())
        if day in self.closed:
            return None
        if day in self.opened:
            return usual or next(iter(self.by_weekday.values()), _UNSET_HOURS)
        return None if day in bank_holidays(day.year) else usual


@dataclass(frozen=True)
class Absence:
    """A person's leave, first and last day included, and who covers."""

    staff_id: int
    first: date
    last: date
    cover_id: int | None = None


@dataclass(frozen=True)
class Rota:
    """All that decides who is there. `duty` lists shifts, `leads` clinical leads, in order."""

    hours: Hours | Calendar
    duty: tuple[tuple[date, int], ...] = ()
    leads: tuple[int, ...] = ()
    absences: tuple[Absence, ...] = ()
    working: frozenset[int] | None = None
    """Staff who can sign in at all; None: no limit."""


@dataclass(frozen=True)
class Owner:
    """The named person, the moment by which he looks, and why it is he."""

    staff_id: int
    due_at: datetime
    reasons: tuple[str, ...] = field(default=())


def risk_owner(
    moment: datetime, assessor_id: int | None, rota: Rota, policy: RiskPolicy | None = None
) -> Owner:
    """Name who looks at a sign of risk that came up at `moment` (aware).

    Raises:
        NobodyToAsk: no assessor, no duty clinician, no clinical lead.
        ValueError: a moment without a zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    local = moment.astimezone(LONDON)
    within = timedelta(minutes=(policy or RiskPolicy()).review_within_minutes)
    if rota.hours.unset:
        words = "No service hours are set, so it is due at once."
        return _named(assessor_id, local.date(), rota, moment + within, (words,), on_duty=True)
    hours = rota.hours.on(local.date())
    if hours is not None and hours[0] <= local.time() < hours[1]:
        closing = datetime.combine(local.date(), hours[1], LONDON)
        due = min(moment + within, closing)
        return _named(assessor_id, local.date(), rota, due, (), on_duty=True)
    opening = _next_opening(local, rota.hours)
    if opening is None:
        # A rota that never opens must not lose an answer: somebody is named, due at once.
        words = "No opening of the service is on file, so it is due at once."
        return _named(assessor_id, local.date(), rota, moment + within, (words,), on_duty=True)
    words = f"Outside service hours: due at the next opening, {_words(opening)}."
    return _named(assessor_id, opening.date(), rota, opening, (words,), on_duty=False)


def _named(
    assessor_id: int | None,
    day: date,
    rota: Rota,
    due_at: datetime,
    notes: tuple[str, ...],
    *,
    on_duty: bool,
) -> Owner:
    if assessor_id is not None and on_duty and _there(assessor_id, day, rota):
        return Owner(assessor_id, due_at, ("The assessor is on duty.", *notes))
    why = "The assessor is away." if on_duty else ""
    shifts = [staff_id for shift, staff_id in rota.duty if shift == day]
    for words, people in (
        ("Duty clinician of the day.", shifts),
        ("Clinical lead: no duty clinician is there that day.", rota.leads),
    ):
        found = _first_there(people, day, rota)
        if found is not None:
            staff_id, cover = found
            return Owner(staff_id, due_at, tuple(w for w in (why, words, cover, *notes) if w))
    later = _later(assessor_id, datetime.combine(day, time(0), LONDON), due_at, rota)
    if later is not None:
        return replace(later, reasons=(*later.reasons, *notes))
    last = next(iter((*shifts, *rota.leads)), None) if assessor_id is None else assessor_id
    if last is None:
        raise NobodyToAsk("No clinician is on the rota and no clinical lead is on record.")
    return Owner(last, due_at, ("Nobody else is on the rota that day.", *notes))


def next_owner(moment: datetime, former_id: int | None, rota: Rota) -> Owner | None:
    """Who takes over from somebody who cannot see to it; None where nobody ever is at work.

    Whoever covers his leave that day comes first, then the rota's people; where none of them is
    there, the first clinician who is, on the next day on which somebody is.

    `due_at` is when he is at work: now, or the opening until which it waits.

    Args:
        rota: without the former owner and whoever must not see the case.
    """
    for day, opening in _days(moment, rota.hours):
        covers = [
            one.cover_id
            for one in rota.absences
            if one.staff_id == former_id and one.first <= day <= one.last and one.cover_id
        ]
        found = _at_work((*covers,), None, day, rota)
        if found is not None:
            staff_id, words = found
            return Owner(staff_id, opening, (words,))
    return None


def openings(moment: datetime, rota: Rota) -> Iterator[datetime]:
    """When the service can look from a moment on: now if it is open, then at each opening."""
    return (when for _, when in _days(moment, rota.hours))


def next_at_work(moment: datetime, staff_id: int, rota: Rota) -> datetime | None:
    """When somebody is at work from a moment on; None if not within two months."""
    openings = (when for day, when in _days(moment, rota.hours) if _there(staff_id, day, rota))
    return next(openings, None)


def _later(assessor_id: int | None, moment: datetime, due_at: datetime, rota: Rota) -> Owner | None:
    """The first day on which anybody is there, and who: nothing waits for somebody who is away."""
    for day, opening in _days(moment, rota.hours):
        found = _at_work((), assessor_id, day, rota)
        if found is not None:
            waits = f"Nobody of the rota is there before {_words(opening)}."
            return Owner(found[0], max(due_at, opening), (waits, found[1]))
    return None


def _at_work(
    first: Collection[int], assessor_id: int | None, day: date, rota: Rota
) -> tuple[int, str] | None:
    assessor = () if assessor_id is None else (assessor_id,)
    for words, people in (
        ("Covers the leave of the owner before.", tuple(first)),
        ("Duty clinician of the day.", [one for shift, one in rota.duty if shift == day]),
        ("Clinical lead.", rota.leads),
        ("The assessor.", assessor),
        ("At work when nobody of the rota is.", sorted(rota.working or ())),
    ):
        found = _first_there(people, day, rota)
        if found is not None:
            return found[0], words
    return None


def _days(moment: datetime, hours: Hours | Calendar) -> Iterator[tuple[date, datetime]]:
    """Each day from a moment on that the service still opens, with when; all where none is set."""
    local = moment.astimezone(LONDON)
    for ahead in range(_LOOK_AHEAD_DAYS):
        day = local.date() + timedelta(days=ahead)
        span = (time(0), time(23, 59)) if hours.unset else hours.on(day)
        if span is not None and datetime.combine(day, span[1], LONDON) > local:
            yield day, max(datetime.combine(day, span[0], LONDON), local)


def _first_there(people: Collection[int], day: date, rota: Rota) -> tuple[int, str] | None:
    for staff_id in people:
        if _there(staff_id, day, rota):
            return staff_id, ""
        for absence in rota.absences:
            covers = absence.staff_id == staff_id and absence.first <= day <= absence.last
            if covers and absence.cover_id and _there(absence.cover_id, day, rota):
                return absence.cover_id, "He covers during leave."
    return None


def _there(staff_id: int, day: date, rota: Rota) -> bool:
    if rota.working is not None and staff_id not in rota.working:
        return False
    return not any(
        absence.staff_id == staff_id and absence.first <= day <= absence.last
        for absence in rota.absences
    )


def _next_opening(local: datetime, hours: Hours | Calendar) -> datetime | None:
    for ahead in range(_LOOK_AHEAD_DAYS):
        day = local.date() + timedelta(days=ahead)
        open_close = hours.on(day)
        if open_close is None:
            continue
        opening = datetime.combine(day, open_close[0], LONDON)
        if opening > local:
            return opening
    return None


def _words(opening: datetime) -> str:
    return f"{opening:%A} {opening.day} {opening:%B} at {opening:%H:%M}"
