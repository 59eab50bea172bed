"""Warnings and what was done: what cannot be, what a warning must say, and its words."""

from datetime import date, timedelta

import pytest

from mhtr.compliance.enforcing import (
    ABOUT,
    DELIVERED_FIRST,
    DONE_WORDS,
    FUTURE,
    LACKS,
    LAID_FOR,
    NOTHING_REFERRED,
    OUTCOMES,
    STEP_WORDS,
    WHAT,
    WHICH,
    Given,
    GivenWarning,
    Says,
    Step,
    StepKind,
    before_order,
    draft,
    step_objections,
    warning_objections,
)
from mhtr.compliance.standing.facts import Outcome
from mhtr.orders.terms import OrderKind

MADE, TODAY = date(2026, 10, 1), date(2026, 11, 18)
NEXT, EARLIER = TODAY + timedelta(days=1), MADE - timedelta(days=1)
ONE = frozenset({"one"})
K = StepKind


@pytest.mark.parametrize(
    ("step", "open_matter", "expected"),
    [
        (Step(K.NO_ACTION, TODAY, ONE), False, ()),
        (Step(K.NO_ACTION, TODAY), False, (("about", WHICH),)),
        (Step(K.REFERRED, TODAY, ONE), False, ()),
        (Step(K.REFERRED, TODAY), True, (("about", WHICH),)),
        (Step(K.LAID, TODAY, ONE), False, ()),
        (Step(K.LAID, TODAY, elsewhere=True), False, ()),
        (Step(K.LAID, TODAY, ONE, elsewhere=True), False, ()),
        (Step(K.LAID, TODAY), False, (("elsewhere", LAID_FOR),)),
        (Step(K.CONFIRMED, TODAY), False, ()),
        (Step(K.CONFIRMED, NEXT), False, (("on", FUTURE),)),
        (Step(K.CONFIRMED, EARLIER), False, (("on", before_order(MADE)),)),
        (Step(K.CONFIRMED, MADE), False, ()),
        *((Step(kind, TODAY), True, ()) for kind in OUTCOMES),
        *((Step(kind, TODAY), False, (("kind", NOTHING_REFERRED),)) for kind in OUTCOMES),
    ],
)
def test_what_a_step_cannot_be(
    step: Step, open_matter: bool, expected: tuple[tuple[str, str], ...]
) -> None:
    found = step_objections(step, made_on=MADE, today=TODAY, open_matter=open_matter)
    assert found == expected


def warning(on: date = TODAY, **more: object) -> GivenWarning:
    said: dict[str, object] = {"about": ONE, "given": Given.LETTER} | more
    return GivenWarning(on, **said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (warning(), ()),
        (warning(about=frozenset()), (("about", WHAT),)),
        (warning(about=frozenset(), requirement="  "), (("about", WHAT),)),
        (warning(about=frozenset(), requirement="Unpaid work"), ()),
        (warning(NEXT), (("on", FUTURE),)),
        (warning(EARLIER), (("on", before_order(MADE)),)),
        (warning(posted_on=NEXT), (("posted_on", FUTURE),)),
        (warning(delivered_on=EARLIER), (("delivered_on", before_order(MADE)),)),
        (
            warning(posted_on=TODAY, delivered_on=TODAY - timedelta(days=1)),
            (("delivered_on", DELIVERED_FIRST),),
        ),
        (warning(posted_on=TODAY, delivered_on=TODAY), ()),
    ],
)
def test_what_a_warning_cannot_be(
    given: GivenWarning, expected: tuple[tuple[str, str], ...]
) -> None:
    assert warning_objections(given, made_on=MADE, today=TODAY) == expected


@pytest.mark.parametrize("lacking", Says)
def test_it_is_complete_with_all_three_contents_alone(lacking: Says) -> None:
    assert warning(says=frozenset(Says)).complete
    assert not warning(says=frozenset(Says) - {lacking}).complete
    assert not warning().complete


def test_the_words_to_copy_keep_the_two_kinds_of_order_apart() -> None:
    days = [date(2026, 11, 10), date(2026, 11, 3)]
    community, suspended = (draft(kind, days) for kind in OrderKind)
    assert "12 months beginning with the date of this warning" in community
    assert "within the next 12 months" in suspended and "beginning with" not in suspended
    for words in (community, suspended):
        assert "3 November 2026 and 10 November 2026" in words
        assert "unacceptable" in words and "liable to be brought before a court" in words
    assert "[day]" in draft(OrderKind.COMMUNITY, [])


def test_each_step_has_words_and_each_outcome_a_step() -> None:
    assert set(STEP_WORDS) == set(DONE_WORDS) == set(StepKind)
    assert set(OUTCOMES.values()) == set(Outcome) and set(LACKS) == set(Says)
    assert not ABOUT & set(OUTCOMES)
