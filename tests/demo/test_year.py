"""A year of treatment is written as the services would write it."""

import re
import shutil
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Table, select

from mhtr.cases.facts import FactKind
from mhtr.compliance import contact_service, decision_service, notice_service
from mhtr.compliance.decision_service import Seen
from mhtr.compliance.notice_service import Of
from mhtr.compliance.queries import latest
from mhtr.core import clock, schema
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.demo import programme
from mhtr.demo.acts import course
from mhtr.demo.databases import application, hurry
from mhtr.demo.stories import treated
from mhtr.demo.trail import Trail
from mhtr.demo.year.notice_rows import Begins
from mhtr.demo.year.person import Held, Person
from mhtr.demo.year.programme import Year
from mhtr.demo.year.rows import Row
from mhtr.demo.year.writer import Step, Writer
from mhtr.ending import question_service
from mhtr.ending.finish_rules import Further, FurtherAnswer
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Notice
from sessions.booking import cancel_service, move_service
from sessions.booking import service as booking
from sessions.booking.changes import Which
from sessions.booking.closing import Why
from sessions.booking.models import SessionPlace, TreatmentSession
from sessions.booking.move_service import Move
from sessions.booking.service import Asked
from sessions.courses import service as courses
from sessions.courses import session_service
from sessions.courses.models import Course, CourseSession
from sessions.courses.queries import sessions_of
from sessions.notes import service as notes
from sessions.register import service as register
from sessions.register.queries import placed_of, session_of
from sessions.register.service import Entry
from tests.conftest import NOON

KINDS = frozenset(
    "book tell decide move cancel to_the_end catch_up record reach found_well measure note sign"
    " add end discharge read further".split()
)
NOT_COMPARED = frozenset({"audit_head", "flag_looks", "measure_flags"})
"""Flags are worked out by their own rules once everything is written."""
OF_FLAGS = ("measures.flag_raised", "measures.flag_ended", "measures.flag_answered",
            "measures.flag_raised_again")  # fmt: skip


@dataclass
class Services:
    """Takes the steps of a man's year through the services, at their moments."""

    man: Person
    places: dict[int, SessionPlace] = field(default_factory=dict)
    parts: dict[int, int] = field(default_factory=dict)

    def take(self, step: Step) -> None:
        getattr(self, step.name)(*step.given, made=step.made)

    @property
    def course(self) -> Course:
        return db.session.get_one(Course, self.man.course_id)

    def _part(self, part: Row) -> int:
        key: int = part["id"]
        return self.parts.get(key, key)

    def _place(self, held: Held) -> SessionPlace:
        return self.places[held.key]

    def book(self, asked: Any, made: list[Held]) -> None:
        wanted = [Asked(where, self._part(part)) for part, where in asked]
        rows = booking.book(case_id=self.man.case_id, asked=wanted, by=self.man.by)
        for held, row in zip(made, rows, strict=True):
            self.places[held.key] = row

    def tell(self, sessions: list[Begins], telling: Any, made: object) -> None:
        of = [Of(self._place(held).ref, begins) for held, begins in sessions]
        notice_service.record_told(
            case_id=self.man.case_id, sessions=of, telling=telling, by=self.man.by
        )

    def move(self, held: Held, where: Any, side: Any, reason: str, made: object) -> None:
        session = db.session.get_one(TreatmentSession, self._place(held).session_id)
        move = Move(session.id, session.version, where)
        (now,) = move_service.move(moves=[move], why=Why(side, reason), by=self.man.by)
        query = select(SessionPlace).where(SessionPlace.session_id == now.id)
        self.places[held.key] = db.session.scalars(query).one()

    def cancel(self, held: list[Held], side: Any, reason: str, made: object) -> None:
        first = db.session.get_one(TreatmentSession, self._place(held[0]).session_id)
        cancel_service.cancel(
            session_id=first.id,
            which=Which.FOLLOWING if len(held) > 1 else Which.ONE,
            version=first.version,
            why=Why(side, reason),
            by=self.man.by,
        )

    def to_the_end(self, part: Row, made: object) -> None:
        row = db.session.get_one(CourseSession, self._part(part))
        last = len(sessions_of(self.man.course_id))
        if row.position < last:
            self._move(row.id, last)

    def _move(self, key: int, after: int) -> None:
        session_service.move(
            course_id=self.course.id,
            session_id=key,
            after=after,
            version=self.course.version,
            by=self.man.by,
        )

    def catch_up(self, part: Row, reason: str, made: Row) -> None:
        row = session_service.repeat(
            course_id=self.course.id,
            session_id=self._part(part),
            reason=reason,
            version=self.course.version,
            by=self.man.by,
        )
        self.parts[made["id"]] = row.id
        last = len(sessions_of(self.man.course_id))
        if row.position < last:
            self._move(row.id, last)

    def record(self, held: Held, told: Any, why: str, made: object) -> None:
        place = self._place(held)
        before = latest(place.ref)
        entry = Entry(told, before.number if before else 0)
        register.record(place_id=place.id, entry=entry, why=why, by=self.man.by)

    def reach(self, held: Held, attempt: Any, note: str = "", made: object = None) -> None:
        contact_service.record_attempt(
            case_id=self.man.case_id,
            subject=self._place(held).ref,
            attempt=attempt,
            at=clock.now(),
            note=note,
            by=self.man.by,
        )

    def read(self, made: object) -> None:
        assert self.man.officer is not None
        staff_id, principal_id = self.man.officer
        query = select(Notice).where(
            Notice.principal_id == principal_id,
            Notice.case_id == self.man.case_id,
            Notice.key.startswith("attendance:"),
            Notice.read_at.is_(None),
        )
        for notice in db.session.scalars(query).all():
            tasks.mark_read(notice, by=staff_id)

    def decide(self, held: Held, decision: Any, made: object) -> None:
        assert self.man.officer is not None
        ref = self._place(held).ref
        row = latest(ref)
        assert row is not None
        decision_service.decide(
            case_id=self.man.case_id,
            subject=ref,
            decision=decision,
            seen=Seen(row.number, 0),
            by=self.man.officer[0],
        )

    def found_well(self, held: Held, found: str, made: object) -> None:
        ref = self._place(held).ref
        contact_service.end_call(case_id=self.man.case_id, subject=ref, found=found, by=self.man.by)

    def measure(self, held: Held, totals: Sequence[int], made: object) -> None:
        number = session_of(placed_of(self._place(held))).session_number
        course.session(self._hand(), number or 0, totals)

    def note(self, held: Held, parts: Any, finish: bool, made: object) -> None:
        place = self._place(held)
        there = notes.note_of(place.id)
        version = there.version if there else 0
        notes.write(place_id=place.id, parts=parts, finish=finish, version=version, by=self.man.by)

    def sign(self, held: Held, made: object) -> None:
        note = notes.note_of(self._place(held).id)
        assert note is not None
        notes.sign(note_id=note.id, version=note.version, by=self.man.lead[0])

    def add(self, held: Held, text: str, made: object) -> None:
        note = notes.note_of(self._place(held).id)
        assert note is not None
        notes.add(note_id=note.id, text=text, by=self.man.by)

    def further(self, made: object) -> None:
        assert self.man.author is not None
        question_service.answer(
            case_id=self.man.case_id,
            said=Further(FurtherAnswer.REPORTED, reported_on=clock.today()),
            seen=question_service.seen_of(self.man.case_id),
            by=self.man.author[0],
        )

    def end(self, how: Any, reason: str, made: object) -> None:
        courses.end_course(
            course_id=self.course.id,
            how=how,
            reason=reason,
            version=self.course.version,
            by=self.man.by,
        )
        planned = how.value == "done"
        course.milestone(self._hand(), FactKind.TREATMENT_ENDED, planned=planned)

    def discharge(self, made: object) -> None:
        course.milestone(self._hand(), FactKind.DISCHARGED)

    def _hand(self) -> Any:
        return InHand(self.man.case_id, self.man.by)


@dataclass
class InHand:
    """As much of a hand as the acts need."""

    case_id: int
    assessor: int


@dataclass
class Written:
    """The same men twice: their year written at once, and not at all."""

    year: Year
    at_once: Path
    before: Path


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """A programme of nobody but those whose treatment is about to begin, and those like them."""
    folder = tmp_path_factory.mktemp("year")
    at_once, before = folder / "at-once.sqlite", folder / "before.sqlite"
    kept: list[Year] = []

    def add(begins: Any, now: Any, trail: Trail) -> None:
        year = Year(begins, now, trail)
        year.write_men()
        kept.append(year)

    with pytest.MonkeyPatch.context() as patch, clock.using(SetClock(NOON)):
        patch.setattr(programme, "BEFORE", ())
        patch.setattr(programme, "UNDER_ORDER", treated.STORIES)
        patch.setattr("mhtr.demo.programme.imports.tell", lambda *_: None)
        patch.setattr("mhtr.demo.programme.booking.book_everybody", lambda *_: None)
        patch.setattr("mhtr.demo.programme.reviewing.held_when_due", lambda _: None)
        patch.setattr("mhtr.demo.programme.year.add", add)
        with application(f"sqlite:///{at_once}"):
            hurry()
            schema.upgrade()
            assert programme.fill(NOON, 1) == []
        shutil.copyfile(at_once, before)
        (year,) = kept
        with application(f"sqlite:///{at_once}"), year.trail.writing():
            year.write()
        with application(f"sqlite:///{at_once}"):
            year.trail.append()
    return Written(year, at_once, before)


def most_different(year: Year) -> list[Writer]:
    """Few men who were through everything there is between them."""
    wanted, chosen = set(KINDS), []
    while wanted:
        best = max(year.told, key=lambda one: len(wanted & {step.name for step in one.taken}))
        found = wanted & {step.name for step in best.taken}
        assert found, f"nobody shows {sorted(wanted)}"
        wanted -= found
        chosen.append(best)
    # Beside them: one who was given up, one with a welfare call, one whose therapist is another.
    more = [one for one in year.told if one.man.by != chosen[0].man.by and len(one.taken) > 20]
    return [*chosen, *more[:2]]


@pytest.fixture(scope="module")
def played(written: Written) -> list[Writer]:
    """Some of the men, played through the services in the database without their year."""
    men = most_different(written.year)
    hands = SetClock(NOON)
    with clock.using(hands), application(f"sqlite:///{written.before}"):
        hurry()
        services = {writer.man.case_id: Services(writer.man) for writer in men}
        for writer in men:
            for step in sorted(writer.taken, key=lambda one: one.at):
                hands.moment = step.at
                with writing():
                    services[writer.man.case_id].take(step)
    return men


def test_the_services_write_the_same(written: Written, played: list[Writer]) -> None:
    with clock.using(SetClock(NOON)):
        for writer in played:
            with application(f"sqlite:///{written.at_once}"):
                here = record_of(writer)
            with application(f"sqlite:///{written.before}"):
                there = record_of(writer)
            assert here.keys() == there.keys()
            for table in here:
                more, less = here[table] - there[table], there[table] - here[table]
                assert not more and not less, f"{table}: {sorted(more)} / {sorted(less)}"


def record_of(writer: Writer) -> dict[str, Counter[str]]:
    """Everything on record of a man, by table, in words that do not depend on keys.

    Of the audit only what was done since his treatment began: here it is appended at the end.
    """
    return Record(writer.man, min(step.at for step in writer.taken)).rows


class Record:
    """Reads the rows of one case with names instead of keys and references."""

    def __init__(self, man: Person, since: datetime) -> None:
        self.since = since
        self.names: dict[tuple[str, int], str] = {}
        self.refs: dict[str, str] = {}
        tables = [t for t in db.metadata.sorted_tables if t.name not in NOT_COMPARED]
        own = {"cases": self._read(db.metadata.tables["cases"], {man.case_id}, "id")}
        own["people"] = []
        for table in tables:
            if table.name in ("cases", "people", "taken_times", "treatment_sessions"):
                continue
            for column in table.columns:
                keys = {row["id"] for name in own for row in own[name] if name == _target(column)}
                if column.name == "case_id":
                    keys = {man.case_id}
                elif not keys:
                    continue
                own[table.name] = self._read(table, keys, column.name)
                break
        of = {row["session_id"] for row in own["session_places"]}
        sessions, taken = (db.metadata.tables[n] for n in ("treatment_sessions", "taken_times"))
        own["treatment_sessions"] = self._read(sessions, of, "id")
        own["taken_times"] = self._read(taken, of, "session_id")
        self._name(own)
        self.rows = {
            name: Counter(self._in_words(name, row) for row in rows)
            for name, rows in own.items()
            if rows
        }

    def _read(self, table: Table, keys: set[int], by: str) -> list[Row]:
        found = db.session.execute(select(table).where(table.c[by].in_(keys))).mappings()
        rows = [dict(row) for row in found]
        if table.name == "audit_events":
            late = [row for row in rows if row["at"] >= self.since]
            rows = [row for row in late if row["action"] not in OF_FLAGS]
        return rows

    def _name(self, own: dict[str, list[Row]]) -> None:
        starts = {row["id"]: f"{row['starts_at']} {row['sequence']}"
                  for row in own["treatment_sessions"]}  # fmt: skip
        for name, rows in own.items():
            for row in rows:
                self.names[name, row["id"]] = _name_of(name, row, starts)
        for name, rows in own.items():
            for row in rows:
                if row.get("ref"):
                    self.refs[str(row["ref"])] = f"<{name} {self.names[name, row['id']]}>"

    def _in_words(self, name: str, row: Row) -> str:
        table, said = db.metadata.tables[name], []
        for column in table.columns:
            value = row[column.name]
            target = _target(column)
            if column.name in ("id", "ref", "uid", "series", "hash"):
                continue
            if target and (target, value) in self.names:
                value = self.names[target, value]
            said.append(f"{column.name}={self._plain(name, value)}")
        return " ".join(said)

    def _plain(self, name: str, value: Any) -> str:
        if isinstance(value, dict) and name == "audit_events":
            value = {key: self._of_audit(key, found) for key, found in sorted(value.items())}
        if isinstance(value, uuid.UUID):
            value = str(value)
        text = str(value)
        for ref in re.findall(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", text):
            text = text.replace(ref, self.refs.get(ref, "<somebody>"))
        return re.sub(
            r"\b(note|attendance|occasion|finished|further_treatment):\d+", r"\1:<key>", text
        )

    def _of_audit(self, key: str, value: Any) -> Any:
        return "<key>" if isinstance(value, int) and not isinstance(value, bool) else value


def _name_of(name: str, row: Row, starts: dict[int, str]) -> str:
    if name == "treatment_sessions":
        return starts[row["id"]]
    if name == "session_places":
        return f"{starts[row['session_id']]} {row['state']}"
    parts = ("position", "starts_at", "number", "at", "held_on", "asked_on", "instrument", "kind",
             "created_at", "happened_at", "recorded_at", "place_id", "key", "item")  # fmt: skip
    return " ".join(str(row[p]) for p in parts if p in row and not str(row[p]).isdecimal())


def _target(column: Any) -> str:
    return next((key.column.table.name for key in column.foreign_keys), "")


@pytest.fixture
def shown_year(written: Written) -> Iterator[Flask]:
    with clock.using(SetClock(NOON)), application(f"sqlite:///{written.at_once}") as app:
        yield app
