"""Lists of staff, teams and organisations go by name alike on both databases."""

import random

from flask import Flask
from sqlalchemy import select

from mhtr.accounts import organisation_service, service
from mhtr.accounts.models import Organisation, OrganisationKind, Staff, Team
from mhtr.accounts.sessions import viewer_of
from mhtr.accounts.staff_queries import organisations, staff_page, teams_of
from mhtr.core import schema
from mhtr.core.access import Role, Viewer
from mhtr.core.database import db
from mhtr.core.name_order import sort_words
from mhtr.core.transaction import writing
from mhtr.tasks.rota_queries import clinicians, colleagues
from mhtr.web.paging import SIZE
from tests.makers import make_organisation, make_staff, make_team

NAMES = [
    "Ágnes Bell",
    "alan Cole",
    "Ann Cole",
    "Anna Bell",
    "Çetin Ünal",
    "Clare Ash",
    "Łucja Nowak",
    "Lukas MacDonald",
    "Lukas Macé",
    "Lukas McDonald",
    "Sean O'Brien",
    "Sean O’Brien",
    "Sean Obrien",
    "Žana Ash",
    "Zoe Weiss",
    "Zoë Weiß",
]
"""In the order an English reader looks for them; alike but for marks: in that they were made."""
ALIKE = {"O'Brien": 0, "O’Brien": 1, "Obrien": 2, "Weiss": 0, "Weiß": 1}


def shuffled() -> list[str]:
    """In another order, but for names that differ in their marks only."""
    mixed = [name for name in NAMES if name.split()[-1] not in ALIKE]
    random.Random(7).shuffle(mixed)
    return mixed + [name for name in NAMES if name not in mixed]


def test_lists_of_names_are_alike_on_both_databases(either_app: Flask) -> None:
    trust = make_organisation(name="Ábel Trust")
    for name in shuffled():
        make_staff(Role.ASSESSOR, organisation=trust, name=name)
        make_team(trust, name)
        make_organisation(OrganisationKind.LD_TEAM, name=f"{name}’s")
    manager = make_staff(Role.SYSTEM_ADMINISTRATOR, organisation=trust, name="Žz")
    viewer = viewer_of(manager)
    assert [team.name for team in teams_of(trust.id)] == NAMES
    assert [place.name for place in organisations(viewer)] == [
        "Ábel Trust",
        *(f"{name}’s" for name in NAMES),
    ]
    assert [staff.name for staff in clinicians(trust.id)] == NAMES
    assert [staff.name for staff in colleagues(trust.id)] == [*NAMES, "Žz"]


def test_the_list_of_staff_is_alike_page_by_page_and_from_its_end(either_app: Flask) -> None:
    one, two = make_organisation(name="Élan Trust"), make_organisation(name="eden Trust")
    made = [f"{name} {letter}" for letter in "cÂdB" for name in shuffled()]
    assert len(made) > SIZE
    for number, name in enumerate(made):
        make_staff(Role.ASSESSOR, organisation=(one, two)[number % 2], name=name)
    admin = make_staff(Role.SYSTEM_ADMINISTRATOR, organisation=one, name="Zz")
    in_order = [*sorted(made, key=sort_words), "Zz"]
    here = {*made[::2], "Zz"}
    elan = [name for name in in_order if name in here]
    eden = [name for name in in_order if name not in here]
    for sort, expected in {
        "name": in_order,
        "-name": in_order[::-1],
        "organisation": eden + elan,
        "-organisation": elan + eden,
    }.items():
        assert listed(either_app, viewer_of(admin), sort) == expected


def listed(app: Flask, viewer: Viewer, sort: str) -> list[str]:
    """Names on every page of the list of staff."""
    found: list[str] = []
    for page in (1, 2):
        with app.test_request_context(f"/staff?page={page}"):
            found += [row.name for row in staff_page(viewer, sort=sort).rows]
    return found


def test_a_name_changed_later_changes_its_place(either_app: Flask) -> None:
    trust = make_organisation(name="Alder")
    other = make_organisation(name="Birch")
    team, second = make_team(trust, "Alder Team"), make_team(trust, "Birch Team")
    staff = make_staff(Role.ASSESSOR, organisation=trust, name="Ann Cole")
    make_staff(Role.ASSESSOR, organisation=trust, name="Bea Cole")
    admin = make_staff(Role.SYSTEM_ADMINISTRATOR, organisation=trust, name="Zed")
    viewer = viewer_of(admin)
    with writing():
        details = service.Details(
            username=staff.username, name="Žofia Cole", organisation_id=trust.id
        )
        service.change_staff(staff.id, details, version=staff.version, by=admin.id)
        organisation_service.rename_team(
            db.session.get_one(Team, team.id), name="Élan Team", by=admin.id
        )
        organisation_service.change_organisation(
            db.session.get_one(Organisation, trust.id),
            name="Čapek",
            by=admin.id,
        )
    db.session.expire_all()
    assert [one.name for one in colleagues(trust.id)] == ["Bea Cole", "Zed", "Žofia Cole"]
    assert [one.name for one in teams_of(trust.id)] == [second.name, "Élan Team"]
    assert [one.name for one in organisations(viewer)] == [other.name, "Čapek"]


def test_names_recorded_before_get_their_place_when_the_database_is_upgraded(
    either_app: Flask,
) -> None:
    trust = make_organisation(name="Łódź–Trust & Co")
    make_team(trust, "Été")
    make_staff(Role.ASSESSOR, organisation=trust, name="Huy Đặng")
    db.session.remove()
    schema.downgrade("0031")
    schema.upgrade()
    held = [
        db.session.scalars(select(table.sort_name)).all() for table in (Organisation, Team, Staff)
    ]
    assert held == [["lodztrust co"], ["ete"], ["huy dang"]]
