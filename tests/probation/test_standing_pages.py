"""The pages of where an order stands and of deciding on an absence."""

import pytest
from flask import Flask

from mhtr.compliance.attendance import Happened as H
from mhtr.compliance.decision_queries import decisions_on
from mhtr.compliance.standing.facts import Opinion
from mhtr.core import access
from mhtr.core.access import Purpose, Role
from mhtr.core.clock import SetClock
from mhtr.core.transaction import writing
from tests.compliance.test_decisions import AGAINST, decide, under_order, was_told
from tests.makers import make_staff
from tests.orders.makers import order_of
from tests.sessions.seen import Treated, tell, treated
from tests.suitability.browsing import as_, refused, send


def stands(man: Treated) -> str:
    return f"/cases/{man.case.ref}/standing"


def absence(man: Treated) -> str:
    return f"/cases/{man.case.ref}/absences/{man.place.ref}"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (7, "his evidence until Wed 25 Nov 2026"),
        (8, "decide by Mon 30 Nov 2026"),
        (12, "decide by Mon 30 Nov 2026"),
        (13, "Late since Mon 30 Nov 2026"),
    ],
)
def test_the_list_counts_down_to_the_day_of_a_decision(
    app: Flask, set_clock: SetClock, days: int, words: str
) -> None:
    man = under_order()
    set_clock.advance(days=days)
    assert words in as_(app, man.world.officer).page("/my-people")


def test_from_the_list_to_a_decision(app: Flask) -> None:
    man = under_order()
    client = as_(app, man.world.officer)
    assert absence(man) in client.page("/my-people")
    assert man.case.person.name in client.page("/my-people?show=to_decide")
    page = client.page(absence(man))
    for words in ("Did not come", "He was told", "May come until 25 November 2026"):
        assert words in page
    assert " checked" not in page and " selected" not in page.split("<main")[1]
    answer = send(client, absence(man), page, record="1", opinion="excused")
    assert answer.status_code == 303
    shown = client.page(answer.location)
    assert "Your decision is recorded." in shown
    assert "Accepted: there was a reasonable excuse" in shown and "In force" in shown
    assert absence(man) not in client.page("/my-people")


def test_what_is_missing_is_said_and_nothing_is_lost(app: Flask) -> None:
    man = under_order(told=False)
    client = as_(app, man.world.officer)
    page = client.page(absence(man))
    assert "Select your decision" in refused(client, absence(man), page, record="1", why="Typed")
    again = refused(client, absence(man), page, record="1", opinion="no_excuse")
    assert (
        "Say why it should count against him" in again and "Say why it is decided before" in again
    )
    again = refused(client, absence(man), page, record="1", opinion="more_wanted", why="Typed")
    assert "Enter the day until which evidence may come" in again and "Typed" in again
    assert not decisions_on(man.place.ref)


def test_where_it_was_decided_meanwhile_he_reads_it_first(app: Flask) -> None:
    man = under_order()
    case_id, senior = man.case.id, man.world.senior.principal_id
    with writing():  # as cover is given
        access.grant(case_id, Purpose.SUPERVISION, senior, because="cover", by=None)
    client = as_(app, man.world.senior)
    page = client.page(absence(man))
    decide(man, AGAINST)
    again = refused(client, absence(man), page, record="1", opinion="excused", why="Typed")
    assert "while you had this page" in again and "Not accepted" in again and "Typed" in again
    answer = send(client, absence(man), again, record="1", opinion="excused", why="Typed")
    assert answer.status_code == 303
    assert [row.opinion for row in decisions_on(man.place.ref)] == [
        Opinion.NO_EXCUSE,
        Opinion.EXCUSED,
    ]
    history = client.page(absence(man))
    assert f"{man.world.senior.name}, for {man.world.officer.name}" in history


def test_each_step_with_what_it_rests_on(app: Flask) -> None:
    man = under_order()
    decide(man, AGAINST)
    page = as_(app, man.world.officer).page(stands(man))
    for words in (
        "Not accepted: warn or refer",
        "The program does neither",
        "Sch 10 para 6(1), (3)",
        "Nobody has confirmed the warnings",
        "nDelius holds them",
    ):
        assert words in page
    assert "No live warning" not in page


def test_a_man_without_order_or_absence(app: Flask) -> None:
    man = treated()
    page = as_(app, man.world.officer).page(stands(man))
    assert "No order is on record." in page and "No session of the requirement was missed." in page


def test_what_he_attended_cannot_be_decided(app: Flask) -> None:
    man = treated()
    order_of(man.world)
    was_told(man, man.place)
    tell(man.place, man.therapist, H.SEEN)
    client = as_(app, man.world.officer)
    page = client.page(absence(man))
    assert "There is nothing to decide" in page and "Record your decision" not in page


def test_nobody_else_opens_either(app: Flask) -> None:
    man = under_order()
    other = make_staff(Role.PROBATION, organisation=man.world.officer.organisation)
    stranger = as_(app, other)
    assert [stranger.get(path).status_code for path in (stands(man), absence(man))] == [404, 404]
    for staff in (man.therapist, man.world.lead, man.world.office):
        client = as_(app, staff)
        assert [client.get(path).status_code for path in (stands(man), absence(man))] == [403, 403]
