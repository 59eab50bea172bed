"""A week or a day as a grid: what stands where, in quarters of an hour. Values only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sessions.availability.open_rules import LONDON, moment
from sessions.availability.shapes import Span

QUARTER = 15
_DAY_MINUTES = 24 * 60
_USUAL = (time(9), time(17))
WORKING_WEEK = 5


class BlockKind(StrEnum):
    """What a stretch of a grid is."""

    SESSION = "session"
    GROUP = "group"
    FREE = "free"
    SUPERVISION = "supervision"
    TRAVEL = "travel"
    OTHER = "other"
    AWAY = "away"
    CLOSED = "closed"


KIND_WORDS = {
    BlockKind.SESSION: "Session",
    BlockKind.GROUP: "Group",
    BlockKind.FREE: "Free",
    BlockKind.SUPERVISION: "Supervision",
    BlockKind.TRAVEL: "Travel",
    BlockKind.OTHER: "Not for sessions",
    BlockKind.AWAY: "Away",
    BlockKind.CLOSED: "Closed",
}


@dataclass(frozen=True, slots=True)
class Block:
    """One stretch, and what is said of it."""

    kind: BlockKind
    span: Span
    title: str = ""
    lines: tuple[str, ...] = ()
    href: str = ""
    action: str = ""
    """What the link does, where it is not to look at the session."""
    action_href: str = ""
    mark: str = ""
    """A word of its state, e.g. what was recorded of it."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A block with its place in its column: from which quarter, and how many of them."""

    block: Block
    at: int
    lasts: int


@dataclass(frozen=True, slots=True)
class Column:
    """One day of a week, or one room of a day."""

    title: str
    day: date
    today: bool
    note: str
    placed: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Columns side by side under one scale of hours."""

    first_hour: int
    last_hour: int
    columns: tuple[Column, ...]
    hours: tuple[str, ...]

    @property
    def quarters(self) -> int:
        """Rows of the grid."""
        return (self.last_hour - self.first_hour) * 60 // QUARTER


def week_days(monday: date, blocks: Iterable[Block]) -> tuple[date, ...]:
    """Monday to Friday, and the days of the weekend on which anything is."""
    busy = {day_of(block.span) for block in blocks}
    days = (monday + timedelta(days=n) for n in range(7))
    return tuple(day for day in days if day.weekday() < WORKING_WEEK or day in busy)


def day_of(span: Span) -> date:
    """The London day on which a stretch begins."""
    return span.starts_at.astimezone(LONDON).date()


def within_day(span: Span, day: date) -> Span | None:
    """The part of a stretch that lies on one London day; None where there is none."""
    opens, closes = moment(day, time(0)), moment(day + timedelta(days=1), time(0))
    starts, ends = max(span.starts_at, opens), min(span.ends_at, closes)
    return Span(starts, ends) if starts < ends else None


def grid_of(columns: Sequence[tuple[str, date, str, Sequence[Block]]], today: date) -> Grid:
    """The grid of some columns: title, day, note, and blocks in any order.

    The scale reaches from the hour of the earliest block to that of the last, nine to five at
    least. A block that goes on past midnight is shown on each of its days.
    """
    cut = [(title, day, note, _on_day(blocks, day)) for title, day, note, blocks in columns]
    minutes = [
        (_minute(block.span.starts_at, day), _minute(block.span.ends_at, day))
        for _, day, _, blocks in cut
        for block in blocks
    ]
    first = min([_USUAL[0].hour * 60, *(start for start, _ in minutes)]) // 60
    last = -(-max([_USUAL[1].hour * 60, *(end for _, end in minutes)]) // 60)
    return Grid(
        first_hour=first,
        last_hour=last,
        columns=tuple(
            Column(title, day, day == today, note, _placed(blocks, day, first))
            for title, day, note, blocks in cut
        ),
        hours=tuple(f"{hour:02}:00" for hour in range(first, last)),
    )


def _on_day(blocks: Sequence[Block], day: date) -> list[Block]:
    found = []
    for block in blocks:
        part = within_day(block.span, day)
        if part is not None:
            found.append(replace(block, span=part))
    return sorted(found, key=lambda block: (block.span, block.kind))


def _placed(blocks: Sequence[Block], day: date, first_hour: int) -> tuple[Placed, ...]:
    """Each block in its quarters. One that begins in a quarter another still has begins after it:
    two blocks never stand in the same row."""
    made: list[Placed] = []
    free_from = 1
    for block in blocks:
        start = (_minute(block.span.starts_at, day) - first_hour * 60) // QUARTER + 1
        end = -(-(_minute(block.span.ends_at, day) - first_hour * 60) // QUARTER) + 1
        at = max(start, free_from)
        if at < end or block.kind is not BlockKind.FREE:
            made.append(Placed(block, at, max(end - at, 1)))
            free_from = at + made[-1].lasts
    return tuple(made)


def _minute(at: datetime, day: date) -> int:
    """Minutes of wall time since midnight; the end of the day is 1,440."""
    local = at.astimezone(LONDON)
    if local.date() > day:
        return _DAY_MINUTES
    return local.hour * 60 + local.minute
