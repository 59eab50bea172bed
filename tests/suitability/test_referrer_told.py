"""What a referrer is told: every milestone, or nothing at all where only a receipt was promised."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import OrganisationKind
from mhtr.cases.facts import StageOfCase
from mhtr.cases.models import Case
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.intake import court_case, onward_service, service, triage
from mhtr.intake.court_case import Ending
from mhtr.intake.reopening_rules import WhyReopened
from mhtr.intake.rules import DeclineReason
from mhtr.intake.service import SOURCES
from mhtr.suitability import outcome_service, request_service
from mhtr.suitability.outcome_service import Outcome, Result
from mhtr.suitability.sentence_rules import WhyThatDay
from mhtr.tasks.models import Notice
from tests.intake.house import House
from tests.intake.samples import submission
from tests.makers import make_organisation, make_staff
from tests.suitability.makers import ASKED, CourtSide

LEARNS = {"ld", "court-probation", "probation"}
TODAY = date(2026, 11, 18)
TOLD = {
    "A referral was accepted and waits for an assessor",
    "A referral was given to an assessor",
    "The stage of a criminal case has changed",
    "A court hearing was set or moved",
    "A case is paused",
    "A case goes on again",
    "A case is closed",
    "The court has sentenced, with a mental health treatment requirement.",
}


def all_that_is_told(house: House, case: Case) -> None:
    """A case through every milestone somebody may be told of."""
    case_id, by = case.id, house.administrator.id
    court = CourtSide()

    def version() -> int:
        return db.session.get_one(Case, case_id).version

    with writing():
        triage.accept(case_id=case_id, version=version(), assessor_id=None, by=house.lead.id)
    with writing():
        triage.allocate(
            case_id=case_id, version=version(), assessor_id=house.assessor.id, by=house.lead.id
        )
    with writing():
        court_case.record_stage(
            case_id=case_id,
            version=version(),
            stage=StageOfCase.FOUND_GUILTY,
            convicted_on=None,
            by=by,
        )
    with writing():
        to = court.trust.id
        request_service.ask(case_id=case_id, asked=ASKED, by=court.author.id, to_trust=to)
    with writing():
        court_case.record_hearing(
            case_id=case_id,
            version=version(),
            court="B01EF",
            on=date(2026, 12, 21),
            purpose="sentence",
            psr_kind="short",
            reason="court",
            by=by,
            to_trust=house.trust.id,
        )
    for ending in (Ending.REMANDED, Ending.DISCONTINUED):
        with writing():
            court_case.end(case_id=case_id, version=version(), ending=ending, by=by)
        with writing():
            court_case.go_on(
                case_id=case_id, version=version(), by=by, why=WhyReopened.COURT_GOES_ON
            )
    outcome = Outcome(
        proposed=None,
        result=Result.CO_MHTR,
        sentenced_on=TODAY,
        why_that_day=WhyThatDay.EARLIER_HEARING,
    )
    with writing():
        outcome_service.record_outcome(case_id=case_id, outcome=outcome, by=court.author.id)
    worker = make_staff(Role.LINK_WORKER)
    with writing():
        onward_service.route_on(
            case_id=case_id,
            service_code="housing",
            service_name="",
            owner_principal_id=worker.principal_id,
            agreed=True,
            how="telephone",
            note="",
            by=house.assessor.id,
        )


def told(*principals: int) -> set[str]:
    rows = select(Notice.text).where(Notice.principal_id.in_(principals))
    return set(db.session.scalars(rows))


@pytest.mark.parametrize("source", SOURCES)
def test_of_six_sources_three_learn_what_became_and_three_have_a_receipt(
    app: Flask, source: str
) -> None:
    house = House()
    case = house.refer(source=source)
    all_that_is_told(house, case)
    referrer = house.practitioner
    heard = told(referrer.principal_id, referrer.organisation.principal_id)
    assert heard == (TOLD if source in LEARNS else set())


@pytest.mark.parametrize("source", SOURCES)
def test_of_an_outside_system_the_organisation_is_told_or_nobody(app: Flask, source: str) -> None:
    house, sender = House(), make_organisation(OrganisationKind.LD_TEAM)
    with writing():
        case = service.submit_referral(
            submission=submission(court="B01EF", hearing_on="2026-12-02", source=source),
            channel="api",
            referrer_id=None,
            organisation_id=sender.id,
            by=None,
        )
    all_that_is_told(house, case)
    assert told(sender.principal_id) == (TOLD if source in LEARNS else set())


@pytest.mark.parametrize("source", SOURCES)
def test_a_decline_and_a_question_reach_only_those_who_learn(app: Flask, source: str) -> None:
    house = House()
    case = house.refer(source=source)
    case_id, seen, by = case.id, case.version, house.lead.id
    try:
        with writing():
            triage.ask_referrer(case_id=case_id, version=seen, question="Which court?", by=by)
        asked = True
    except Refused:
        asked = False
    assert asked == (source in LEARNS)
    version = db.session.get_one(Case, case_id).version
    with writing():
        triage.decline(
            case_id=case_id, version=version, reason=DeclineReason.ALREADY_KNOWN, words="", by=by
        )
    assert len(told(house.practitioner.principal_id)) == (2 if source in LEARNS else 0)
