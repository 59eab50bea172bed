"""Looking for a time for one session of one man, as the pages do."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from mhtr.cases.models import Case
from mhtr.cases.wording import day_words
from mhtr.core import clock
from sessions.availability.shapes import ClinicianOpen
from sessions.booking import policy
from sessions.booking.changes import Which, affected
from sessions.booking.diary_queries import diary
from sessions.booking.finding import possible
from sessions.booking.models import TreatmentSession
from sessions.booking.queries import coming_in_series, place_of
from sessions.booking.shapes import Diary, Slot, Usual, Wanted, london_day, london_minute
from sessions.booking.wishes import Plan, general, plan_of, wanted_for
from sessions.courses.models import CourseSession

STEP = 30
MOST = 8
NO_DAY = (
    "The sessions before and after it lie so close to each other that no day is left between them, "
    "by the least days of his course. Move the one that follows first, with those after it."
)


@dataclass(frozen=True)
class Found:
    """What a time is looked for, with everything that binds it on the days looked at."""

    wanted: Wanted
    diary: Diary
    slots: tuple[Slot, ...]
    """What is possible, the best first."""
    note: str
    """Why what is shown is not what was asked, such as days beyond the most; mostly empty."""

    def with_others(self) -> bool:
        """Whether nothing is possible just because only his therapist may see him."""
        if self.wanted.only_id is None or self.slots:
            return False
        anybody = replace(self.wanted, only_id=None, last=None)
        return bool(possible(anybody, self.diary, step=STEP))


@dataclass(frozen=True)
class Search(Found):
    """A search for a session of one man."""

    plan: Plan
    part: CourseSession | None


def search(
    case: Case,
    organisation_id: int,
    part: CourseSession | None,
    *,
    minutes: int = 60,
    weeks: Sequence[date] = (),
    moving: TreatmentSession | None = None,
    which: Which = Which.ONE,
) -> Search:
    """Look for times for a session of his course, or for a meeting outside it.

    Args:
        weeks: Mondays of weeks that are shown, though nothing may be found in them.
        moving: what is booked for it now, whose time counts as free.
        which: what moves with it, so that its time counts as free too.
    """
    leaving = moving_with(moving, which) if moving else []
    plan = plan_of(case.id, leaving_out=leaving)
    bare = wanted_for(plan, part, ()) if part else general((), minutes)
    first, last = days_of(bare)
    found = diary(
        organisation_id,
        [case],
        min([first, *weeks]),
        max([last, *(monday + timedelta(days=6) for monday in weeks)]),
        leaving_out=leaving,
    )
    wanted = _wanted(plan, part, found, minutes, moving)
    slots, note = look(wanted, found)
    if moving is not None:
        slots = tuple(one for one in slots if one.place != place_of(moving))
    return Search(wanted, found, slots, note, plan, part)


def moving_with(moving: TreatmentSession, which: Which) -> list[int]:
    """A session and what moves with it."""
    rest = affected(moving, coming_in_series(moving), which)
    return [moving.id, *(one.id for one in rest if one.id != moving.id)]


def days_of(wanted: Wanted) -> tuple[date, date]:
    """The first and the last day on which times are looked for."""
    first = max(clock.today(), wanted.first or clock.today())
    ahead = first + timedelta(weeks=policy.weeks_ahead())
    return first, max(wanted.last or ahead, ahead)


def look(wanted: Wanted, found: Diary) -> tuple[tuple[Slot, ...], str]:
    """What is possible, later than the last day where nothing is before it, and why so."""
    if wanted.no_day:
        return (), NO_DAY
    slots = possible(wanted, found, step=STEP)
    if slots or wanted.last is None:
        return tuple(slots), ""
    slots = possible(replace(wanted, last=None), found, step=STEP)
    note = (
        f"Nothing is free by {day_words(wanted.last)}, the last day by his course. "
        "These times are later."
    )
    return tuple(slots), note if slots else ""


def _wanted(
    plan: Plan,
    part: CourseSession | None,
    found: Diary,
    minutes: int,
    moving: TreatmentSession | None,
) -> Wanted:
    if part is not None:
        wanted = wanted_for(plan, part, found.men)
    else:
        wanted = replace(general(found.men, minutes), required=False)
    if moving is None:
        return wanted
    was = place_of(moving)
    length = int((was.span.ends_at - was.span.starts_at).total_seconds() // 60)
    return replace(
        wanted,
        minutes=length,
        ideal=wanted.ideal or london_day(was.span.starts_at),
        therapist_id=was.clinician_id,
        usual=Usual(london_minute(was.span.starts_at), was.site_id, was.mode),
    )


def best(slots: Sequence[Slot], most: int = MOST) -> list[Slot]:
    """The best times, of each clinician only the best of a day."""
    seen: set[tuple[int, date]] = set()
    found = []
    for slot in slots:
        key = slot.place.clinician_id, slot.score.day
        if key not in seen:
            seen.add(key)
            found.append(slot)
        if len(found) == most:
            break
    return found


def why_good(slot: Slot, wanted: Wanted) -> tuple[str, ...]:
    """What speaks for a time, in words."""
    score, said = slot.score, []
    if wanted.therapist_id is not None:
        said.append("another therapist" if score.another_therapist else "his therapist")
    if wanted.ideal is not None:
        if score.days_off == 0:
            said.append("the ideal day")
        else:
            days = "day" if score.days_off == 1 else "days"
            way = "before" if score.day < wanted.ideal else "after"
            said.append(f"{score.days_off} {days} {way} the ideal day")
    if wanted.usual is not None:
        said.append("his usual time" if score.minutes_off == 0 else "another time of day")
        if score.elsewhere:
            said.append("another place or way than before")
    return tuple(said)


def only(found: Diary, staff_id: int | None) -> dict[int, ClinicianOpen]:
    """The clinicians of a diary, or one of them."""
    return {key: one for key, one in found.clinicians.items() if staff_id in (None, key)}
