"""Which of a man's cases a request is about, and when she has to say so."""

from datetime import date

import pytest

from mhtr.suitability.which_case import OnRecord, choose, may_be_another

HERE, THERE = "B01KR", "B01GQ"
DAY, LATER = date(2026, 12, 14), date(2026, 12, 20)


def case(
    number: int,
    court: str = HERE,
    on: date | None = DAY,
    *,
    whose: str = "nobody",
    to_come: bool = False,
) -> OnRecord:
    hers, others = whose == "hers", whose == "others"
    return OnRecord(number, court, on, hers=hers, others=others, to_come=to_come)


@pytest.mark.parametrize(
    ("found", "picked"),
    [
        ([], None),
        ([case(1, THERE, LATER)], 1),
        ([case(2, HERE, LATER, to_come=True), case(1, whose="others")], 1),
        ([case(1, THERE, LATER, to_come=True)], None),
        ([case(1, HERE, LATER, to_come=True)], 1),
        ([case(1, "", LATER, to_come=True)], 1),
        ([case(1, THERE, LATER, whose="hers", to_come=True)], 1),
        ([case(2, THERE, LATER), case(1)], 1),
        ([case(2, THERE, LATER, whose="others"), case(1, whose="hers")], 1),
        ([case(2, THERE, LATER, whose="hers"), case(1)], 1),
        ([case(2, HERE, LATER, whose="others"), case(1, HERE, LATER, whose="hers")], 1),
        ([case(2, THERE, LATER), case(1, HERE, None)], 1),
        ([case(2, THERE, LATER, whose="others"), case(1, "", None)], 1),
        ([case(2, THERE, LATER, whose="others"), case(1, THERE, LATER, whose="hers")], 1),
        ([case(2, whose="others"), case(1, THERE, LATER, whose="hers")], 2),
        ([case(2, THERE, LATER), case(1, THERE, None)], None),
    ],
)
def test_hers_comes_first_and_nothing_of_another_hearing_is_guessed(
    found: list[OnRecord], picked: int | None
) -> None:
    one = choose(found, HERE, DAY)
    assert (one and one.case_id) == picked


@pytest.mark.parametrize(
    ("one", "asked"),
    [
        (case(1, THERE, LATER), False),
        (case(1, whose="others"), False),
        (case(1, HERE, LATER, whose="others"), True),
        (case(1, HERE, None, whose="others"), True),
        (case(1, THERE, DAY, whose="others"), True),
        (case(1, whose="hers"), False),
        (case(1, HERE, None, whose="hers"), True),
        (case(1, "", None, whose="hers"), True),
        (case(1, HERE, LATER, whose="hers"), True),
        (case(1, THERE, None, whose="hers"), True),
    ],
)
def test_it_is_asked_only_where_a_team_asked_for_another_hearing(
    one: OnRecord, asked: bool
) -> None:
    assert may_be_another(one, HERE, DAY) is asked


@pytest.mark.parametrize(
    ("recorded", "said", "asked"),
    [(DAY, None, True), (None, DAY, True), (None, None, False), (DAY, DAY, False)],
)
def test_one_with_a_day_and_one_without_may_be_two(
    recorded: date | None, said: date | None, asked: bool
) -> None:
    one = case(1, HERE, recorded, whose="hers")
    assert may_be_another(one, HERE, said) is asked
