"""What the pages of clinicians and their hours show."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.core import clock, formats
from mhtr.core.database import db
from mhtr.core.working_days import WEEKDAYS
from mhtr.tasks import rota_queries
from mhtr.tasks.models import Leave
from sessions.availability.models import (
    Clinician,
    DatedHours,
    Qualification,
    Site,
    WeeklyHours,
)
from sessions.availability.open_rules import LONDON
from sessions.availability.queries import clinicians_open, trust_days
from sessions.availability.scope import profile_of
from sessions.availability.shapes import Open
from sessions.availability.words import (
    ELSEWHERE,
    EVERY_WORDS,
    GENDER_WORDS,
    USE_WORDS,
    lasts,
    times,
)
from sessions.therapies import THERAPY_WORDS

_AWAY = "On leave"
_SHUT = "Service closed"
_NOT_THERE = "–"


@dataclass(frozen=True)
class Week:
    """A week at a glance: days, and a row for each clinician."""

    first: date
    days: tuple[str, ...]
    rows: tuple["WeekRow", ...]

    @property
    def previous(self) -> date:
        return self.first - timedelta(days=7)

    @property
    def next(self) -> date:
        return self.first + timedelta(days=7)


@dataclass(frozen=True)
class WeekRow:
    """One clinician in a week: what he can be booked for, a line for each stretch."""

    staff: Staff
    kept: bool
    """Whether it was ever said how he can be booked."""
    said: str
    cells: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class HoursLine:
    """A stretch of the week as a page lists it."""

    row: WeeklyHours
    day: str
    times: str
    use: str
    where: str
    often: str
    state: str


@dataclass(frozen=True)
class OneOffLine:
    """A one-off change as a page lists it."""

    row: DatedHours
    times: str
    use: str
    where: str
    ahead: bool


def week(organisation_id: int, day: date, staff: Iterable[Staff]) -> Week:
    """A week, Monday first; its weekend only where somebody works then."""
    people = list(staff)
    first = day - timedelta(days=day.weekday())
    last = first + timedelta(days=6)
    found = clinicians_open(organisation_id, first, last, staff_ids=[one.id for one in people])
    sites = _sites(organisation_id)
    shut = trust_days(organisation_id)
    away: dict[int, list[Leave]] = defaultdict(list)
    for leave in rota_queries.leaves(organisation_id, first):
        away[leave.staff_id].append(leave)
    days = [first + timedelta(days=n) for n in range(7)]
    worked = {_day(one) for row in found.values() for one in row.open}
    days = [day for day in days if day.weekday() < 5 or day in worked]
    rows = []
    for one in people:
        held = found.get(one.id)
        cells = tuple(
            _cell(held.open if held else (), day, away[one.id], sites, shut.open_on(day))
            for day in days
        )
        said = f"{held.daily_most} a day at most" if held else ""
        rows.append(WeekRow(one, held is not None, said, cells))
    return Week(first, tuple(f"{day:%a} {day.day} {day:%b}" for day in days), tuple(rows))


def profile_rows(staff_id: int) -> list[dict[str, str]]:
    """How a clinician can be booked, as facts."""
    row = profile_of(staff_id)
    if row is None:
        return []
    held = qualified(staff_id)
    groups = [THERAPY_WORDS[one.therapy] for one in held if one.groups]
    facts = {
        "Delivers": ", ".join(THERAPY_WORDS[one.therapy] for one in held) or "Nothing yet",
        "Leads groups of": ", ".join(groups) or "Nothing",
        "Sees people": ", ".join(_modes(row)),
        "Sessions a day at most": str(row.daily_most),
        "Kept free after each": f"{row.buffer_minutes} minutes",
        "Gender, for booking": GENDER_WORDS[row.gender],
    }
    return [{"key": key, "value": value} for key, value in facts.items()]


def qualified(staff_id: int) -> list[Qualification]:
    """What a clinician may deliver."""
    query = select(Qualification).where(Qualification.staff_id == staff_id)
    return sorted(db.session.scalars(query), key=lambda one: list(THERAPY_WORDS).index(one.therapy))


def hours_lines(staff: Staff) -> list[HoursLine]:
    """A clinician's week: what holds now, then what is planned, then what is over."""
    today, sites = clock.today(), _sites(staff.organisation_id)
    query = select(WeeklyHours).where(WeeklyHours.staff_id == staff.id)
    lines = [
        HoursLine(
            row,
            WEEKDAYS[row.weekday],
            times(row.starts, row.ends),
            USE_WORDS[row.use],
            _where(row, sites),
            EVERY_WORDS[row.every],
            lasts(row.valid_from, row.valid_to, today),
        )
        for row in db.session.scalars(
            query.order_by(WeeklyHours.weekday, WeeklyHours.starts, WeeklyHours.id)
        )
    ]
    return sorted(lines, key=lambda line: ("", "planned", "over").index(line.state))


def one_off_lines(staff: Staff) -> list[OneOffLine]:
    """A clinician's one-off changes of the last four weeks and ahead, the latest day last."""
    today, sites = clock.today(), _sites(staff.organisation_id)
    query = select(DatedHours).where(
        DatedHours.staff_id == staff.id, DatedHours.day >= today - timedelta(weeks=4)
    )
    return [
        OneOffLine(
            row,
            times(row.starts, row.ends),
            USE_WORDS[row.use],
            _where(row, sites),
            row.day >= today,
        )
        for row in db.session.scalars(query.order_by(DatedHours.day, DatedHours.starts))
    ]


def leave_of(staff: Staff) -> list[Leave]:
    """A clinician's leave, now and ahead."""
    return rota_queries.leaves(staff.organisation_id, clock.today(), staff_id=staff.id)


def _cell(
    opens: Iterable[Open], day: date, away: Iterable[Leave], sites: dict[int, str], works: bool
) -> tuple[str, ...]:
    if any(one.first_day <= day <= one.last_day for one in away):
        return (_AWAY,)
    if not works:
        return (_SHUT,)
    lines = tuple(
        f"{formats.clock_time(one.span.starts_at)} to {formats.clock_time(one.span.ends_at)}, "
        f"{sites.get(one.site_id, '') if one.site_id else 'no place'}"
        for one in opens
        if _day(one) == day
    )
    return lines or (_NOT_THERE,)


def _day(one: Open) -> date:
    return one.span.starts_at.astimezone(LONDON).date()


def _sites(organisation_id: int) -> dict[int, str]:
    query = select(Site.id, Site.name).where(Site.organisation_id == organisation_id)
    return {key: name for key, name in db.session.execute(query)}


def _where(row: WeeklyHours | DatedHours, sites: dict[int, str]) -> str:
    if row.use != "sessions":
        return ""
    return sites.get(row.site_id, "") if row.site_id else ELSEWHERE


def _modes(row: Clinician) -> list[str]:
    return [
        "In person",
        *(["by telephone"] if row.telephone else []),
        *(["by video"] if row.video else []),
    ]
