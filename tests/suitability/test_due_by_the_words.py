"""The due date by the words of the service's rule, counted by hand, beside the program's.

"Due on the date she asks for; otherwise the earlier of request + 0 (oral), 5 (short) or 15
(standard) working days and one working day before the PSR is filed." Nothing here is taken from
the program but its answer: bank holidays are written down, days are counted one by one.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from mhtr.cases.facts import LONDON
from mhtr.core.due import left_until
from mhtr.suitability.countdown import CountdownState, countdown
from mhtr.suitability.deadlines import PsrType, report_due
from tests.suitability.due_dates import CALENDAR, POLICY, at

BANK_HOLIDAYS = frozenset(
    date.fromisoformat(day)
    for day in (
        # gov.uk/bank-holidays, England and Wales. 26 December 2026, 25 and 26 December 2027 and
        # 1 January 2028 are on a weekend: the days after stand in for them.
        *("2026-01-01", "2026-04-03", "2026-04-06", "2026-05-04", "2026-05-25"),
        *("2026-08-31", "2026-12-25", "2026-12-28"),
        *("2027-01-01", "2027-03-26", "2027-03-29", "2027-05-03", "2027-05-31"),
        *("2027-08-30", "2027-12-27", "2027-12-28", "2028-01-03"),
    )
)
DAYS_OF = {PsrType.ORAL: 0, PsrType.SHORT: 5, PsrType.STANDARD: 15}
SEASONS = (
    (date(2026, 3, 27), date(2026, 4, 12)),
    (date(2026, 4, 29), date(2026, 5, 9)),
    (date(2026, 8, 24), date(2026, 9, 4)),
    (date(2026, 11, 16), date(2026, 11, 30)),
    (date(2026, 12, 14), date(2027, 1, 6)),
    (date(2027, 12, 20), date(2027, 12, 31)),
)
ONE = timedelta(days=1)


def works(day: date) -> bool:
    return day.weekday() < 5 and day not in BANK_HOLIDAYS


def on_or_after(day: date) -> date:
    return day if works(day) else on_or_after(day + ONE)


def on_or_before(day: date) -> date:
    return day if works(day) else on_or_before(day - ONE)


def plus(day: date, count: int) -> date:
    """So many working days later, counted one by one; the day itself counts as 0."""
    return day if count == 0 else plus(on_or_after(day + ONE), count - 1)


def by_the_words(asked: date, kind: PsrType, filed: date | None, wanted: date | None) -> date:
    """What the sentence says; on a day off the working day before, but never before the request."""
    if wanted is not None:
        due = wanted
    else:
        due = plus(on_or_after(asked), DAYS_OF[kind])
        if filed is not None:
            due = min(due, on_or_before(filed - ONE))
    due = max(due, asked)
    back = on_or_before(due)
    return back if back >= asked else on_or_after(due)


def days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += ONE


def test_the_bank_holidays_are_those_of_the_program() -> None:
    for day in days(date(2026, 1, 1), date(2027, 12, 31)):
        assert works(day) is CALENDAR.is_working(day), day


@pytest.mark.parametrize("kind", DAYS_OF)
@pytest.mark.parametrize("season", SEASONS, ids=lambda season: season[0].isoformat())
def test_every_day_of_a_season_with_every_day_of_filing(
    kind: PsrType, season: tuple[date, date]
) -> None:
    for asked in days(*season):
        for filed in (None, *days(asked, asked + 35 * ONE)):
            found = report_due(at(asked), kind, filed, None, None, POLICY, CALENDAR)
            assert found.on == by_the_words(asked, kind, filed, None), (asked, filed)


@pytest.mark.parametrize("season", SEASONS, ids=lambda season: season[0].isoformat())
def test_every_day_of_a_season_with_every_day_she_asks_for(season: tuple[date, date]) -> None:
    for asked in days(*season):
        for wanted in days(asked, asked + 30 * ONE):
            for filed in (None, wanted - ONE, wanted, wanted + 3 * ONE):
                found = report_due(
                    at(asked), PsrType.STANDARD, filed, None, wanted, POLICY, CALENDAR
                )
                assert found.on == by_the_words(asked, PsrType.STANDARD, filed, wanted)


def test_one_working_day_before_filing_and_never_on_it() -> None:
    """Unless filing leaves no day after the request: then it is due at once, and said so."""
    for season in SEASONS:
        for asked in days(*season):
            for filed in days(asked, asked + 20 * ONE):
                found = report_due(at(asked), PsrType.STANDARD, filed, None, None, POLICY, CALENDAR)
                if found.on >= filed:
                    assert on_or_before(filed - ONE) < asked, (asked, filed)
                    assert not found.feasible


@pytest.mark.parametrize("season", SEASONS, ids=lambda season: season[0].isoformat())
def test_overdue_from_the_day_after_it_and_not_before(season: tuple[date, date]) -> None:
    """The day on which it is due is all its own, whether or not anybody works on the next."""
    for due in days(*season):
        for today in days(due - 9 * ONE, due + 9 * ONE):
            state = countdown(due, today, CALENDAR).state
            assert (state is CountdownState.OVERDUE) is (today > due)
            left = left_until(due, at(today).astimezone(LONDON), CALENDAR)
            assert left.overdue is (today > due)
