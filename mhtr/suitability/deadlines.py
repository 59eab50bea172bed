"""When a suitability report is due, whether that can be met, and how long is left.

Working days are England's, of a `WorkingCalendar`; the day of the request counts as 0. Days and
switches are the service's policy values. Source of 0, 5 and 15 working days: the usual periods
for oral, short and standard pre-sentence reports (Sentencing Council pronouncement card on
adjournments; parliamentary question 98201).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from mhtr.cases.facts import LONDON
from mhtr.cases.wording import day_words
from mhtr.core.working_days import WorkingCalendar
from mhtr.suitability import change_of_dates as change
from mhtr.suitability.capacity import Writer, ready_on

NOT_MET = "This date cannot be met. The earliest possible is"


class PsrType(StrEnum):
    """The kind of pre-sentence report the court has asked probation for."""

    ORAL = "oral"
    SHORT = "short"
    STANDARD = "standard"
    NOT_KNOWN = "not_known"


class OnNonWorkingDay(StrEnum):
    """What becomes of a due date on a day when nobody works."""

    DAY_BEFORE = "day_before"
    DAY_AFTER = "day_after"
    KEEP = "keep"


class Basis(StrEnum):
    """What fixed the due date."""

    ASKED_FOR = "asked_for"
    WORKING_DAYS = "working_days"
    BEFORE_PSR = "before_psr"
    HEARING = "hearing"


@dataclass(frozen=True)
class DeadlinePolicy:
    """Policy values; days are working days.

    `unknown_type_days` stands in until the kind of report is known. `closing_hour` is London
    time: a request from that hour on counts as made on the next working day, unless
    `late_request_counts_same_day`. `start_next_working_day`: a request on a non-working day
    starts its count on the next working day (otherwise on the day itself).
    `least_days` is the least the service needs from request to report, not counting days on
    which the assessor is away.
    `soon_days`: this many left or fewer shows “soon”.
    """

    oral_days: int = 0
    short_days: int = 5
    standard_days: int = 15
    unknown_type_days: int = 5
    days_before_psr: int = 1
    closing_hour: int = 17
    late_request_counts_same_day: bool = False
    start_next_working_day: bool = True
    due_on_non_working_day: OnNonWorkingDay = OnNonWorkingDay.DAY_BEFORE
    least_days: int = 0
    soon_days: int = 2


@dataclass(frozen=True)
class Due:
    """A due date, what fixed it, and whether it can be met.

    `earliest` is the first day the service can promise: the due date itself where that is
    feasible. `reasons` are in words, the deciding one first. `lost`: a change of dates left no
    day, so it is due on the day of the change.
    """

    on: date
    basis: Basis
    reasons: tuple[str, ...]
    feasible: bool
    earliest: date
    lost: bool = False


def report_due(
    requested_at: datetime,
    psr_type: PsrType,
    psr_filed_on: date | None,
    hearing_on: date | None,
    asked_for: date | None,
    policy: DeadlinePolicy,
    calendar: WorkingCalendar,
    writer: Writer | None = None,
    changed_on: date | None = None,
    anew: date | None = None,
) -> Due:
    """When the report is due.

    On the date she asks for; otherwise the earlier of request + 0, 5 or 15 working days and
    `days_before_psr` working days before the pre-sentence report is filed, if known; never after
    the hearing; filed after that, as many days before it. Never before the request (aware), nor
    `changed_on`, when a date it follows from last changed. `anew`: its time counts since then.
    """
    start, asked_on, notes = _start(requested_at, policy, calendar)
    after = change.filed_too_late(psr_filed_on, hearing_on)
    filed_on = hearing_on if after else psr_filed_on
    usual = _usual(start, asked_on, psr_type, filed_on, policy, calendar)
    latest = _before(filed_on, asked_on, policy, calendar) if after and filed_on else None
    on, basis, reasons = _as_asked(asked_for, filed_on, latest) if asked_for else usual
    reasons += [change.late_words(psr_filed_on)] if after and psr_filed_on else []
    on, basis = _until_hearing(on, basis, asked_on, hearing_on, reasons)
    on = _on_working_day(on, asked_on, hearing_on, policy, calendar, reasons)
    before = _before(filed_on, None, policy, calendar) if filed_on else asked_on
    promised = _after if before < asked_on and not asked_for else _earliest
    if anew:
        counted = _counted_anew(anew, psr_type, filed_on, hearing_on, policy, calendar, writer)
        if won := change.won(on, *counted, anew, calendar, reasons):
            on, start, promised = won, anew, _earliest
    lost = changed_on is not None and change.left_no_day(on, asked_on, hearing_on, changed_on)
    if changed_on and lost:
        on, promised = change.at_once(changed_on, hearing_on, calendar, reasons), _after
    earliest = promised(start, on, writer, policy, calendar)
    reasons += [f"{NOT_MET} {day_words(earliest)}."] if on < earliest else []
    return Due(on, basis, (*reasons, *notes), on >= earliest, max(on, earliest), lost)


def _until_hearing(
    on: date, basis: Basis, asked_on: date, hearing_on: date | None, reasons: list[str]
) -> tuple[date, Basis]:
    if hearing_on is None or not on > hearing_on >= asked_on:
        return on, basis
    reasons.insert(0, f"Never after the hearing on {day_words(hearing_on)}.")
    return hearing_on, Basis.HEARING


def _start(
    requested_at: datetime, policy: DeadlinePolicy, calendar: WorkingCalendar
) -> tuple[date, date, list[str]]:
    """The day from which the request counts, the day on which it was made, and why they differ."""
    if requested_at.tzinfo is None:
        raise ValueError("The time of the request needs a zone.")
    local = requested_at.astimezone(LONDON)
    day = local.date()
    late = local.hour >= policy.closing_hour and not policy.late_request_counts_same_day
    if late and calendar.is_working(day):
        start = calendar.add(day, 1)
        said = f"Asked after {policy.closing_hour}:00, so it counts from {full_day(start)}."
        return start, day, [said]
    if not calendar.is_working(day) and policy.start_next_working_day:
        start = calendar.add(day, 0)
        return start, day, [f"Asked on a non-working day, so it counts from {full_day(start)}."]
    return day, day, []


def _as_asked(
    asked_for: date, filed_on: date | None, latest: date | None
) -> tuple[date, Basis, list[str]]:
    reasons = [f"Asked for by {day_words(asked_for)}."]
    if filed_on is not None and asked_for > filed_on:
        filed = day_words(filed_on)
        reasons.append(f"That is after the pre-sentence report is due ({filed}). Check it.")
    if latest is not None and asked_for > latest:
        return latest, Basis.BEFORE_PSR, reasons
    return asked_for, Basis.ASKED_FOR, reasons


def _before(
    filed_on: date, asked_on: date | None, policy: DeadlinePolicy, calendar: WorkingCalendar
) -> date:
    day = calendar.subtract(filed_on, policy.days_before_psr)
    return max(day, asked_on) if asked_on else day


def _usual(
    start: date,
    asked_on: date,
    psr_type: PsrType,
    psr_filed_on: date | None,
    policy: DeadlinePolicy,
    calendar: WorkingCalendar,
) -> tuple[date, Basis, list[str]]:
    days, words = _period(psr_type, policy)
    by_days = calendar.add(start, days) if days else start
    if psr_filed_on is not None:
        before = _before(psr_filed_on, None, policy, calendar)
        if before < by_days:
            days_before = in_working_days(policy.days_before_psr)
            reasons = [
                f"{days_before} before the pre-sentence report is filed "
                f"({day_words(psr_filed_on)})."
            ]
            if before < asked_on:
                reasons.append("That was before the request, so it is due on the day of it.")
            return max(before, asked_on), Basis.BEFORE_PSR, reasons
    return by_days, Basis.WORKING_DAYS, [f"{in_working_days(days)} from the request, for {words}."]


def _counted_anew(
    since: date,
    psr_type: PsrType,
    filed_on: date | None,
    hearing_on: date | None,
    policy: DeadlinePolicy,
    calendar: WorkingCalendar,
    writer: Writer | None,
) -> tuple[date, str]:
    """When it would be due, had she asked on the day on which its time counts; or on a later
    day that its writer had named, in time, and that he had."""
    reasons: list[str] = []
    on, _, _ = _usual(since, since, psr_type, filed_on, policy, calendar)
    on, _ = _until_hearing(on, Basis.WORKING_DAYS, since, hearing_on, reasons)
    anew = _on_working_day(on, since, hearing_on, policy, calendar, reasons)
    limit = _before(filed_on, None, policy, calendar) if filed_on else hearing_on
    return change.as_named(anew, writer.named if writer else None, limit, calendar)


def _period(psr_type: PsrType, policy: DeadlinePolicy) -> tuple[int, str]:
    periods: Mapping[PsrType, tuple[int, str]] = {
        PsrType.ORAL: (policy.oral_days, "an oral report"),
        PsrType.SHORT: (policy.short_days, "a short report"),
        PsrType.STANDARD: (policy.standard_days, "a standard report"),
        PsrType.NOT_KNOWN: (policy.unknown_type_days, "a report whose kind is not known yet"),
    }
    return periods[psr_type]


def _on_working_day(
    on: date,
    asked_on: date,
    hearing_on: date | None,
    policy: DeadlinePolicy,
    calendar: WorkingCalendar,
    reasons: list[str],
) -> date:
    choice = policy.due_on_non_working_day
    if calendar.is_working(on) or choice is OnNonWorkingDay.KEEP:
        return on
    back = choice is OnNonWorkingDay.DAY_BEFORE
    moved = calendar.subtract(on, 0) if back else calendar.add(on, 0)
    if moved < asked_on <= on:
        moved = calendar.add(on, 0)  # a day before the request helps nobody
    if hearing_on is not None and moved > hearing_on >= on:
        moved = calendar.subtract(on, 0)
        if moved < asked_on <= on:
            return on  # asked on a day off for a hearing on a day off: nothing lies between
    reasons.append(f"{day_words(on)} is not a working day, so it moves to {full_day(moved)}.")
    return moved


def _earliest(
    start: date,
    on: date,
    writer: Writer | None,
    policy: DeadlinePolicy,
    calendar: WorkingCalendar,
) -> date:
    begins = calendar.add(start, 0)
    earliest = calendar.add(begins, policy.least_days)
    if writer is None:
        return earliest
    return max(earliest, ready_on(begins, on, policy.least_days, writer, calendar))


def _after(
    start: date, on: date, writer: Writer | None, policy: DeadlinePolicy, calendar: WorkingCalendar
) -> date:
    """The first day that can be promised where no day is left up to `on`."""
    aim = calendar.add(on, 1)
    return max(aim, _earliest(start, aim, writer, policy, calendar))


def result_chased_on(hearing_on: date, calendar: WorkingCalendar) -> date:
    """The working day on which a hearing with no recorded result becomes somebody's task."""
    return calendar.add(hearing_on, 1)


def full_day(day: date) -> str:
    """A day with its weekday, in words."""
    return f"{day:%A} {day_words(day)}"


def in_working_days(days: int) -> str:
    """A number of working days in words."""
    return f"{days} working day{'' if days == 1 else 's'}"
