"""A request is handed over to a colleague; its facts carry codes only."""

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts import organisation_service
from mhtr.accounts.models import Staff, Team, TeamMembership
from mhtr.cases import service as cases
from mhtr.cases.models import Case, CaseFact
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.people.models import Person
from mhtr.suitability import request_service
from mhtr.suitability.models import ReportRequest
from mhtr.tasks.models import TaskKind
from tests.makers import make_case
from tests.suitability.browsing import as_
from tests.suitability.makers import CourtSide, granted_case, make_man
from tests.suitability.requesting import ask, sees, tasks_of, told


class TestHandingOver:
    """Inside the court team; whoever hands over keeps only what the team holds."""

    def hand(self, request_id: int, to: Staff, by: Staff) -> int:
        to_id, by_id = to.id, by.id
        with writing():
            return request_service.reallocate(request_ids=[request_id], to_staff_id=to_id, by=by_id)

    def test_the_request_its_grant_and_tasks_move(self, either_app: Flask) -> None:
        court = CourtSide()
        request = ask(make_case().id, court.author.id)
        request_id, case_id = request.id, request.case_id
        assert self.hand(request_id, court.colleague, court.author) == 1
        assert db.session.get_one(ReportRequest, request_id).author_id == court.colleague.id
        (awaited,) = tasks_of(case_id, TaskKind.RESULT_AWAITED)
        assert awaited.owner_staff_id == court.colleague.id
        assert "A report request was handed to you." in told(court.colleague)
        assert sees(court.author.id, case_id)  # through the team
        with writing():
            cases.lock(case_id).restricted = True
        assert sees(court.colleague.id, case_id)
        assert not sees(court.author.id, case_id)

    def test_the_former_author_who_left_the_team_sees_nothing(self, app: Flask) -> None:
        court = CourtSide()
        request = ask(make_case().id, court.author.id)
        request_id, case_id = request.id, request.case_id
        self.hand(request_id, court.colleague, court.author)
        with writing():
            db.session.get_one(Staff, court.author.id).memberships.clear()
        assert not sees(court.author.id, case_id)

    def test_nobody_outside_the_team_takes_or_gives(self, app: Flask) -> None:
        court = CourtSide()
        request_id = ask(make_case().id, court.author.id).id
        with pytest.raises(Refused, match="not in the court team"):
            self.hand(request_id, court.stranger, court.author)
        with pytest.raises(Refused, match="Only the author"):
            self.hand(request_id, court.colleague, court.stranger)

    def test_a_senior_moves_a_request_to_another_team_of_hers(self, app: Flask) -> None:
        court = CourtSide()
        senior = court.officer("Ifeoma Senior", Role.SENIOR_PROBATION)
        with writing():
            db.session.add(TeamMembership(staff_id=senior.id, team_id=court.other_team.id))
        request = ask(make_case().id, court.author.id)
        request_id, case_id = request.id, request.case_id
        self.hand(request_id, court.stranger, senior)
        assert db.session.get_one(ReportRequest, request_id).team_id == court.other_team.id
        assert sees(court.stranger.id, case_id)
        assert not sees(court.author.id, case_id)
        assert not sees(court.colleague.id, case_id)

    def test_nobody_of_a_closed_team_is_offered_or_takes_it(self, app: Flask) -> None:
        court = CourtSide()
        senior = court.officer("Ifeoma Senior", Role.SENIOR_PROBATION)
        with writing():
            db.session.add(TeamMembership(staff_id=senior.id, team_id=court.other_team.id))
        request_id, case_id = (made := ask(make_case().id, court.author.id)).id, made.case_id
        ref, name = db.session.get_one(Case, case_id).ref, court.stranger.name
        client = as_(app, senior)
        pages = (f"/cases/{ref}/request", "/requests?whose=team")
        assert all(name in client.page(page) for page in pages)
        close(court.other_team)
        assert not any(name in client.page(page) for page in pages)
        with pytest.raises(Refused, match="not in the court team"):
            self.hand(request_id, court.stranger, senior)

    def test_a_closed_teams_request_goes_to_an_open_one(self, app: Flask) -> None:
        court = CourtSide()
        senior = court.officer("Ifeoma Senior", Role.SENIOR_PROBATION)
        with writing():
            db.session.add(TeamMembership(staff_id=senior.id, team_id=court.other_team.id))
        request_id = ask(make_case().id, court.author.id).id
        close(court.team)
        self.hand(request_id, court.stranger, senior)
        assert db.session.get_one(ReportRequest, request_id).team_id == court.other_team.id


def close(team: Team) -> None:
    team_id = team.id
    with writing():
        organisation_service.close(db.session.get_one(Team, team_id), by=None)


def test_facts_carry_codes_only(app: Flask) -> None:
    court = CourtSide()
    case = granted_case(court, make_man())
    ask(case.id, court.author.id)
    details = [str(row.detail) for row in db.session.scalars(select(CaseFact))]
    person = db.session.scalars(select(Person)).first()
    assert person is not None
    assert not any(person.family_name in detail for detail in details)
