"""A request whose court team is closed, or has nobody left, has a reader and says so."""

from flask import Flask
from sqlalchemy import select

from mhtr.accounts import organisation_service
from mhtr.accounts import service as accounts
from mhtr.accounts.models import Staff, Team
from mhtr.core import access
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.suitability import author_left
from mhtr.suitability.concerned import current_request, nobody_reads
from mhtr.tasks.models import Notice
from tests.makers import make_staff
from tests.pages import PageClient
from tests.suitability.another_team import World, world


def told_of(principal_id: int) -> list[str]:
    db.session.expire_all()
    wanted = select(Notice.text).where(Notice.principal_id == principal_id)
    return list(db.session.scalars(wanted))


def gone(*staff: Staff) -> None:
    for one in staff:
        staff_id = one.id
        with writing():
            accounts.disable(staff_id, by=None)


def close(team: Team) -> None:
    team_id = team.id
    with writing():
        organisation_service.close(db.session.get_one(Team, team_id), by=None)


def reads_nobody(here: World) -> bool:
    db.session.expire_all()
    request = current_request(here.case_id)
    assert request is not None
    return nobody_reads(request)


def team_of(here: World) -> list[Staff]:
    wanted = [here.court.author, here.court.colleague]
    mine = here.court.author.memberships[0].team_id
    others = db.session.scalars(select(Staff).where(Staff.id.not_in([one.id for one in wanted])))
    return wanted + [one for one in others if mine in {m.team_id for m in one.memberships}]


def test_while_a_colleague_is_left_it_is_the_teams(either_app: Flask) -> None:
    here = world()
    gone(here.court.author)
    assert not reads_nobody(here)
    assert author_left.NOBODYS not in told_of(here.court.trust.principal_id)


def test_when_the_last_of_the_team_leaves_the_service_is_told(either_app: Flask) -> None:
    here = world()
    gone(*reversed(team_of(here)))
    assert reads_nobody(here)
    assert told_of(here.court.trust.principal_id).count(author_left.NOBODYS) == 1


def test_a_closed_team_reads_nothing_for_an_author_who_left(either_app: Flask) -> None:
    here = world()
    team = here.court.author.memberships[0].team
    gone(here.court.author)
    close(team)
    assert reads_nobody(here)
    assert author_left.NOBODYS in told_of(here.court.trust.principal_id)


def test_an_author_who_is_there_goes_on_though_her_team_is_closed(app: Flask) -> None:
    here = world()
    close(here.court.author.memberships[0].team)
    assert not reads_nobody(here)
    assert author_left.NOBODYS not in told_of(here.court.trust.principal_id)


def test_the_page_of_the_request_says_so(client: PageClient) -> None:
    here = world()
    lead = make_staff(Role.CLINICAL_LEAD, organisation=here.court.trust)
    with writing():
        trust = here.court.trust.principal_id
        access.grant(here.case_id, Purpose.CLINICAL, trust, because="test", by=None)
    client.sign_in(lead)
    path, words = (
        f"/cases/{here.case.ref}/request",
        "Nobody at probation can go on with this request",
    )
    assert words not in client.page(path)
    gone(*team_of(here))
    assert words in client.page(path)
