"""The wall is one table: what the matrix finds on pages, and what routes allow, is what it says."""

from collections import Counter

import pytest
from flask import Flask

from mhtr.core.access import PROBATION_ROLES, Role
from mhtr.wall.items import BY_KEY, ITEMS
from mhtr.wall.kinds import SIDES, Item, Side
from mhtr.web.gate import rule_of
from tests.fitness import wall_page
from tests.fitness.expectations import MAY_READ, SENDER
from tests.fitness.walls import EVIDENCE, NOT_IN_PROGRAM, OVERSEES, ROLES


def reads(role: Role) -> frozenset[str]:
    """Every class of information that pages may show this role of some man."""
    return MAY_READ[role] | (SENDER if role in PROBATION_ROLES else frozenset())


def test_each_row_is_seen_somewhere_or_says_why_not() -> None:
    assert set(EVIDENCE) | set(NOT_IN_PROGRAM) == set(BY_KEY)
    assert not set(EVIDENCE) & set(NOT_IN_PROGRAM)
    assert all(one.kinds or one.pages for one in EVIDENCE.values())


def test_each_class_of_information_has_its_row_and_only_one() -> None:
    kinds = Counter(kind for one in EVIDENCE.values() for kind in one.kinds)
    assert set(kinds) == frozenset().union(*map(reads, Role))
    assert max(kinds.values()) == 1


def test_each_role_is_a_side_or_oversees() -> None:
    sides = frozenset().union(*ROLES.values())
    assert sides | OVERSEES == set(Role) and not sides & OVERSEES
    assert set(SIDES) - set(ROLES) == {Side.COURT, Side.GP, Side.MAN}


@pytest.mark.parametrize("one", [BY_KEY[key] for key in EVIDENCE], ids=lambda one: one.key)
@pytest.mark.parametrize("side", list(ROLES))
def test_what_a_side_is_shown_is_what_its_row_says(app: Flask, one: Item, side: Side) -> None:
    evidence = EVIDENCE[one.key]
    kinds = evidence.kinds & frozenset().union(*map(reads, ROLES[side]))
    pages = {page for page in evidence.pages if allows(app, page, side)}
    assert bool(kinds or pages) == one.goes_to(side), sorted(kinds | pages)


def allows(app: Flask, page: str, side: Side) -> bool:
    rule = rule_of(app, page)
    assert rule is not None and page in app.view_functions, page
    return any(rule.allows(frozenset({role})) for role in ROLES[side])


def test_who_oversees_reads_nothing_but_what_the_privacy_officer_answers_for() -> None:
    for role in OVERSEES:
        assert reads(role) <= EVIDENCE["readers"].kinds


def test_the_document_is_written_from_the_rows() -> None:
    page = wall_page.PAGE.read_text()
    assert wall_page.written(page) == page, "./run fix writes it"
    for one in ITEMS:
        assert page.count(f"| {one.name} |") == 1
