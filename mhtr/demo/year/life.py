"""How one man's treatment went: booked, held, missed, moved, cancelled, caught up on, ended.

Shares are round figures of community mental health services: of a hundred sessions some seventy to
seventy-five are held, about fifteen missed, and the rest cancelled or moved by somebody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from typing import TypeVar

from mhtr.compliance.attendance import MISSED, Happened, ReasonGiven, Told
from mhtr.compliance.contact_rules import Attempt, Reached, Way
from mhtr.core.clock import LONDON
from mhtr.demo.simulation import at, working_day
from mhtr.demo.year import phrases
from mhtr.demo.year.attendance_rows import is_called
from mhtr.demo.year.board import Board, Weekly, day_of
from mhtr.demo.year.person import Held, ends, starts
from mhtr.demo.year.rows import Row
from mhtr.demo.year.writer import Writer
from sessions.booking.shapes import Place
from sessions.courses.kinds import CourseEnd
from sessions.therapies import Side

H = Happened
Of = TypeVar("Of")
MOVES = 0.04
CANCELS = ((Side.HIM, 0.03), (Side.SERVICE, 0.035), (Side.PROBATION, 0.015))
ON_THE_DAY = (
    (H.SEEN, 0.76),
    (H.SEEN_LATE, 0.06),
    (H.DID_NOT_COME, 0.125),
    (H.TOO_LATE, 0.02),
    (H.WE_CANCELLED, 0.015),
    (H.NOT_SEEN_BY_US, 0.01),
    (H.OTHERS_CANCELLED, 0.01),
)
REASONS = (ReasonGiven.ILLNESS, ReasonGiven.WORK, ReasonGiven.FORGOT, ReasonGiven.CARING,
           ReasonGiven.TRANSPORT, ReasonGiven.HOUSING, ReasonGiven.NOT_SAID)  # fmt: skip
GIVES_A_REASON, NOT_RECORDED, LEFT_FOR_LATER = 0.45, 0.2, 0.4
STAYS_A_DRAFT, STAYS_UNSIGNED, IS_ADDED_TO = 0.1, 0.08, 0.03
MEASURED = 0.7
"""Beside the first, the middle and the last session."""
MISSES_AND_STOPS = 3
DECIDED_AFTER = 8
"""Working days after a miss on which his officer decides: more than he has for his evidence."""
LATELY = 2
"""Working days within which something may still be left to do."""


@dataclass(frozen=True)
class Fate:
    """What is decided of a man beforehand."""

    first: tuple[int, int]
    last: tuple[int, int]
    """PHQ-9 and GAD-7 at his first and last session."""
    stops_at: int = 0
    """The session from which on he does not come; 0: he stays."""
    once: bool = False
    """Measured at his first session only."""


class Life:
    """Takes one man through his treatment, up to now."""

    def __init__(
        self, writer: Writer, board: Board, weekly: Weekly, fate: Fate,
        chance: Random, now: datetime,
    ) -> None:  # fmt: skip
        self.do, self.board, self.weekly, self.fate = writer, board, weekly, fate
        self.man, self.chance, self.now = writer.man, chance, now
        self.queue: list[Held] = []
        self.missed = self.held = 0
        self.last_day = self.man.within[0]
        self.has_left = self.is_short = False

    def tell(self, booked_at: datetime) -> None:
        """Everything from the booking of his course on."""
        self._book(booked_at, self.man.parts)
        while self.queue:
            held = self.queue.pop(0)
            if not self._over(held):
                return
        if not self.has_left and not self.is_short:
            self._end(CourseEnd.DONE, "")

    def _book(self, moment: datetime, parts: Sequence[Row]) -> None:
        asked = []
        for part in parts:
            where = self._next(part["minutes"])
            if where is None:
                self.is_short = True
                break
            self.board.take(where)
            asked.append((part, where))
        if asked:
            booked = self.do.book(moment, asked)
            self.do.tell(moment, booked)
            self.queue += booked

    def _next(self, minutes: int) -> Place | None:
        for day, begins in self.weekly:
            if day > self.man.within[1]:
                return None
            where = self.board.free(self.man.by, day, begins, minutes)
            if where is not None:
                self.last_day = day
                return where
        return None

    def _over(self, held: Held) -> bool:
        """One session; False where it lies ahead, or he comes no more."""
        before = at(working_day(day_of(starts(held)), -1), 11)
        if before > self.now:
            return False
        if self._changed_beforehand(held, before):
            return True
        if ends(held) > self.now - timedelta(hours=1):
            return False
        if self._is_late_in_recording(held):
            return True
        happened = self._happened(self.man.number(held.part))
        if happened in (H.SEEN, H.SEEN_LATE):
            self._seen(held, happened)
        else:
            self._not_seen(held, happened)
            self._is_read(held)
            self._is_decided(held)
        return not self._stops(held)

    def _changed_beforehand(self, held: Held, moment: datetime) -> bool:
        """Whether it was cancelled the day before; it may have been moved as well."""
        draw = self.chance.random()
        if held.session["created_at"] >= moment or held.session["supersedes_id"]:
            return False
        for side, share in CANCELS:
            draw -= share
            if draw < 0:
                self._cancel(held, moment, side)
                return True
        if draw < MOVES:
            self._move(held, moment, self.chance.choice(list(Side)))
        return False

    def _move(self, held: Held, moment: datetime, side: Side) -> None:
        day = day_of(starts(held))
        was = starts(held).astimezone(LONDON).time()
        for begins in (time(12), time(16), time(9), time(10, 30), time(13, 30), time(15)):
            where = self.board.free(self.man.by, day, begins, held.part["minutes"])
            if begins != was and where is not None and not where.span.overlaps(held.where.span):
                self.board.give_back(held.where)
                self.board.take(where)
                self.do.move(moment, held, where, side, self._pick(phrases.MOVED[side]))
                self.do.tell(moment, [held])
                return

    def _cancel(self, held: Held, moment: datetime, side: Side) -> None:
        self.board.give_back(held.where)
        self.do.cancel(moment, [held], side, self._pick(phrases.CANCELLED[side]))
        later = moment + timedelta(minutes=10)
        self._is_read(held)
        if is_called(self.man, held):
            self.do.found_well(later, held, self._pick(phrases.FOUND))
        self._is_decided(held)
        self.do.to_the_end(later, held.part)
        self._book(later + timedelta(minutes=5), [held.part])

    def _is_late_in_recording(self, held: Held) -> bool:
        return self._lately(starts(held)) and self.chance.random() < NOT_RECORDED

    def _lately(self, moment: datetime, days: int = LATELY) -> bool:
        return day_of(moment) >= working_day(day_of(self.now), -days)

    def _happened(self, number: int) -> Happened:
        if self.fate.stops_at and number >= self.fate.stops_at:
            return H.DID_NOT_COME
        if number == 1:
            return H.SEEN
        kinds, shares = zip(*ON_THE_DAY, strict=True)
        found: Happened = self.chance.choices(kinds, shares)[0]
        return found

    def _seen(self, held: Held, happened: Happened) -> None:
        self.held, self.missed = self.held + 1, 0
        over = ends(held)
        late = self.chance.choice((5, 10, 10, 15, 20)) if happened is H.SEEN_LATE else None
        described = self._pick(phrases.LATE) if late else ""
        self.do.record(over, held, Told(happened, late, described=described))
        number, last = self.man.number(held.part), len(self.man.parts)
        wanted = number in (1, last // 2, last) or self.chance.random() < MEASURED
        asked = number == 1 or (wanted and not self.fate.once)
        totals = self._totals(number, last) if asked else ()
        self.do.measure(over + timedelta(minutes=2), held, totals)
        self._note(held)

    def _totals(self, number: int, last: int) -> tuple[int, int]:
        gone = (number - 1) / max(1, last - 1)
        found = []
        for first, end, most in zip(self.fate.first, self.fate.last, (24, 21), strict=True):
            wanted = round(first + (end - first) * gone) + self.chance.randrange(-1, 2)
            found.append(max(1, min(most, wanted)))
        return found[0], found[1]

    def _note(self, held: Held) -> None:
        written = ends(held) + timedelta(minutes=20 + 5 * self.chance.randrange(4))
        parts = phrases.note(held.part["therapy"], self.chance)
        signed = self._working(written, self.chance.randrange(1, 5), 9 + self.chance.randrange(8))
        added = self._working(written, 3, 12)
        draft = self.chance.random() < STAYS_A_DRAFT
        adds = self.chance.random() < IS_ADDED_TO
        if written > self.now:
            return
        draft = draft and self._lately(written, 8)
        self.do.note(written, held, parts, finish=not draft)
        unsigned = self._lately(written, 15) and self.chance.random() < STAYS_UNSIGNED
        if not draft and not unsigned and not self.man.registered and signed <= self.now:
            self.do.sign(signed, held)
            adds_at = max(added, signed) + timedelta(minutes=30)
            if adds and adds_at <= self.now:
                self.do.add(adds_at, held, self._pick(phrases.ADDED))

    def _not_seen(self, held: Held, happened: Happened) -> None:
        recorded = ends(held)
        self.do.record(recorded, held, Told(happened))
        last = recorded + timedelta(minutes=10)
        if happened in (H.DID_NOT_COME, H.TOO_LATE):
            self.missed += 1
            last = self._reach(held, recorded + timedelta(minutes=10))
        part = self.do.catch_up(last + timedelta(minutes=5), held.part, phrases.CAUGHT_UP)
        self._book(last + timedelta(minutes=10), [part])

    def _reach(self, held: Held, moment: datetime) -> datetime:
        """He is tried to be reached; returns when that was over for today."""
        reached = Reached.NO_ANSWER if self.fate.stops_at else self.chance.choice(
            (Reached.SPOKE, Reached.NO_ANSWER, Reached.MESSAGE_LEFT)
        )  # fmt: skip
        self.do.reach(moment, held, Attempt(Way.TELEPHONE, reached))
        moment += timedelta(minutes=5)
        if self._lately(moment) and self.chance.random() < LEFT_FOR_LATER:
            return moment
        if is_called(self.man, held):
            self.do.found_well(moment, held, self._pick(phrases.FOUND))
        elif reached is not Reached.SPOKE:
            self.do.reach(moment, held, Attempt(Way.TEXT, Reached.SENT), "Please ring the clinic")
        answered = self._working(moment, 1, 10)
        reason = self._pick(REASONS)
        if not self.fate.stops_at and self.chance.random() < GIVES_A_REASON:
            if answered <= self.now:
                told = Told(held.records[-1]["happened"], reason=reason)
                self.do.record(answered, held, told, "He rang back and said why")
        return moment

    def _is_read(self, held: Held) -> None:
        """His officer reads that it is recorded, and perhaps that it was put right."""
        moment = self._working(starts(held), 3, 16)
        if moment <= self.now and self.man.told:
            self.do.read(moment)

    def _is_decided(self, held: Held) -> None:
        """His officer decides once the days for his evidence are over."""
        moment = self._working(starts(held), DECIDED_AFTER, 15)
        last = held.records[-1] if held.records and self.man.officer else {"required": False}
        if moment <= self.now and last["required"] and last["happened"] in MISSED:
            self.do.decide(moment, held)

    def _stops(self, held: Held) -> bool:
        """Whether he is given up after this session."""
        if self.missed < MISSES_AND_STOPS or not self.fate.stops_at:
            return False
        moment = self._working(starts(held), 2, 14)
        if moment > self.now:
            return False
        self.has_left = True
        left = [one for one in self.queue if starts(one) > moment]
        for one in left:
            self.board.give_back(one.where)
        if left:
            self.do.cancel(moment, left, Side.SERVICE, phrases.STOPPED)
        self.queue.clear()
        self._end(CourseEnd.EARLY, phrases.STOPPED, moment + timedelta(minutes=10))
        return True

    def _end(self, how: CourseEnd, reason: str, moment: datetime | None = None) -> None:
        last = moment or self._working(at(self.last_day, 17), 1, 15)
        if last > self.now:
            return
        self.do.further(last - timedelta(hours=1))
        self.do.end(last, how, reason)
        gone = self._working(last, 3, 12)
        if gone <= self.now:
            self.do.discharge(gone)

    def _working(self, moment: datetime, days: int, hour: int) -> datetime:
        return at(working_day(day_of(moment), days), hour)

    def _pick(self, of: Sequence[Of]) -> Of:
        return self.chance.choice(of)
