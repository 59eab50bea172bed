"""What the law allows an order to say: a table of published limits and what exceeds them."""

from dataclasses import replace
from datetime import date

import pytest

from mhtr.core.codes.lists import load
from mhtr.orders.limits import Step, contradictions, counted, exceeded
from mhtr.orders.terms import (
    Change,
    CustodialTerm,
    OrderKind,
    OtherKind,
    OtherRequirement,
    Period,
    Terms,
    Treatment,
)

TABLE = load("order_limits")
MADE = date(2026, 6, 10)
OLD, NEW = date(2026, 3, 21), date(2026, 3, 22)


def period(starts: date = MADE, ends: date = date(2026, 12, 9)) -> Period:
    return Period(starts, ends, Treatment.PRACTITIONER, "Dr Ada Quill", "PYL12345")


def community(ends: date = date(2027, 6, 9), *, made: date = MADE, **more: object) -> Terms:
    terms = Terms(OrderKind.COMMUNITY, made, made, (period(made, made),), ends_on=ends)
    return replace(terms, **more)  # type: ignore[arg-type]


def suspended(
    term: CustodialTerm, operational: int = 12, supervision: int = 12, *, convicted: date = NEW
) -> Terms:
    return Terms(
        OrderKind.SUSPENDED,
        convicted,
        MADE,
        (period(),),
        term=term,
        operational_months=operational,
        supervision_months=supervision,
    )


def codes(*steps: Step) -> list[str]:
    return [found.code for found in exceeded(steps, TABLE)]


def made(terms: Terms) -> Step:
    return Step(Change.MADE, terms)


@pytest.mark.parametrize(
    ("ends", "found"),
    [
        (date(2029, 6, 9), []),
        (date(2029, 6, 10), []),  # “not more than 3 years after the date of the order”
        (date(2029, 6, 11), ["community-end"]),
    ],
)
def test_a_community_order_ends_within_three_years(ends: date, found: list[str]) -> None:
    assert codes(made(community(ends))) == found


def test_three_years_from_a_leap_day() -> None:
    leap = date(2028, 2, 29)
    assert codes(made(community(date(2031, 2, 28), made=leap))) == []
    assert codes(made(community(date(2031, 3, 1), made=leap))) == ["community-end"]


@pytest.mark.parametrize(
    ("convicted", "term", "operational", "supervision", "found"),
    [
        # Term: two years for convictions before 22 March 2026, three from then on.
        (OLD, CustodialTerm(months=24), 24, 24, []),
        (OLD, CustodialTerm(months=24, days=1), 24, 24, ["suspended-term"]),
        (NEW, CustodialTerm(months=24, days=1), 24, 24, []),
        (NEW, CustodialTerm(months=36), 36, 24, []),
        (NEW, CustodialTerm(months=36, weeks=1), 36, 24, ["suspended-term"]),
        # Weeks are counted as days: 104 weeks are less than two years, 105 are more.
        (OLD, CustodialTerm(weeks=104), 24, 24, []),
        (OLD, CustodialTerm(weeks=105), 24, 24, ["suspended-term"]),
        # Three years of operational period only where the term exceeds two.
        (NEW, CustodialTerm(months=24), 25, 24, ["operational-most"]),
        (NEW, CustodialTerm(months=25), 25, 24, []),
        (NEW, CustodialTerm(months=25), 37, 24, ["operational-longest"]),
        (OLD, CustodialTerm(months=12), 25, 24, ["operational-most"]),
        # Supervision stays at most two years and within the operational period.
        (NEW, CustodialTerm(months=30), 36, 25, ["supervision-most"]),
        (NEW, CustodialTerm(months=8), 12, 13, ["supervision-within-operational"]),
        (NEW, CustodialTerm(months=8), 12, 12, []),
        (NEW, CustodialTerm(months=8), 6, 6, []),
        (NEW, CustodialTerm(months=8), 5, 5, ["operational-least", "supervision-least"]),
    ],
)
def test_a_suspended_sentence_by_conviction_and_term(
    convicted: date, term: CustodialTerm, operational: int, supervision: int, found: list[str]
) -> None:
    terms = suspended(term, operational, supervision, convicted=convicted)
    terms = replace(terms, periods=(period(MADE, MADE),))
    assert codes(made(terms)) == found


@pytest.mark.parametrize(
    ("change", "ends", "found"),
    [
        (Change.EXTENDED, date(2029, 12, 10), []),  # past three years
        (Change.EXTENDED, date(2029, 12, 11), ["community-extension"]),
        (Change.AFTER_BREACH, date(2029, 12, 10), []),
        (Change.AFTER_BREACH, date(2029, 12, 11), ["community-breach"]),
        (Change.TRANSFERRED, date(2029, 6, 11), ["community-extension"]),
        (Change.TRANSFERRED, date(2029, 6, 10), []),
        (Change.EXTENDED, date(2029, 1, 1), []),
    ],
)
def test_the_end_of_a_community_order_moves_by_six_months(
    change: Change, ends: date, found: list[str]
) -> None:
    first = made(community(date(2029, 6, 10)))
    assert codes(first, Step(change, community(ends))) == found


def test_each_power_to_move_the_end_is_used_once() -> None:
    first = made(community(date(2028, 1, 10)))
    once = Step(Change.EXTENDED, community(date(2028, 2, 10)))
    again = Step(Change.EXTENDED, community(date(2028, 3, 10)))
    breach = Step(Change.AFTER_BREACH, community(date(2028, 8, 10)))
    assert codes(first, once, again) == ["community-extension"]
    assert codes(first, once, breach) == []
    assert codes(first, breach, Step(Change.EXTENDED, community(date(2029, 2, 10)))) == []


def test_an_extension_put_right_is_still_one_extension() -> None:
    first = made(community(date(2028, 1, 10)))
    wrong = Step(Change.EXTENDED, community(date(2028, 9, 10)))
    right = Step(Change.PUT_RIGHT, community(date(2028, 7, 10)))
    assert codes(first, wrong) == ["community-extension"]
    assert codes(first, wrong, right) == []
    assert [step.change for step in counted((first, wrong, right))] == [
        Change.MADE,
        Change.EXTENDED,
    ]


def test_a_first_record_put_right_is_checked_as_made() -> None:
    wrong, right = made(community()), Step(Change.PUT_RIGHT, community(date(2029, 6, 11)))
    assert codes(wrong, right) == ["community-end"]


def test_a_suspended_sentence_is_not_extended_on_an_application() -> None:
    terms = suspended(CustodialTerm(months=8))
    longer = replace(terms, supervision_months=18, operational_months=18)
    assert codes(made(terms), Step(Change.EXTENDED, longer)) == ["suspended-no-extension"]
    assert codes(made(terms), Step(Change.AFTER_BREACH, longer)) == []


def test_every_requirement_lies_inside_the_order() -> None:
    last = date(2027, 6, 9)
    inside = replace(community(last), periods=(period(MADE, last),))
    assert codes(made(inside)) == []
    late = replace(inside, periods=(period(MADE, date(2027, 6, 10)),))
    assert codes(made(late)) == ["treatment-inside"]
    work = OtherRequirement(OtherKind.UNPAID_WORK, "100 hours", date(2027, 6, 10))
    assert codes(made(replace(inside, others=(work,)))) == ["others-inside"]


def test_treatment_lies_inside_the_supervision_period_not_the_operational_one() -> None:
    """Twelve months from 10 June 2026 have 9 June 2027 as their last day."""
    terms = suspended(CustodialTerm(months=8), 24, 12)
    inside = replace(terms, periods=(period(MADE, date(2027, 6, 9)),))
    assert codes(made(inside)) == []
    late = replace(terms, periods=(period(MADE, date(2027, 6, 10)),))
    assert codes(made(late)) == ["treatment-inside"]


def test_an_amended_requirement_needs_fresh_willingness() -> None:
    first = made(community())
    assert codes(first, Step(Change.AMENDED, community())) == ["fresh-willingness"]
    assert codes(first, Step(Change.AMENDED, community(), date(2026, 9, 1))) == []


def test_every_limit_names_its_source_and_says_what_is_wrong() -> None:
    terms = suspended(CustodialTerm(months=40), 40, 41)
    found = exceeded((made(terms),), TABLE)
    assert [one.code for one in found] == [
        "suspended-term",
        "operational-longest",
        "supervision-most",
        "supervision-within-operational",
    ]
    for one in found:
        assert one.source.startswith("Sentencing")
        assert one.words.endswith(".")


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        (community(), ()),
        (community(convicted_on=date(2026, 6, 11)), ("before the day of conviction",)),
        (community(date(2026, 6, 9)), ("ends before it is made",)),
        (community(periods=()), ("names no period",)),
        (community(periods=(period(MADE, date(2026, 6, 9)),)), ("ends before it starts",)),
        (community(periods=(period(date(2026, 6, 9)),)), ("starts before the order",)),
        (
            community(periods=(period(), period(date(2026, 12, 9), date(2027, 1, 1)))),
            ("overlap",),
        ),
        (community(periods=(period(), period(date(2026, 12, 10), date(2027, 1, 1)))), ()),
    ],
)
def test_what_cannot_be_true_together(terms: Terms, words: tuple[str, ...]) -> None:
    found = contradictions(terms)
    assert len(found) == len(words)
    assert all(part in said for part, said in zip(words, found, strict=True))
