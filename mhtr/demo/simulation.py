"""A programme as it might have run: many stories, told in the order in which things happened.

A story is a generator. It yields the moment at which it goes on, and is resumed then, inside a
write transaction and with the clock set to that moment. A story whose next moment lies in the
future stops there: its case is simply that far.
"""

import heapq
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import count

from sqlalchemy import event
from sqlalchemy.orm import Session

from mhtr.core import audit, clock
from mhtr.core.clock import LONDON, SetClock, from_london
from mhtr.core.database import db
from mhtr.core.errors import Refused, Stale
from mhtr.core.working_days import WorkingCalendar
from mhtr.demo.trail import Trail

Story = Generator[datetime, None, None]
STEPS_A_TRANSACTION = 400
CALENDAR = WorkingCalendar()


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A London wall time as a moment."""
    return from_london(datetime(day.year, day.month, day.day, hour, minute))  # noqa: DTZ001


def working_day(day: date, after: int = 0) -> date:
    """The working day so many working days after (or, negative, before) a day."""
    return CALENDAR.add(day, after) if after >= 0 else CALENDAR.subtract(day, -after)


@contextmanager
def _remembering() -> Iterator[list[object]]:
    """Hold what the session has read: it forgets what nobody holds, and would read it again."""
    held: list[object] = []

    def hold(_session: Session, row: object) -> None:
        held.append(row)

    session = db.session()
    moments = ("loaded_as_persistent", "pending_to_persistent")
    for moment in moments:
        event.listen(session, moment, hold)
    try:
        yield held
    finally:
        for moment in moments:
            event.remove(session, moment, hold)


class Simulation:
    """Stories waiting for their next moment, up to `now`."""

    def __init__(self, now: datetime, trail: Trail) -> None:
        self.now, self.trail = now, trail
        self._order = count()
        self._waiting: list[tuple[datetime, int, Story]] = []
        self.refused: list[str] = []
        """Steps that a service did not allow: none, as a test says."""

    @property
    def today(self) -> date:
        """The day on which the simulation ends, in London."""
        return self.now.astimezone(LONDON).date()

    def tell(self, story: Story) -> None:
        """Add a story: it runs to its first moment now, which must do no writing."""
        self._wait(story)

    def _wait(self, story: Story) -> None:
        try:
            moment = next(story)
        except StopIteration:
            return
        if moment <= self.now:
            heapq.heappush(self._waiting, (moment, next(self._order), story))

    def run(self) -> None:
        """Tell every story up to now."""
        hands = SetClock(self.now - timedelta(days=365))
        with clock.using(hands), _remembering() as held:
            while self._waiting:
                held.clear()
                with self.trail.writing():
                    self._some(hands)

    def _some(self, hands: SetClock) -> None:
        for _ in range(STEPS_A_TRANSACTION):
            if not self._waiting:
                return
            moment, _, story = heapq.heappop(self._waiting)
            hands.moment = max(hands.moment, moment)
            self._step(story, moment)

    def _step(self, story: Story, moment: datetime) -> None:
        """Go on with a story. One that a service refuses ends there, with nothing half done."""
        entries = audit.pending()
        try:
            with db.session.begin_nested():
                self._wait(story)
                db.session.flush()
        except (Refused, Stale) as refusal:
            self.refused.append(f"{story!r} at {moment:%d %B %Y %H:%M}: {refusal}")
            db.session.info[audit.PENDING] = entries
        except Exception as problem:
            problem.add_note(f"in {story!r} at {moment:%d %B %Y %H:%M}")
            raise
