"""What a change of dates leaves: a report is never due before the day on which they changed.

Days are calendar days in London; working days are those of a `WorkingCalendar`.
"""

from dataclasses import dataclass
from datetime import date

from mhtr.cases.wording import day_words
from mhtr.core.working_days import WorkingCalendar

TOO_LATE = "So at the latest the day of the hearing counts, until the author says when she files."
COUNTED_ANEW = "the time is counted anew"


@dataclass(frozen=True)
class Dates:
    """The hearing and the day on which she files, as a due date follows from them."""

    hearing_on: date | None
    filed_on: date | None


def put_off(was: Dates, now: Dates) -> bool:
    """Whether the court gave more time: a later hearing, or a later filing for the same one.

    A hearing taken off the list with no new day is put off too.
    """
    before, after = _moved(was, now)
    return before is not None and (after is None or after > before)


def brought_forward(was: Dates, now: Dates) -> bool:
    """Whether it left less time: an earlier hearing, or an earlier filing for the same one."""
    before, after = _moved(was, now)
    return before is not None and after is not None and after < before


def _moved(was: Dates, now: Dates) -> tuple[date | None, date | None]:
    if was.hearing_on != now.hearing_on:
        return was.hearing_on, now.hearing_on
    return was.filed_on, now.filed_on


def counts_anew(was: Dates, now: Dates, late: bool, lost: bool, feasible: bool) -> bool:
    """Whether a change lets the time count anew from its day; it is decided on that day alone.

    `late`: before it, the date had run out or could not be met. `lost` and `feasible` are those
    of the due date with the time as it counted until then.
    """
    if lost:
        return not brought_forward(was, now)
    return late and not feasible and put_off(was, now)


def filed_too_late(psr_filed_on: date | None, hearing_on: date | None) -> bool:
    """Whether the pre-sentence report would be filed after the hearing it is for."""
    return psr_filed_on is not None and hearing_on is not None and psr_filed_on > hearing_on


def late_words(psr_filed_on: date) -> str:
    """What follows from it, in words."""
    return f"Filing on {day_words(psr_filed_on)} would be after the hearing. {TOO_LATE}"


def left_no_day(on: date, asked_on: date, hearing_on: date | None, changed_on: date) -> bool:
    """Whether a change left no day: due before it, or the hearing is on the very day of it."""
    at_once = on == hearing_on == changed_on and changed_on > asked_on
    return on < changed_on or at_once


def as_named(
    anew: date, named: date | None, limit: date | None, calendar: WorkingCalendar
) -> tuple[date, str]:
    """The time counted anew, or the later day that the service had named; and that it is its day.

    A named day after the last one on which the report is of use changes nothing (`limit`).
    """
    day = calendar.add(named, 0) if named else anew
    if day <= anew or (limit is not None and day > limit):
        return anew, ""
    return day, f"The service had said that it cannot be ready before {day_words(day)}."


def won(
    on: date, counted: date, said: str, since: date, calendar: WorkingCalendar, reasons: list[str]
) -> date | None:
    """The day on which it is due by the time `counted` anew; None where that wins no day.

    Adds why, and what the service had `said`.
    """
    if counted <= max(on, calendar.add(since, 0)):
        return None
    why = f"The dates changed on {day_words(since)}: {COUNTED_ANEW} from that day."
    reasons[:0] = [why, said] if said else [why]
    return counted


def at_once(
    changed_on: date, hearing_on: date | None, calendar: WorkingCalendar, reasons: list[str]
) -> date:
    """The day of a change that left none: a working day unless the hearing comes first."""
    reasons.insert(0, f"The dates changed on {day_words(changed_on)}, too late for an earlier day.")
    day = calendar.add(changed_on, 0)
    return hearing_on if hearing_on and day > hearing_on >= changed_on else day
