"""Which of her teams a request is of: whoever is in it reads the request and its report."""

from datetime import date

import pytest
from flask import Flask

from mhtr.accounts.models import OrganisationKind, Staff, Team, TeamMembership
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake.models import CourtCoverage
from mhtr.suitability.concerned import court_team
from tests.makers import make_organisation, make_staff, make_team

COURT = "B01EF"
NEW_YEAR, AUTUMN, LAST = date(2026, 1, 1), date(2026, 10, 1), date(2026, 9, 30)
ADVENT = date(2026, 12, 1)


class Teams:
    """An author in two teams, of which the first is also the older one."""

    def __init__(self) -> None:
        unit = make_organisation(OrganisationKind.COURT_TEAM)
        self.first, self.second = make_team(unit, "First"), make_team(unit, "Second")
        self.author: Staff = make_staff(Role.COURT_PROBATION, team=self.first)
        with writing():
            db.session.add(TeamMembership(staff_id=self.author.id, team_id=self.second.id))
        self.trust = make_organisation()

    def writes(self, team: Team, live_from: date, live_to: date | None = None) -> None:
        team_id, trust_id = team.id, self.trust.id
        with writing():
            days = {"live_from": live_from, "live_to": live_to}
            db.session.add(
                CourtCoverage(court_code=COURT, trust_id=trust_id, court_team_id=team_id, **days)
            )


@pytest.fixture
def teams(either_app: Flask) -> Teams:
    return Teams()


def test_the_team_that_wrote_for_the_court_before_is_not_asked_any_more(teams: Teams) -> None:
    teams.writes(teams.first, NEW_YEAR, LAST)
    teams.writes(teams.second, AUTUMN)
    assert court_team(teams.author, COURT) == teams.second.id


def test_nor_is_the_one_that_will_write_for_it(teams: Teams) -> None:
    teams.writes(teams.second, NEW_YEAR)
    teams.writes(teams.first, ADVENT)
    assert court_team(teams.author, COURT) == teams.second.id


def test_without_one_for_the_court_it_is_her_first(teams: Teams) -> None:
    assert court_team(teams.author, COURT) == teams.first.id
