"""Asking about a man the service does not know, or may know."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts import organisation_service
from mhtr.accounts.models import Team
from mhtr.cases import hearings
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake import triage
from mhtr.intake.models import CourtCoverage, Referral
from mhtr.people.models import IdentityQuestion
from mhtr.suitability import about_a_man
from mhtr.suitability.asked import Man
from mhtr.tasks.models import Notice, TaskKind
from tests.makers import make_case, make_person, make_staff
from tests.suitability.makers import ASKED, COURT, HEARING, CourtSide, make_man
from tests.suitability.requesting import sees, tasks_of, told


def asked_about(case_id: int) -> bool:
    """Whether somebody is asked whether the man of this case is another one on record."""
    person_id = db.session.get_one(Case, case_id).person_id
    query = select(IdentityQuestion).where(
        (IdentityQuestion.person_id == person_id) | (IdentityQuestion.other_id == person_id)
    )
    return db.session.scalars(query).first() is not None


class TestAskingAboutAMan:
    """Found only where everything agrees; otherwise he is referred. She is told the same."""

    def about(self, man: Man, by: int) -> int:
        with writing():
            return about_a_man.ask_about(man=man, asked=ASKED, safe=True, by=by).case_id

    def man(self, **change: object) -> Man:
        named = Man("X123456", "Tunde", "Okafor", date(1990, 2, 3))
        return replace(named, **change)  # type: ignore[arg-type]

    def test_the_same_man_gets_the_request_on_his_case(self, either_app: Flask) -> None:
        court = CourtSide()
        case_id = make_case(make_man()).id
        assert self.about(self.man(given_name="TUNDÉ"), court.author.id) == case_id
        assert sees(court.author.id, case_id)

    def test_a_case_without_crn_at_a_court_of_another_team(self, app: Flask) -> None:
        court = CourtSide()
        case_id = make_case().id
        with writing():
            hearings.record_hearing(cases.lock(case_id), court_code=COURT, on=HEARING, by=None)
        assert self.about(self.man(), court.stranger.id) != case_id

    @pytest.mark.parametrize(
        "change",
        [
            {"crn": "X654321"},
            {"family_name": "Okoro"},
            {"born": date(1991, 2, 3)},
        ],
    )
    def test_anything_that_disagrees_is_a_new_referral(
        self, app: Flask, change: dict[str, object]
    ) -> None:
        court = CourtSide()
        case_id = make_case(make_man()).id
        other = self.about(self.man(**change), court.author.id)
        assert other != case_id
        assert not sees(court.author.id, case_id)
        referral = db.session.scalars(select(Referral).where(Referral.case_id == other)).one()
        assert referral.source == "court-probation"
        assert sees(court.author.id, other)

    def test_a_crn_of_another_record_is_a_question(self, app: Flask) -> None:
        court = CourtSide()
        make_case(make_man("X123456", "Other"))
        case_id = self.waits_here()
        assert self.about(self.man(), court.author.id) != case_id
        assert db.session.get_one(Case, case_id).person.identifiers == []
        assert asked_about(case_id)

    def test_two_men_who_agree_are_never_chosen_between(self, app: Flask) -> None:
        court = CourtSide()
        first, second = self.waits_here(), self.waits_here()
        third = self.about(self.man(), court.author.id)
        assert third not in (first, second)
        assert not sees(court.author.id, first) and not sees(court.author.id, second)
        assert asked_about(first) and asked_about(second)

    def test_a_namesake_whose_case_is_over_is_another_man_too(self, app: Flask) -> None:
        court = CourtSide()
        case_id = self.waits_here()
        make_person("Tunde")
        assert self.about(self.man(), court.author.id) != case_id

    def test_another_coming_hearing_is_a_question(self, app: Flask) -> None:
        court = CourtSide()
        case_id = self.waits_here(on=HEARING + timedelta(days=3))
        assert self.about(self.man(), court.author.id) != case_id
        assert asked_about(case_id)

    def test_who_has_the_case_is_told_that_it_was_found_by_name(self, app: Flask) -> None:
        court, assessor = CourtSide(), make_staff(Role.ASSESSOR)
        case_id = self.waits_here()
        with writing():
            cases.lock(case_id).assessor_id = assessor.id
        self.about(self.man(), court.author.id)
        assert any("check that it is he" in text for text in told(assessor))

    @pytest.mark.parametrize("on", [None, HEARING - timedelta(days=1), date(2026, 11, 2)])
    def test_the_same_court_alone_joins_nothing(self, app: Flask, on: date | None) -> None:
        court = CourtSide()
        case_id = self.waits_here(on=on)
        other = self.about(self.man(), court.author.id)
        assert other != case_id and not sees(court.author.id, case_id)
        assert asked_about(case_id)
        assert db.session.get_one(Case, case_id).person.identifiers == []

    def test_a_man_without_a_name_is_not_found_by_it(self, app: Flask) -> None:
        court = CourtSide()
        case_id = make_case(make_person("Unknown", "Unknown")).id
        with writing():
            hearings.record_hearing(cases.lock(case_id), court_code=COURT, on=HEARING, by=None)
        man = self.man(given_name="Unknown", family_name="Unknown")
        assert self.about(man, court.author.id) != case_id

    def test_the_same_day_at_another_of_her_courts_joins_nothing(self, app: Flask) -> None:
        court, elsewhere = CourtSide(), "B01EF"
        with writing():
            covers = {"live_from": date(2026, 1, 1), "court_team_id": court.team.id}
            db.session.add(CourtCoverage(court_code=elsewhere, trust_id=court.trust.id, **covers))
        case_id = make_case().id
        with writing():
            hearings.record_hearing(cases.lock(case_id), court_code=elsewhere, on=HEARING, by=None)
        assert self.about(self.man(), court.author.id) != case_id

    def test_a_court_her_team_wrote_for_once_joins_nothing(self, app: Flask) -> None:
        court = CourtSide()
        case_id = self.waits_here()
        with writing():
            for covers in db.session.scalars(select(CourtCoverage)):
                covers.live_to = clock.today() - timedelta(days=1)
        assert self.about(self.man(), court.author.id) != case_id

    def test_a_team_that_is_closed_joins_nothing(self, app: Flask) -> None:
        court = CourtSide()
        case_id, team_id = self.waits_here(), court.team.id
        with writing():
            organisation_service.close(db.session.get_one(Team, team_id), by=None)
        assert self.about(self.man(), court.author.id) != case_id

    def waits_here(self, on: date | None = HEARING) -> int:
        """A case of a man of that name and birth date without a CRN, at her court."""
        case_id = make_case().id
        with writing():
            hearings.record_hearing(cases.lock(case_id), court_code=COURT, on=on, by=None)
        return case_id

    def test_the_report_task_follows_the_allocation(self, app: Flask) -> None:
        court, assessor = CourtSide(), make_staff(Role.ASSESSOR)
        case_id = self.about(self.man(), court.author.id)
        version = db.session.get_one(Case, case_id).version
        with writing():
            triage.accept(
                case_id=case_id,
                version=version,
                assessor_id=assessor.id,
                by=assessor.id,
                to_trust=assessor.organisation_id,
            )
        (report_due,) = tasks_of(case_id, TaskKind.REPORT_DUE)
        assert report_due.owner_staff_id == assessor.id
        assert any(
            (notice.endpoint, notice.case_id) == ("overview.case_page", case_id)
            for notice in db.session.scalars(
                select(Notice).where(Notice.principal_id == court.author.principal_id)
            )
        )

    def test_a_case_that_can_take_no_request_does_not_show(self, app: Flask) -> None:
        court = CourtSide()
        case_id = make_case(make_man()).id
        with writing():
            cases.add_fact(
                cases.lock(case_id), FactKind.PAUSED, by=None, detail={"reason": "remanded"}
            )
        assert self.about(self.man(), court.author.id) != case_id
