"""Today of an officer: missed sessions on which he is to decide, one click from the decision."""

import pytest
from flask import Flask

from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.jobs.table import run
from mhtr.probation.keying_rules import Kind
from tests.compliance.test_decisions import AGAINST, under_order
from tests.compliance.test_explanations import says
from tests.compliance.test_late_decisions import ESCALATES, LATE, decide, without_senior
from tests.makers import make_staff
from tests.orders.test_cover import colleague, one_man, plan
from tests.orders.test_reassign import asked, give
from tests.overview.things import headings
from tests.probation.test_keyed import mark
from tests.suitability.browsing import as_

HEADING = "Absences to decide"
KEYING = "To key into nDelius"
LATE_HEADING = "Absences that wait too long for a decision"


def test_he_finds_what_waits_with_its_day_and_decides_from_there(app: Flask) -> None:
    man = under_order()
    client = as_(app, man.world.officer)
    page = client.page("/today")
    assert headings(page).count(HEADING) == 1
    assert "Missed the session of Wed 18 Nov 2026" in page
    assert "His evidence until Wed 25 Nov 2026" in page and "8 working days left" in page
    place = f"/absences/{man.place.ref}"
    assert f'href="{place}"' in page
    assert client.get(place).location.endswith(f"/cases/{man.case.ref}{place}")
    decide(man, AGAINST)
    assert HEADING not in headings(client.page("/today"))


def test_what_he_says_later_brings_it_back_with_its_days(app: Flask, set_clock: SetClock) -> None:
    man = under_order()
    decide(man, AGAINST)
    set_clock.advance(days=8)
    says(man)
    page = as_(app, man.world.officer).page("/today")
    assert HEADING in headings(page)
    assert "He said something of it on Thu 26 Nov 2026" in page
    assert "3 working days left" in page


def test_how_much_he_is_to_key_in_stands_there_until_it_is_done(app: Flask) -> None:
    man = under_order()
    client = as_(app, man.world.officer)
    page = client.page("/today")
    assert KEYING in headings(page) and "The oldest is of Wed 18 Nov 2026" in page
    assert 'href="/my-people/ndelius"' in page and "1 entry" in page
    decide(man, AGAINST)
    assert "2 entries" in client.page("/today")
    mark(man)
    mark(man, Kind.DECISION, outcome="UAAB")
    assert KEYING not in headings(client.page("/today"))
    for other in (man.world.senior, colleague(man)):
        assert KEYING not in headings(as_(app, other).page("/today"))


def test_whoever_covers_finds_it_too(app: Flask) -> None:
    man = under_order()
    cover = colleague(man)
    assert HEADING not in headings(as_(app, cover).page("/today"))
    one_man(man, cover, man.world.senior)
    page = as_(app, cover).page("/today")
    assert HEADING in headings(page) and "For Priya Nair" in page


def test_cover_to_come_shows_nothing_yet(app: Flask) -> None:
    man = under_order()
    cover = colleague(man)
    plan(man, cover, starts=1)
    assert HEADING not in headings(as_(app, cover).page("/today"))


def test_nobody_else_of_probation_finds_it(app: Flask) -> None:
    man = under_order()
    unit = man.world.officer.organisation
    for role in (Role.PROBATION, Role.COURT_PROBATION):
        page = as_(app, make_staff(role, organisation=unit)).page("/today")
        assert HEADING not in headings(page)


def test_a_senior_finds_those_of_his_own_men_and_the_late_ones_of_others(
    app: Flask, set_clock: SetClock
) -> None:
    man = under_order()
    senior = man.world.senior
    assert HEADING not in headings(as_(app, senior).page("/today"))
    set_clock.advance(days=LATE)
    run(ESCALATES)
    found = headings(as_(app, senior).page("/today"))
    assert LATE_HEADING in found and HEADING not in found
    assert "working day overdue" in as_(app, man.world.officer).page("/today")


def test_a_senior_who_is_named_for_a_man_finds_what_waits(app: Flask) -> None:
    man = under_order()
    give(asked(man), man.world.senior, man.world.senior)
    assert HEADING in headings(as_(app, man.world.senior).page("/today"))
    assert HEADING not in headings(as_(app, man.world.officer).page("/today"))


@pytest.mark.parametrize("alone", [True, False])
def test_a_senior_who_covers_finds_what_waits(app: Flask, alone: bool) -> None:
    man = under_order()
    senior = man.world.senior
    one_man(man, senior, senior) if alone else plan(man, senior)
    page = as_(app, senior).page("/today")
    assert HEADING in headings(page) and "For Priya Nair" in page


def test_what_is_his_as_a_task_stands_there_once(app: Flask, set_clock: SetClock) -> None:
    man = under_order()
    without_senior(man)
    set_clock.advance(days=LATE)
    run(ESCALATES)
    found = headings(as_(app, man.world.officer).page("/today"))
    assert LATE_HEADING in found and HEADING not in found
