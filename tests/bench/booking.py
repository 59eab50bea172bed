"""Finding a time and checking a series, as multiples of one indexed query in the same run.

The query is the one that reads the same stretches of taken time, through the same session and as
the program reads them. Finding is measured with everything it reads, and without: the second says
what the search itself costs.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from flask import Flask
from sqlalchemy import func, insert, select, update

import config as settings
from mhtr.app import create_app
from mhtr.core import schema
from mhtr.core.clock import LONDON
from mhtr.core.database import db
from mhtr.core.transaction import writing
from sessions.availability.models import Clinician, Room
from sessions.availability.shapes import Span
from sessions.booking.diary_queries import diary
from sessions.booking.finding import possible, why_not
from sessions.booking.lanes import Lane, lane_of
from sessions.booking.models import TakenTime, TreatmentSession
from sessions.booking.search import best
from sessions.booking.shapes import Diary, Place
from sessions.booking.spacing import Gaps, Next
from sessions.booking.wishes import general
from sessions.planning.one_man import CourseAsked, WholeCourse, best_course
from sessions.therapies import SessionMode, Therapy
from tests.sessions.availability.makers import make_clinician, make_site
from tests.sessions.booking.makers import Clinic, clinic

FIRST = date(2027, 1, 4)
"""A Monday."""
CLINICIANS, WEEKS, SESSIONS = 20, 26, 12
HOURS = (9, 10, 11, 13, 14, 15)
"""Taken of each clinician's day."""
DAILY_MOST = 8
HOURS_A_DAY = 7
"""Taken of each room's day."""
BATCH = 5_000


@dataclass(frozen=True)
class BookingFigure:
    """What something took, in milliseconds of processor time, beside one indexed query."""

    name: str
    took: float
    query: float
    most: float | None
    """The aim; None where there is none."""

    @property
    def ratio(self) -> float:
        """The multiple of the query."""
        return self.took / self.query

    @property
    def missed(self) -> bool:
        """Whether it is more than the aim."""
        return self.most is not None and self.ratio > self.most

    @property
    def words(self) -> str:
        """One line."""
        aim = f"; aim {self.most:.0f}×" if self.most else ""
        mark = "  MISSED" if self.missed else ""
        return (
            f"{self.name}: {self.took:.2f} ms, {self.ratio:.1f}× one indexed query "
            f"({self.query:.2f} ms{aim}){mark}"
        )


Figures = list[BookingFigure]
Taken = tuple[int, int | None, date, int]
"""A clinician, perhaps a room, a day and an hour."""


def measure_booking(folder: Path, rounds: int) -> Figures:
    """Every figure, on databases made for it in the folder."""
    figures = []
    app = _made(folder / "times.sqlite")
    with app.app_context():
        made = clinic()
        ids = [made.ada.id, made.ben.id, *_more_clinicians(made)]
        _see_many(ids)
        _full_weeks(made, ids)
        figures += _search(made, ids[:1], 1, 3, rounds)
        figures += _search(made, ids, WEEKS * 7, 40, rounds)
        figures += _whole_course(made, ids[:1], "his therapist alone", rounds)
        figures += _whole_course(made, ids, f"{CLINICIANS} clinicians", rounds)
    for rooms, bookings in ((200, 50_000), (2_000, 500_000)):
        app = _made(folder / f"rooms{rooms}.sqlite")
        with app.app_context():
            made = clinic()
            figures += _series(made, _rooms(made, rooms), bookings, rounds)
    return figures


def _made(path: Path) -> Flask:
    url = f"sqlite:///{path}"
    app = create_app(settings.load({"MHTR_MODE": "test", "MHTR_DATABASE_URL": url}))
    with app.app_context():
        schema.upgrade()
    return app


def _more_clinicians(made: Clinic) -> list[int]:
    trust = made.people.assessor.organisation
    return [
        make_clinician(trust, made.site, name=f"Clinician {number}").id
        for number in range(CLINICIANS - 2)
    ]


def _see_many(ids: list[int]) -> None:
    """Nobody's day is full before the hours of it are: there is something left to find."""
    with writing():
        db.session.execute(
            update(Clinician).where(Clinician.staff_id.in_(ids)).values(daily_most=DAILY_MOST)
        )


def _full_weeks(made: Clinic, ids: list[int]) -> None:
    days = [FIRST + timedelta(days=n) for n in range(WEEKS * 7)]
    weekdays = [day for day in days if day.weekday() < 5]
    _book(
        made,
        [(staff_id, None, day, hour) for staff_id in ids for day in weekdays for hour in HOURS],
    )


def _rooms(made: Clinic, count: int) -> list[int]:
    sites = [make_site(made.people.assessor.organisation, f"Place {n}") for n in range(10)]
    with writing():
        for number in range(count):
            db.session.add(Room(site_id=sites[number % 10].id, name=f"Room {number}", capacity=3))
    return list(db.session.scalars(select(Room.id).where(Room.name.like("Room %"))))


def _book(made: Clinic, taken: list[Taken]) -> None:
    """Hours that are booked, each with the time it takes of a clinician, or else of a room."""
    organisation_id, by = made.people.assessor.organisation_id, made.by
    number = db.session.scalar(select(func.max(TreatmentSession.id))) or 0
    for start in range(0, len(taken), BATCH):
        sessions, times = [], []
        for staff_id, room_id, day, hour in taken[start : start + BATCH]:
            number += 1
            begins = datetime(day.year, day.month, day.day, hour, tzinfo=LONDON).astimezone(UTC)
            ends = begins + timedelta(minutes=50)
            sessions.append(
                {
                    "id": number,
                    "ref": uuid4(),
                    "organisation_id": organisation_id,
                    "clinician_id": staff_id,
                    "mode": SessionMode.TELEPHONE,
                    "starts_at": begins,
                    "ends_at": ends,
                    "by_id": by,
                }
            )
            lane = lane_of(Lane.ROOM, room_id) if room_id else lane_of(Lane.CLINICIAN, staff_id)
            times.append({"lane": lane, "starts_at": begins, "ends_at": ends, "session_id": number})
        with writing():
            db.session.execute(insert(TreatmentSession), sessions)
            db.session.execute(insert(TakenTime), times)


def _search(made: Clinic, ids: list[int], days: int, most: float, rounds: int) -> Figures:
    last = FIRST + timedelta(days=days - 1)
    trust = made.people.assessor.organisation_id
    lanes = [lane_of(Lane.CLINICIAN, key) for key in ids]
    found = _of_these(diary(trust, [made.case], FIRST, last), ids, lanes)

    def find() -> object:
        return best(possible(general(found.men, 60), found, step=30))

    if not find():
        raise RuntimeError("There is no time to be found.")
    name = f"Finding a time, {len(ids)} clinicians, {days} days"
    query = _median(lambda: _taken(lanes, FIRST, last), rounds)
    read = _median(lambda: diary(trust, [made.case], FIRST, last), rounds)
    took = _median(find, rounds)
    return [
        BookingFigure(name, took, query, most),
        BookingFigure(f"{name}, with reading all that binds it", took + read, query, None),
    ]


def _whole_course(made: Clinic, ids: list[int], whose: str, rounds: int) -> Figures:
    """The best course of twelve weekly sessions for one man, in the half year of his order."""
    last = FIRST + timedelta(weeks=WEEKS)
    trust = made.people.assessor.organisation_id
    lanes = [lane_of(Lane.CLINICIAN, key) for key in ids]
    found = _of_these(diary(trust, [made.case], FIRST, last), ids, lanes)
    now = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=UTC)
    wanted = replace(general(found.men, 60), now=now, therapy=Therapy.CBT, therapist_id=made.ada.id)
    sessions = tuple(Next(number, wanted, Gaps(4, 7, 14)) for number in range(SESSIONS))
    asked = CourseAsked(sessions, FIRST, last)
    if not isinstance(best_course(asked, found), WholeCourse):
        raise RuntimeError("There is no whole course to be found.")
    name = f"The best course of {SESSIONS} for one man, {whose}"
    query = _median(lambda: _taken(lanes, FIRST, last), rounds)
    read = _median(lambda: diary(trust, [made.case], FIRST, last), rounds)
    took = _median(lambda: best_course(asked, found), rounds)
    return [
        BookingFigure(name, took, query, 20),
        BookingFigure(f"{name}, with reading all that binds it", took + read, query, None),
    ]


def _of_these(found: Diary, ids: list[int], lanes: list[int]) -> Diary:
    return replace(
        found,
        clinicians={key: found.clinicians[key] for key in ids},
        taken={lane: found.taken.get(lane, ()) for lane in lanes},
    )


def _series(made: Clinic, rooms: list[int], bookings: int, rounds: int) -> Figures:
    """Twelve weekly sessions in one room: what booking them compares with what is taken."""
    trust, site = made.people.assessor.organisation_id, db.session.get_one(Room, rooms[0]).site_id
    _book(made, _in_rooms(made.ada.id, rooms, bookings))
    spans = [_an_hour(FIRST + timedelta(weeks=number), 16) for number in range(SESSIONS)]
    places = [Place(made.ada.id, SessionMode.IN_PERSON, span, site, rooms[0]) for span in spans]
    last = FIRST + timedelta(weeks=SESSIONS - 1)
    lanes = [lane_of(Lane.ROOM, rooms[0]), lane_of(Lane.CLINICIAN, made.ada.id)]

    def check() -> list[tuple[str, ...]]:
        found = diary(trust, [made.case], FIRST, last, places=places)
        wanted = replace(general(found.men, 60), required=False)
        return [why_not(wanted, found, place) for place in places]

    if any(check()):
        raise RuntimeError("Something stands against the series that is checked.")
    query = _median(lambda: _taken(lanes, FIRST, last), rounds)
    name = f"Checking a series of {SESSIONS} beside {bookings:,} bookings in {len(rooms):,} rooms"
    return [BookingFigure(name, _median(check, rounds), query, 20)]


def _in_rooms(staff_id: int, rooms: list[int], bookings: int) -> list[Taken]:
    """Full days of every room from the first day on, until there are so many bookings."""
    taken: list[Taken] = []
    for number in range(bookings):
        day, hour = divmod(number // len(rooms), HOURS_A_DAY)
        room_id = rooms[number % len(rooms)]
        taken.append((staff_id, room_id, FIRST + timedelta(days=day), 9 + hour))
    return taken


def _an_hour(day: date, hour: int) -> Span:
    starts = datetime(day.year, day.month, day.day, hour, tzinfo=LONDON).astimezone(UTC)
    return Span(starts, starts + timedelta(hours=1))


def _taken(lanes: list[int], first: date, last: date) -> object:
    starts = datetime(first.year, first.month, first.day, tzinfo=UTC)
    ends = datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=1)
    return db.session.execute(
        select(TakenTime.lane, TakenTime.starts_at, TakenTime.ends_at)
        .where(TakenTime.lane.in_(lanes), TakenTime.starts_at > starts, TakenTime.starts_at < ends)
        .order_by(TakenTime.lane, TakenTime.starts_at)
    ).all()


def _median(work: Callable[[], object], rounds: int) -> float:
    """Milliseconds of processor time, the median."""
    took = []
    for _ in range(rounds):
        begun = time.process_time()
        work()
        took.append((time.process_time() - begun) * 1000)
    return statistics.median(took)
