"""What is seen to between the sentence and the first session, and by when."""

from datetime import date

import pytest

from mhtr.core.working_days import WorkingCalendar
from mhtr.orders.induction import (
    BY_HAND,
    FROM_THE_RECORD,
    Induction,
    Item,
    Outcome,
    Step,
    Targets,
    induction_of,
    objections,
)

SENTENCED = date(2026, 11, 16)  # a Monday
EVERYTHING = {Item.CONSENT: SENTENCED, Item.MEASURES: date(2026, 11, 20)}


def read(*steps: Step, shown: dict[Item, date] | None = None) -> Induction:
    calendar, targets = WorkingCalendar(), Targets(5, 10)
    return induction_of(SENTENCED, steps, shown or {}, targets, calendar)


def step(item: Item, outcome: Outcome = Outcome.CONFIRMED, on: date = date(2026, 11, 18)) -> Step:
    return Step(item, outcome, on)


def test_the_two_dates_are_working_days_after_the_sentence() -> None:
    found = read()
    assert (found.probation_by, found.first_session_by) == (
        date(2026, 11, 23),
        date(2026, 11, 30),
    )
    assert not found.begun
    assert found.left == tuple(Item)


def test_over_christmas_the_holidays_do_not_count() -> None:
    found = induction_of(date(2026, 12, 23), (), {}, Targets(5, 10), WorkingCalendar())
    assert (found.probation_by, found.first_session_by) == (date(2027, 1, 4), date(2027, 1, 11))


def test_everything_done_leaves_nothing() -> None:
    found = read(*(step(item) for item in BY_HAND), shown=EVERYTHING)
    assert found.done
    assert found.begun


@pytest.mark.parametrize("item", BY_HAND)
def test_what_was_tried_stays_to_be_done(item: Item) -> None:
    found = read(step(item, Outcome.COULD_NOT), step(item, Outcome.COULD_NOT, date(2026, 11, 19)))
    line = next(one for one in found.lines if one.item is item)
    assert (line.done_on, line.tried, line.last_tried_on) == (None, 2, date(2026, 11, 19))
    assert item in found.left
    assert found.begun


def test_the_last_word_counts() -> None:
    found = read(step(Item.NEEDS), step(Item.NEEDS, Outcome.CHANGED, date(2026, 11, 19)))
    line = next(one for one in found.lines if one.item is Item.NEEDS)
    assert (line.done_on, line.changed) == (date(2026, 11, 19), True)


def test_what_was_said_before_the_sentence_does_not_count() -> None:
    before = date(2026, 11, 13)
    found = read(step(Item.RISK, on=before), shown={Item.CONSENT: before, Item.MEASURES: SENTENCED})
    assert Item.RISK in found.left
    assert Item.CONSENT in found.left
    assert Item.MEASURES not in found.left


@pytest.mark.parametrize("item", sorted(FROM_THE_RECORD))
def test_nobody_says_what_the_record_shows(item: Item) -> None:
    assert item in read(step(item)).left
    assert objections(item, SENTENCED, SENTENCED, SENTENCED)


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2026, 11, 19), "in the future"),
        (date(2026, 11, 15), "before the sentence on 16 November 2026"),
        (SENTENCED, None),
        (date(2026, 11, 18), None),
    ],
)
def test_the_day_of_a_step(on: date, words: str | None) -> None:
    found = objections(Item.SPOKEN, on, SENTENCED, date(2026, 11, 18))
    assert bool(found) is (words is not None)
    assert words is None or words in found[0]
