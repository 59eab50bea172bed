"""What is said of another trust's record, whose name holds, and what must agree before."""

from datetime import UTC, date, datetime

import pytest

from mhtr.cases.link_rules import Agrees, Held, agrees, not_yet, whose_name

OLD, NEW = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
NHS = {"nhs": "9990000018"}
NUMBER, OLDER = "it has an NHS number", "it is the older record"
BOTH = "both sides chose it"


@pytest.mark.parametrize(
    ("one", "two", "found"),
    [
        ("Wale", "Wale", Agrees.SAME),
        ("Wale", "Zz", Agrees.DIFFERENT),
        ("Wale", "", Agrees.ONLY_ONE),
        (None, date(1990, 2, 3), Agrees.ONLY_ONE),
        ("", None, None),
    ],
)
def test_nothing_but_whether_they_agree(one: object, two: object, found: Agrees | None) -> None:
    assert agrees(one, two) is found
    assert agrees(two, one) is found


@pytest.mark.parametrize(
    ("one", "two", "choices", "found"),
    [
        (Held(1, OLD, {}), Held(2, NEW, {}), (None, None), (1, OLDER)),
        (Held(1, NEW, {}), Held(2, OLD, {}), (None, None), (2, OLDER)),
        (Held(1, OLD, {}), Held(2, OLD, {}), (None, None), (1, OLDER)),
        (Held(1, OLD, {}), Held(2, NEW, NHS), (None, None), (2, NUMBER)),
        (Held(1, NEW, NHS), Held(2, OLD, {"crn": "X123456"}), (None, None), (1, NUMBER)),
        (Held(1, NEW, NHS), Held(2, OLD, NHS), (None, None), (2, OLDER)),
        (Held(1, OLD, NHS), Held(2, NEW, {}), (2, 2), (2, BOTH)),
        (Held(1, NEW, {}), Held(2, OLD, NHS), (1, 1), (1, BOTH)),
        (Held(1, OLD, NHS), Held(2, NEW, {}), (2, None), (1, NUMBER)),
        (Held(1, OLD, NHS), Held(2, NEW, {}), (1, 2), (1, NUMBER)),
        (Held(1, OLD, NHS), Held(2, NEW, {}), (3, 3), (1, NUMBER)),
    ],
)
def test_whose_name_holds(
    one: Held, two: Held, choices: tuple[int | None, ...], found: tuple[int, str]
) -> None:
    assert whose_name(one, two, choices) == found


@pytest.mark.parametrize(
    ("one", "two", "words"),
    [
        (Held(1, OLD, NHS), Held(2, NEW, NHS), ()),
        (Held(1, OLD, NHS), Held(2, NEW, {"crn": "X123456"}), ()),
        (Held(1, OLD, NHS), Held(2, NEW, {"nhs": "9990000026"}), ("different NHS numbers",)),
        (Held(1, OLD, {"crn": "A"}), Held(2, NEW, {"crn": "B"}), ("different CRNs",)),
        (Held(1, OLD, {}, date(2026, 1, 2)), Held(2, NEW, {}), ("his death",)),
        (Held(1, OLD, {}, date(2026, 1, 2)), Held(2, NEW, {}, date(2026, 1, 2)), ()),
        (Held(1, OLD, {}, restricted=True), Held(2, NEW, {}), ("restricted",)),
        (Held(1, OLD, {}), Held(2, NEW, {}, restricted=True), ("restricted",)),
    ],
)
def test_what_must_be_put_right_first(one: Held, two: Held, words: tuple[str, ...]) -> None:
    reasons = not_yet(one, two)
    assert len(reasons) == len(words)
    assert all(word in reason for word, reason in zip(words, reasons, strict=True))
