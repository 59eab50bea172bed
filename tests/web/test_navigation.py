"""The menu of a case: everything of it, in groups where there is much of it."""

import uuid

import pytest
from flask import Flask

from mhtr.core.access import Purpose, Role, Viewer
from mhtr.web.navigation import FEW, CaseGroup, case_groups, items_beside, main_items

CASE = uuid.UUID("12345678-1234-4234-8234-123456789abc")


def viewer(role: Role) -> Viewer:
    return Viewer(1, CASE, "Ada", frozenset({role}), 1)


def test_a_clinician_has_groups_in_the_order_of_the_journey(app: Flask) -> None:
    who = viewer(Role.CLINICAL_LEAD)
    with app.test_request_context(f"/cases/{CASE}/consent"):
        made = case_groups(who, CASE, frozenset({Purpose.CLINICAL}))
    assert [group.text or group.items[0].text for group in made] == [g.value for g in CaseGroup]
    assert [group.current for group in made] == [False, True, False, False, False, False]
    for group in made:
        assert not group.text or group.href == group.items[0].href
    texts = [item.text for group in made for item in group.items]
    assert len(texts) == len(set(texts)) > FEW
    assert [i.text for g in made for i in g.items if i.current] == ["Consent"]


@pytest.mark.parametrize(
    ("role", "purpose"),
    [
        (Role.LD_PRACTITIONER, Purpose.REFERRAL),
        (Role.COURT_PROBATION, Purpose.PRE_SENTENCE),
        (Role.LINK_WORKER, Purpose.LINK_WORK),
    ],
)
def test_a_few_links_stand_side_by_side(app: Flask, role: Role, purpose: Purpose) -> None:
    who = viewer(role)
    with app.test_request_context(f"/cases/{CASE}"):
        made = case_groups(who, CASE, frozenset({purpose}))
    assert sum(len(group.items) for group in made) <= FEW
    assert not any(group.text for group in made)


def test_pages_of_scheduling_stand_beside_each_other_below_one_link(app: Flask) -> None:
    who = viewer(Role.CLINICAL_LEAD)
    with app.test_request_context("/calendar/places"):
        beside, above = items_beside(who), main_items(who)
    assert [one.text for one in beside if one.current] == ["Week"]
    assert {"Week", "To book", "Groups", "Rota and leave"} <= {one.text for one in beside}
    assert [one.text for one in above if one.current] == ["Calendar"]


def test_a_page_elsewhere_has_none_beside_it(app: Flask) -> None:
    with app.test_request_context("/today"):
        assert items_beside(viewer(Role.CLINICAL_LEAD)) == []
    with app.test_request_context("/rota"):
        assert items_beside(None) == []


def test_who_has_no_calendar_has_the_rota_in_the_menu(app: Flask) -> None:
    with app.test_request_context("/rota"):
        above = main_items(viewer(Role.SERVICE_MANAGER))
        beside = items_beside(viewer(Role.SERVICE_MANAGER))
    assert [one.text for one in above if one.current] == ["Rota"]
    assert beside == []
