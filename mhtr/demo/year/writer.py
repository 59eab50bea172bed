"""What services would write of a man's treatment, put together without them.

Every step stands for one call of a service, by his therapist at a moment, and says what that call
leaves on record: rows, tasks, notices and the audit. `tests/demo/test_year.py` takes the same
steps through the services and compares. Flags of scores are worked out by their own service once
everything is written.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mhtr.cases.facts import FactKind
from mhtr.compliance.attendance import Told
from mhtr.compliance.contact_rules import Attempt
from mhtr.demo.year import (
    attendance_rows,
    booking_rows,
    decision_rows,
    ending_rows,
    measure_rows,
    note_rows,
    notice_rows,
)
from mhtr.demo.year.booking_rows import Asked
from mhtr.demo.year.person import Held, Person, starts
from mhtr.demo.year.rows import Row, Rows
from sessions.booking.shapes import Place
from sessions.courses.kinds import CourseEnd
from sessions.therapies import Side


@dataclass(frozen=True)
class Step:
    """One thing that was done: which, when, and with what."""

    at: datetime
    name: str
    given: tuple[Any, ...]
    made: Any = None


@dataclass
class Writer:
    """Takes the steps of one man's year."""

    rows: Rows
    man: Person
    taken: list[Step] = field(default_factory=list)
    """Every step, for whoever wants to take them again."""
    course: Row = field(default_factory=dict)
    """What changed of his course beside its version."""

    def _do(self, at: datetime, name: str, do: Callable[..., Any], *given: Any) -> Any:
        made = do(self.rows, self.man, at, *given)
        self.taken.append(Step(at, name, given, made))
        return made

    def book(self, at: datetime, asked: Sequence[Asked]) -> list[Held]:
        """Sessions of his course are booked."""
        made: list[Held] = self._do(at, "book", booking_rows.book, asked)
        return made

    def tell(self, at: datetime, sessions: Sequence[Held]) -> None:
        """He is told of sessions that were booked or moved."""
        of = [(held, starts(held)) for held in sessions if at < starts(held)]
        if of:
            self._do(at, "tell", notice_rows.tell, of, notice_rows.told_how(self.man, at))

    def move(self, at: datetime, held: Held, where: Place, side: Side, reason: str) -> None:
        """A session goes elsewhere."""
        self._do(at, "move", booking_rows.move, held, where, side, reason)

    def cancel(self, at: datetime, held: Sequence[Held], side: Side, reason: str) -> None:
        """Sessions are cancelled beforehand."""
        self._do(at, "cancel", booking_rows.cancel, held, side, reason)
        if side is Side.HIM:
            for one in held:
                attendance_rows.he_cancelled(self.rows, self.man, at, one, reason)

    def to_the_end(self, at: datetime, part: Row) -> None:
        """A session that was cancelled becomes the last of his course."""
        self._do(at, "to_the_end", booking_rows.to_the_end, part)

    def catch_up(self, at: datetime, part: Row, reason: str) -> Row:
        """A session that he missed is held again at the end."""
        made: Row = self._do(at, "catch_up", booking_rows.catch_up, part, reason)
        return made

    def record(self, at: datetime, held: Held, told: Told, why: str = "") -> None:
        """What happened is recorded, or put right."""
        self._do(at, "record", attendance_rows.record, held, told, why)
        ending_rows.follow(self.rows, self.man, at, held)

    def further(self, at: datetime) -> None:
        """Whom his order names says that no further treatment is required, where it is asked."""
        if ending_rows.is_asked(self.man):
            self._do(at, "further", ending_rows.answer)

    def read(self, at: datetime) -> None:
        """His officer reads what he was told."""
        self._do(at, "read", attendance_rows.read)

    def decide(self, at: datetime, held: Held) -> None:
        """His officer decides on a session that he missed."""
        decision = decision_rows.decided_how(self.man, held, at)
        self._do(at, "decide", decision_rows.decide, held, decision)

    def reach(self, at: datetime, held: Held, attempt: Attempt, note: str = "") -> None:
        """He is tried to be reached."""
        self._do(at, "reach", attendance_rows.reach, held, attempt, note)

    def found_well(self, at: datetime, held: Held, found: str) -> None:
        """A welfare call ends."""
        self._do(at, "found_well", attendance_rows.found_well, held, found)

    def measure(self, at: datetime, held: Held, totals: Sequence[int]) -> None:
        """PHQ-9 and GAD-7 are taken, or he was here and was not asked."""
        self._do(at, "measure", measure_rows.measure, held, totals)

    def note(
        self, at: datetime, held: Held, parts: Mapping[str, str], *, finish: bool = True
    ) -> None:
        """The note is kept as a draft, or finished."""
        note_rows.write(self.rows, self.man, at, held, parts, finish=finish)
        self.taken.append(Step(at, "note", (held, parts, finish)))

    def sign(self, at: datetime, held: Held) -> None:
        """The clinical lead signs it off."""
        self._do(at, "sign", note_rows.sign, held)

    def add(self, at: datetime, held: Held, text: str) -> None:
        """Something is added to a locked note."""
        self._do(at, "add", note_rows.add, held, text)

    def end(self, at: datetime, how: CourseEnd, reason: str = "") -> None:
        """His course ends, and with it his treatment."""
        self.course |= self._do(at, "end", booking_rows.end_course, how, reason)
        planned = how is CourseEnd.DONE
        if how is CourseEnd.EARLY:
            ending_rows.ended_early(self.rows, self.man, at)
        attendance_rows.add_fact(self.rows, self.man, at, FactKind.TREATMENT_ENDED, planned=planned)

    def discharge(self, at: datetime) -> None:
        """He is discharged."""
        attendance_rows.add_fact(self.rows, self.man, at, FactKind.DISCHARGED)
        ending_rows.discharged(self.rows, self.man, at)
        self.taken.append(Step(at, "discharge", ()))
