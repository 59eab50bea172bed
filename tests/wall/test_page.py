"""The page on who sees what: for every role, of nobody, and to print."""

import pytest
from flask import Flask

from mhtr.core.access import Role
from mhtr.wall.items import ITEMS
from mhtr.wall.kinds import Basis
from tests.makers import make_staff
from tests.sessions.seen import treated
from tests.suitability.browsing import as_

PAGE = "/who-sees-what"


def parts(page: str) -> list[str]:
    return page.split("<h2")[1:]


@pytest.mark.parametrize("role", list(Role))
def test_every_role_reads_it(app: Flask, role: Role) -> None:
    assert "Who sees what about you" in as_(app, make_staff(role)).page(PAGE)


def test_it_says_apart_what_the_court_ordered_and_what_he_may_refuse(app: Flask) -> None:
    ordered, agreed, hurt, stays = parts(as_(app, make_staff(Role.ASSESSOR)).page(PAGE))[:4]
    wanted = {Basis.ORDER: ordered, Basis.CONSENT: agreed, Basis.EXCEPTION: hurt, Basis.OWN: stays}
    for one in ITEMS:
        if one.told:
            assert f"<li>{one.told}</li>" in wanted[one.basis], one.key
    assert "You cannot stop it" in ordered and "change your mind" in agreed


def test_it_is_reached_from_his_case_on_both_sides(app: Flask) -> None:
    man = treated()
    ref = man.case.ref
    for staff, path in (
        (man.therapist, f"/cases/{ref}/consent"),
        (man.therapist, f"/cases/{ref}/consent/told"),
        (man.world.office, f"/cases/{ref}/consent"),
        (man.world.officer, f"/cases/{ref}/standing"),
    ):
        assert f'href="{PAGE}"' in as_(app, staff).page(path), path


def test_nobody_else_reads_it(app: Flask) -> None:
    assert app.test_client().get(PAGE).status_code in (302, 303)
