"""What is said of the days between a session and those beside it. Values only."""

from collections.abc import Iterator
from datetime import date

from mhtr.cases.wording import day_words
from sessions.booking.shapes import Wanted


def beside(wanted: Wanted, day: date) -> Iterator[str]:
    """Why a day is too close to the sessions beside it, or too long after the one before."""
    if wanted.first and day < wanted.first:
        yield f"Too soon after the session before: {day_words(wanted.first)} is the first day."
    if wanted.last and day > wanted.last:
        yield f"Too long after the session before: {day_words(wanted.last)} is the last day."
    if wanted.until and day >= wanted.until:
        yield f"Not before the session that follows it, on {day_words(wanted.until)}."
    elif wanted.until and wanted.latest and too_close(wanted, day):
        yield (
            f"Too close to the session that follows it, on {day_words(wanted.until)}: "
            f"{day_words(wanted.latest)} is the last day."
        )


def too_close(wanted: Wanted, day: date) -> bool:
    """Whether a day leaves the session that follows too few days."""
    return wanted.latest is not None and day > wanted.latest


def off_course(gap: int, least: int, most: int) -> str:
    """What is wrong with the days since the session before; empty where they are as planned."""
    if gap > most:
        return f"{_days(gap)} after the session before, and his course says {most} at most."
    if gap < least:
        return f"{_days(gap)} after the session before, and his course says {least} at least."
    return ""


def next_is_late(on: date, gap: int, most: int) -> str:
    """What a day does to the session that follows it; empty where that is as planned."""
    if gap <= most:
        return ""
    return (
        f"The session that follows, on {day_words(on)}, would come {_days(gap)} later, and his "
        f"course says {most} at most."
    )


def _days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'}"
