"""Who changes how the law is read, what a proposal must say, and the words of every reading."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from mhtr.compliance import reading_rules as rules
from mhtr.compliance.reading_rules import Proposed, objections, why_not_sign
from mhtr.compliance.standing.reading_words import (
    SAYS,
    TITLES,
    InForce,
    points,
    with_value,
)
from mhtr.compliance.standing.readings import WHY, Readings
from mhtr.core.roles import Role

TODAY = date(2026, 11, 18)
SAID = Proposed("oral_warning", "does_not", TODAY, "because", "counsel, 3 November")
SENIOR, MANAGER = Role.SENIOR_PROBATION, Role.SERVICE_MANAGER


def test_every_reading_has_words_and_every_point_a_title() -> None:
    assert set(TITLES) == set(SAYS) == set(WHY) == set(points())
    for point in points():
        kind = type(getattr(Readings(), point))
        assert [*SAYS[point]] == [one.value for one in kind]
        assert len(SAYS[point]) > 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({}, None),
        ({"value": "counts"}, "value"),
        ({"value": "perhaps"}, "value"),
        ({"first_day": TODAY - timedelta(days=1)}, "first_day"),
        ({"reason": " "}, "reason"),
        ({"legal_note": ""}, "legal_note"),
    ],
)
def test_what_a_proposal_must_say(changed: dict[str, object], field: str | None) -> None:
    said = replace(SAID, **changed)  # type: ignore[arg-type]
    found = objections(said, Readings(), waiting=False, today=TODAY)
    assert [name for name, _ in found] == ([field] if field else [])


def test_one_change_of_a_point_waits_at_a_time() -> None:
    assert objections(SAID, Readings(), waiting=True, today=TODAY) == [("value", rules.TWO)]


@pytest.mark.parametrize(
    ("roles", "proposer", "by", "late", "why"),
    [
        ({SENIOR}, {MANAGER}, 2, False, ()),
        ({MANAGER}, {SENIOR}, 2, False, ()),
        ({SENIOR}, {SENIOR}, 2, False, ()),
        ({MANAGER}, {MANAGER}, 2, False, (rules.ONE_OF_PROBATION,)),
        ({SENIOR}, {SENIOR}, 1, False, (rules.NOT_BOTH,)),
        ({Role.PROBATION}, {SENIOR}, 2, False, (rules.NOT_YOURS,)),
        ({Role.SYSTEM_ADMINISTRATOR}, {SENIOR}, 2, False, (rules.NOT_YOURS,)),
        ({SENIOR}, {MANAGER}, 2, True, (rules.PASSED,)),
    ],
)
def test_who_signs(
    roles: set[Role], proposer: set[Role], by: int, late: bool, why: tuple[str, ...]
) -> None:
    found = why_not_sign(
        by=by,
        roles=roles,
        proposer=1,
        proposer_roles=proposer,
        first_day=TODAY - timedelta(days=1) if late else TODAY,
        today=TODAY,
    )
    assert found == why


def test_a_reading_says_why_only_where_it_is_the_one_that_ships() -> None:
    ships = InForce()
    assert WHY["oral_warning"] in ships.words("oral_warning")
    assert "no change was ever signed" in ships.words("oral_warning")
    changed = InForce(with_value(Readings(), "oral_warning", "does_not"), {"oral_warning": TODAY})
    words = changed.words("oral_warning")
    assert "It does not count." in words and WHY["oral_warning"] not in words
    assert "In force since 18 November 2026, by a signed change." in words
