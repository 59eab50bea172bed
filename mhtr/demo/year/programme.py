"""A year of treatment for the whole programme: who was treated when, and everything written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import select

from mhtr.accounts.leads import leads_of
from mhtr.accounts.models import Staff
from mhtr.cases import rules
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.clock import LONDON
from mhtr.core.database import db
from mhtr.demo import bulk
from mhtr.demo.bulk import Row
from mhtr.demo.copies import Copy, Copying
from mhtr.demo.men import Men
from mhtr.demo.simulation import at, working_day
from mhtr.demo.trail import Trail
from mhtr.demo.year import flag_rows
from mhtr.demo.year.board import Board, Weekly
from mhtr.demo.year.life import Fate, Life
from mhtr.demo.year.person import Person
from mhtr.demo.year.rows import Rows
from mhtr.demo.year.writer import Writer
from mhtr.ending import practitioners
from mhtr.orders.queries import all_on_record, contact_of
from mhtr.tasks.models import TaskKind, TaskState
from outcome_measures.reading.queries import points_of
from sessions.courses.models import Course, CourseSession
from sessions.courses.queries import open_course, sessions_of

SEED = 21
NUMBERS_BEFORE = 500
"""Of the same range as those who were played, none given out before or by the weekly files."""
MOST_COPIES = 250
WEEKS_BACK, WEEKS_AHEAD = 54, 13
LONGEST = 75
"""Minutes of the longest session of the pathways."""
FEWEST = 0.85
"""Share of its weeks in which a weekly time must be there to be given to somebody."""
BOOKED = -5
"""On which working day, from today, those who were played would have been booked."""
Begins = Mapping[int, Sequence[time]]
LATER_AND_LATER = 3
"""Weeks after which another weekly time is used: the service began with a few men."""
GROUPS = ("A", "A", "C", "H", "M", "M", "N", None)
"""Ethnic groups in turn; None: he was asked and would not say."""
FATES = (
    Fate((18, 15), (6, 5)),
    Fate((21, 17), (13, 11)),
    Fate((14, 12), (12, 11)),
    Fate((16, 13), (7, 6), stops_at=6),
    Fate((12, 9), (19, 13)),
    Fate((20, 16), (18, 15), once=True),
    Fate((8, 6), (5, 4)),
    Fate((17, 14), (8, 7)),
    Fate((15, 4), (8, 9)),
    Fate((23, 18), (15, 12), stops_at=4),
    Fate((16, 14), (5, 6)),
    Fate((13, 11), (4, 3)),
)


@dataclass
class Like:
    """A man who was played, and what is the same for everybody like him."""

    case: Case
    course: Course
    parts: list[CourseSession]
    person: int
    copying: Copying
    within: tuple[date, date]
    officer: tuple[int, int] | None
    scores: dict[str, list[int]]
    staff: Staff
    lead: tuple[int, int]
    begins: Sequence[time]
    author: tuple[int, int, str] | None
    """Whom his order names, where he signs in here: staff id, principal, registration."""


class Year:
    """Who was treated when, made up but not written yet."""

    def __init__(self, begins: Begins, now: datetime, trail: Trail) -> None:
        chance = Random(SEED)  # noqa: S311  (fiction needs no secrecy)
        self.rows, self.now, self.trail = Rows(chance, MOST_COPIES), now, trail
        self.today = now.astimezone(LONDON).date()
        self.likes = _likes(begins, self.today, trail)
        self.told: list[Writer] = []
        first = self.today - timedelta(weeks=WEEKS_BACK)
        last = self.today + timedelta(weeks=WEEKS_AHEAD)
        boards: dict[int, Board] = {}
        for like in self.likes:
            trust = like.course.organisation_id
            if trust not in boards:
                boards[trust] = Board(trust, first, last)
            self._fill(like, boards[trust])

    def write_men(self) -> None:
        """Add the men as they were before treatment."""
        for like in self.likes:
            like.copying.write()

    def write(self) -> None:
        """Add their treatment, and what follows from it."""
        self.rows.write()
        settle(self.rows, self.told)
        flag_rows.add(self.rows, [one.man for one in self.told], self.now)
        self.rows.write()
        self.trail.entries += self.rows.audit

    def _fill(self, like: Like, board: Board) -> None:
        """Every weekly time of a therapist, from when it was first used."""
        turn = 0
        for begins in like.begins:
            for weekday in range(5):
                days = list(board.days(weekday))
                there = [day for day in days if board.free(like.staff.id, day, begins, LONGEST)]
                if len(there) >= FEWEST * len(days):
                    self._weekly(like, board, there[LATER_AND_LATER * turn :], begins)
                    turn += 1

    def _weekly(self, like: Like, board: Board, days: list[date], begins: time) -> None:
        weekly = iter([(day, begins) for day in days])
        for day, _ in weekly:
            weeks, booked = self._back(day)
            if weeks < 0 or booked > self.now or day > self.today + timedelta(days=10):
                continue
            self._tell(like, board, weekly, weeks, booked)

    def _back(self, day: date) -> tuple[int, datetime]:
        """How many weeks further back a man was sentenced whose sessions begin after a day."""
        base = working_day(self.today, BOOKED)
        weeks = -(-(base - day).days // 7)
        weeks = max(weeks, 0) if day >= base else weeks
        return weeks, at(base - timedelta(weeks=weeks), 10)

    def _tell(self, like: Like, board: Board, weekly: Weekly, weeks: int, booked: datetime) -> None:
        number = len(self.told) + 1
        back = timedelta(weeks=weeks)
        group = GROUPS[number % len(GROUPS)]
        said = {"answered": "given" if group else "declined", "code": group}

        def change(name: str, rows: list[Row]) -> list[Row]:
            return [row | said for row in rows] if name == "demographics" else rows

        copy = like.copying.copy(number, back, change)
        self.rows.audit += like.copying.audit(number, back)
        writer = Writer(self.rows, _person(like, board, copy, back))
        self.told.append(writer)
        fate = FATES[number % len(FATES)]
        Life(writer, board, weekly, fate, self.rows.chance, self.now).tell(booked)


def add(begins: Begins, now: datetime, trail: Trail) -> Sequence[Writer]:
    """Add a year of treatment, inside a write transaction; returns each man's.

    Args:
        begins: cases of men who were played until treatment was about to begin, with when the
            weekly times of those like them begin.
        trail: with all that was done until now.
    """
    year = Year(begins, now, trail)
    year.write_men()
    year.write()
    return year.told


def _likes(begins: Begins, today: date, trail: Trail) -> list[Like]:
    men = Men(SEED, today)
    for _ in range(NUMBERS_BEFORE):
        men.next()
    found = [db.session.get_one(Case, case_id) for case_id in begins]
    rows = bulk.of_each([case.person_id for case in found])
    likes = []
    for case in found:
        entries = [entry for entry in trail.entries if entry["case_id"] == case.id]
        copying = Copying(rows[case.person_id], entries, men)
        likes.append(_like(case, copying, begins[case.id]))
    return likes


def _like(case: Case, copying: Copying, begins: Sequence[time]) -> Like:
    course = open_course(case.id)
    if course is None:
        raise ValueError("he has a course")
    (order,) = all_on_record(case.id)
    periods = order.terms.periods
    contact, officer = contact_of(case.id), None
    if contact is not None and contact.staff_id is not None:
        officer = (contact.staff_id, db.session.get_one(Staff, contact.staff_id).principal_id)
    scores: dict[str, list[int]] = {}
    for point in points_of([case.id]).get(case.id, ()):
        if point.total is not None:
            scores.setdefault(point.instrument, []).append(point.total)
    staff = db.session.get_one(Staff, course.therapist_id)
    lead = next(one for one in leads_of(staff.organisation_id) if one[0] != staff.id)
    within = (min(one.starts_on for one in periods), max(one.ends_on for one in periods))
    return Like(
        case, course, sessions_of(course.id), case.person_id, copying, within, officer, scores,
        staff, lead, begins, author_of(case),
    )  # fmt: skip


def author_of(case: Case) -> tuple[int, int, str] | None:
    """Whom a man's order names, where he signs in here."""
    owner = practitioners.author_of(case, practitioners.standing_orders(case.id))
    if owner.staff_id is None:
        return None
    staff = db.session.get_one(Staff, owner.staff_id)
    return staff.id, staff.principal_id, staff.hcpc_number or ""


def _person(like: Like, board: Board, copy: Copy, back: timedelta) -> Person:
    case, course = copy["cases"][0], copy["courses"][0]
    parts = []
    own = {row["position"]: row["id"] for row in copy["course_sessions"]}
    for part in like.parts:
        said = {c.name: getattr(part, c.name) for c in CourseSession.__table__.columns}
        parts.append(said | {"id": own[part.position], "course_id": course["id"]})
    return Person(
        case_id=case["id"],
        case_ref=UUID(str(case["ref"])),
        person_id=case["person_id"],
        like=like.case,
        course_id=course["id"],
        organisation_id=like.course.organisation_id,
        by=like.staff.id,
        parts=parts,
        principal=like.staff.principal_id,
        lead=like.lead,
        registered=like.staff.hcpc_number is not None,
        officer=like.officer,
        author=like.author[:2] if like.author else None,
        registration=like.author[2] if like.author else "",
        buffer=board.clinicians[like.staff.id].buffer_minutes,
        within=(like.within[0] - back, like.within[1] - back),
        inductions=tuple(row["id"] for row in copy["tasks"] if _is_induction(row)),
        scores={name: list(found) for name, found in like.scores.items()},
        version=like.course.version,
    )


def _is_induction(row: Row) -> bool:
    return (row["kind"], row["state"]) == (TaskKind.INDUCTION.value, TaskState.OPEN.value)


def settle(rows: Rows, told: Sequence[Writer]) -> None:
    """What is repeated elsewhere of what was written: positions, versions, states."""
    ids = [writer.man.case_id for writer in told]
    facts = cases.facts_of_many(ids)
    there = {case.id: case for case in db.session.scalars(select(Case).where(Case.id.in_(ids)))}
    blank = {"ended_at": None, "ended_how": None, "ended_by": None}
    for writer in told:
        man = writer.man
        for position, part in enumerate(man.parts, 1):
            rows.change(CourseSession, part["id"], position=position)
        rows.change(Course, man.course_id, **blank | writer.course, version=man.version)
        if man.facts:
            standing = rules.fold(facts[man.case_id], clock.today())
            rows.change(
                Case,
                man.case_id,
                state=standing.state,
                state_since=standing.since,
                version=there[man.case_id].version + man.facts,
            )
