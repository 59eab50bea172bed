"""Every page of every role, and every page of one case each may see, is fit at both widths."""

import pytest
from flask import Flask

from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake import onward_service
from mhtr.web.gate import RuleKind, rule_of
from tests.browser.conftest import DESK, PHONE
from tests.browser.journeys.programme import Programme
from tests.browser.person import Person, Screen
from tests.counts import count, some
from tests.makers import make_staff
from tests.suitability.journey import decided, finished, heard, released, sent

OF_CASE = "<uuid:case_ref>"
FILES = (".pdf", ".csv", ".json", ".svg", "/file")
LOOKS_AT_ALL_OF_THEM = Role.ASSESSOR
"""Pages that look the same to everybody are walked by one role only."""
EACH_HIS_OWN = {"/today", "/cases/<uuid:case_ref>"}
"""Pages on which each role sees something else."""
OF_A_CASE = {
    Role.LD_PRACTITIONER: count(1, 2),
    Role.ASSESSOR: 12,
    Role.CLINICAL_LEAD: count(1, 12),
    Role.ADMINISTRATOR: count(1, 6),
    Role.COURT_PROBATION: count(1, 5),
    Role.LINK_WORKER: count(1, 3),
}
"""How many pages of the case a role has at the least; none where it is not named."""
IN_TURN = sorted(Role, key=lambda role: role is not LOOKS_AT_ALL_OF_THEM)
OTHERS = 3
"""Of the pages that a role earlier in turn has too, small counts walk one in so many."""


def pages(app: Flask, role: Role, *arguments: str) -> list[str]:
    """The pages a role may open that take exactly these arguments."""
    found = []
    for route in app.url_map.iter_rules():
        rule = rule_of(app, route.endpoint)
        if rule is None or "GET" not in (route.methods or ()) or route.rule.endswith(FILES):
            continue
        shared = rule.kind is not RuleKind.ROLES and route.endpoint != "overview.today"
        if shared and not arguments and role is not LOOKS_AT_ALL_OF_THEM:
            continue
        if route.arguments == set(arguments) and rule.allows(frozenset({role})):
            found.append(route.rule)
    return sorted(set(found))


def walked(app: Flask, role: Role, *arguments: str) -> list[str]:
    """The pages a role looks at: its own Today, the case itself, those nobody before it has.

    And of the others some, in `./run faults` every one.
    """
    found = pages(app, role, *arguments)
    earlier = IN_TURN[: IN_TURN.index(role)]
    theirs = {path for other in earlier for path in pages(app, other, *arguments)} - EACH_HIS_OWN
    too = some([(role.value, path) for path in found if path in theirs], OTHERS)
    return [path for path in found if path not in theirs or (role.value, path) in too]


def test_somebody_looks_at_every_page(app: Flask) -> None:
    for arguments in ((), ("case_ref",)):
        every = {role: pages(app, role, *arguments) for role in Role}
        looked_at = {role: walked(app, role, *arguments) for role in Role}
        assert set().union(*looked_at.values()) == set().union(*every.values())
        for role, its in every.items():
            assert EACH_HIS_OWN & set(its) <= set(looked_at[role]) <= set(its)


@pytest.fixture
def case_ref(programme: Programme) -> str:
    """A man whose report is released and who is routed on; another waits for triage."""
    people = programme.asked()
    assessment = finished(people)
    decided(sent(assessment, people), people.lead.id)
    heard(assessment, people)
    released(assessment, people)
    case_id, by = people.case.id, people.assessor.id
    with writing():
        onward_service.route_on(
            case_id=case_id,
            service_code="housing",
            service_name="",
            owner_principal_id=programme.link_worker.principal_id,
            agreed=True,
            how="telephone",
            note="Needs a fixed address.",
            by=by,
        )
    ref = str(people.case.ref)
    programme.house.refer(given_name="Kofi", family_name="Mensah", born="1985-07-09")
    db.session.rollback()
    return ref


@pytest.mark.parametrize("role", list(Role))
def test_every_page_is_fit(
    app: Flask, programme: Programme, case_ref: str, somebody_at_a_desk: Person, role: Role
) -> None:
    person = somebody_at_a_desk
    if role in (Role.SENIOR_PROBATION, Role.PROBATION, Role.SERVICE_MANAGER, Role.COMMISSIONER):
        make_staff(role)
    person.signs_in_as(role.value)
    for path in walked(app, role):
        assert looks_at(person, path), path
    of_the_case = walked(app, role, "case_ref")
    seen = sum(looks_at(person, path.replace(OF_CASE, case_ref)) for path in of_the_case)
    assert seen >= OF_A_CASE.get(role, 0), f"{seen} pages of the case"


def looks_at(person: Person, path: str) -> bool:
    """Whether there is such a page; it is fit where there is."""
    answer = person.page.goto(path)
    assert answer is not None
    if answer.status == 404:
        return False
    assert answer.ok, f"{answer.status} from {path}"
    # Beginning with the width at which it arrived: to change it takes as long as a small page.
    for screen in sorted((DESK, PHONE), key=lambda screen: screen != on_screen(person)):
        if screen != on_screen(person):
            person.turns_to(screen)
        if screen == PHONE:
            person.finds_the_page_fit()
        else:
            person.finds_nothing_too_wide()
    return True


def on_screen(person: Person) -> Screen:
    """The width and height it is looked at now."""
    size = person.page.viewport_size
    assert size
    return size["width"], size["height"]
