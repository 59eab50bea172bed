"""What the referral hands over is shown where it matters; urgent until found; asked again first."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core import clock, formats
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.intake import urgency
from mhtr.intake.steps import FormStep
from mhtr.people import consent
from mhtr.people.models import ConsentDecision, ConsentItem
from mhtr.suitability import about_a_man, assessment_service
from mhtr.suitability.asked import Man
from mhtr.suitability.assessment_queries import latest_assessment
from mhtr.suitability.first_asked import ASK_FIRST
from mhtr.suitability.handed_over import handed_over
from mhtr.suitability.sections import SECTIONS, Section
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind
from tests.intake.house import House, accept, amend
from tests.makers import make_hours
from tests.pages import PageClient
from tests.suitability.browsing import as_, send
from tests.suitability.journey import People, allocated, current_version, started
from tests.suitability.makers import ASKED, CourtSide
from tests.suitability.requesting import tasks_of

K = TaskKind
NOT_SURE = {"safety": "not_known"}


def accepted(house: House, **said: str) -> Case:
    case = house.refer(None, **said)
    accept(house, case, house.assessor)
    return db.session.get_one(Case, case.id)


def client_of(app: Flask, house: House) -> PageClient:
    return as_(app, db.session.get_one(Staff, house.assessor.id))


def found(case_id: int, house: House) -> None:
    (task,) = tasks_of(case_id, K.RISK_REVIEW)
    with writing():
        tasks.finish(task, by=house.assessor.id, outcome="Spoke to him: safe", plan="Call Friday")


# What the referral says


def test_agreement_safety_and_vulnerabilities_stand_where_he_starts(app: Flask) -> None:
    house = House()
    case = accepted(house, agreed_on="2026-11-18")
    page = client_of(app, house).page(f"/cases/{case.ref}/assessment")
    for words in ("Yes, he agrees", "18 November 2026", "Able to decide", "Safe now", "How soon",
                  "Vulnerabilities", "Anxiety"):  # fmt: skip
        assert words.casefold() in page.casefold(), words


@pytest.mark.parametrize(
    ("section", "words"),
    [
        (Section.TOLD, ("Yes, he agrees",)),
        (Section.RISK_NOW, ("Safe now", "How soon", "Vulnerabilities")),
        (Section.WILLINGNESS_CONSENT, ("Yes, he agrees", "How he said so", "Able to decide")),
    ],
)
def test_they_stand_where_they_matter(app: Flask, section: Section, words: tuple[str, ...]) -> None:
    house = House()
    case = accepted(house)
    with writing():
        assessment_service.start(case_id=case.id, by=house.assessor.id)
    page = client_of(app, house).page(f"/cases/{case.ref}/assessment/{section.value}")
    for each in words:
        assert each in page
    assert "What the referral says" not in client_of(app, house).page(
        f"/cases/{case.ref}/assessment/gp"
    )


def test_what_nobody_said_is_said_to_be_missing(app: Flask) -> None:
    case = House().refer(agreed_on="", able_to_agree="", vulnerabilities="")
    said = handed_over(case.id)
    assert said is not None
    rows = {row.key: row.value for part in said.parts for row in part.rows}
    assert rows["Vulnerabilities"] == "Not recorded"
    assert "Able to decide" in rows


# He is asked first


def test_he_is_asked_before_every_other_question() -> None:
    assert SECTIONS[0].section is Section.TOLD
    assert SECTIONS[0].questions[-1].key == "agrees"


def test_another_section_saved_first_says_what_comes_first(app: Flask) -> None:
    people = allocated()
    started(people)
    client, base = as_(app, people.assessor), f"/cases/{people.case.ref}/assessment"
    assert ASK_FIRST in client.page(base)
    page = client.page(f"{base}/gp")
    assert ASK_FIRST in page
    assert send(client, f"{base}/gp", page, gp="no").status_code == 303
    assert f"Saved: GP. {ASK_FIRST}" in client.page(base)
    told = client.page(f"{base}/told")
    assert "Read to him: The assessment and the report" in told
    yes = {"readers": "yes", "quoted": "yes", "choice": "yes", "agrees": "yes"}
    assert send(client, f"{base}/told", told, **yes).status_code == 303
    assert ASK_FIRST not in client.page(base)
    (event,) = consent.events(people.case.person_id)
    assert (event.item, event.decision) == (ConsentItem.ASSESSMENT, ConsentDecision.GIVEN)


def say(people: People, agrees: bool) -> None:
    with writing():
        row = latest_assessment(people.case.id)
        assert row is not None
        assessment_service.save_section(
            row,
            Section.TOLD,
            {"readers": True, "quoted": True, "choice": True, "agrees": agrees},
            version=current_version(row, Section.TOLD),
            by=people.assessor.id,
        )


def test_a_no_is_recorded_and_said_on_every_page(app: Flask) -> None:
    people = allocated()
    started(people)
    say(people, False)
    (event,) = consent.events(people.case.person_id)
    assert event.decision is ConsentDecision.REFUSED
    client, base = as_(app, people.assessor), f"/cases/{people.case.ref}/assessment"
    page = client.page(base)
    assert "No report is written" in page
    assert "He declined on 17 November 2026." in page
    for section in (each.section.value for each in SECTIONS if each.section is not Section.TOLD):
        assert "He does not agree to this assessment" in client.page(f"{base}/{section}"), section


def test_it_needs_how_and_when_he_was_seen(app: Flask) -> None:
    people = allocated()
    with writing():
        assessment_service.start(case_id=people.case.id, by=people.assessor.id)
    with pytest.raises(Refused, match="Say first how"):
        say(people, True)


def test_the_day_is_shown_without_an_hour_nobody_recorded(app: Flask) -> None:
    people = allocated()
    started(people)
    say(people, True)
    (event,) = consent.events(people.case.person_id)
    assert not clock.hour_is_known(event.at)
    assert formats.moment(event.at) == "17 November 2026"
    page = as_(app, people.lead).page(f"/cases/{people.case.ref}/consent")
    assert "17 November 2026, " in page
    assert "17 November 2026 at" not in page


# Urgent until a clinician has recorded what was found


def test_accepting_does_not_end_the_urgency(either_app: Flask, set_clock: SetClock) -> None:
    house = House()
    make_hours(house.trust.id)
    case = accepted(house, **NOT_SURE)
    (review,) = tasks_of(case.id, K.RISK_REVIEW)
    assert (review.title, review.owner_staff_id) == (urgency.TITLE, house.lead.id)
    assert (review.due_at - clock.now()).total_seconds() <= 3600
    (assess,) = tasks_of(case.id, K.ASSESS)
    assert assess.due_at.date() == date(2026, 11, 19)
    assert assess.title.startswith("Urgent")
    assert case.urgent
    client = client_of(either_app, house)
    page = client.page(f"/cases/{case.ref}/assessment")
    assert 'app-tag">Urgent' in page
    assert "1 risk review open" in page
    assert "Answer</dt>" not in client.page(f"/cases/{case.ref}/risk")
    assert "Why it was opened" in client.page(f"/tasks/{review.ref}")
    with writing():
        assessment_service.start(case_id=case.id, by=house.assessor.id)
    assert db.session.get_one(Case, case.id).urgent, "starting says nothing of his safety"
    found(case.id, house)
    assert not db.session.get_one(Case, case.id).urgent
    page = client.page(f"/cases/{case.ref}/assessment")
    assert 'app-tag">Urgent' not in page
    assert "Spoke to him: safe" in client.page(f"/cases/{case.ref}/risk")


def test_the_lead_is_asked_by_name_before_it_is_accepted_and_once(app: Flask) -> None:
    house = House()
    case = house.refer(None, **NOT_SURE)
    (review,) = tasks_of(case.id, K.RISK_REVIEW)
    assert review.owner_staff_id == house.lead.id
    accept(house, case)
    assert tasks_of(case.id, K.RISK_REVIEW) == [review]


def test_a_safe_man_has_no_review_and_five_days(app: Flask) -> None:
    house = House()
    case = accepted(house)
    assert not tasks_of(case.id, K.RISK_REVIEW)
    assert tasks_of(case.id, K.ASSESS)[0].due_at.date() == date(2026, 11, 25)
    assert not case.urgent


def test_who_is_only_to_be_seen_soon_is_urgent_until_he_is_seen(app: Flask) -> None:
    house = House()
    case = accepted(house, urgency="urgent")
    assert not tasks_of(case.id, K.RISK_REVIEW)
    assert tasks_of(case.id, K.ASSESS)[0].due_at.date() == date(2026, 11, 19)
    assert case.urgent
    with writing():
        assessment_service.start(case_id=case.id, by=house.assessor.id)
    assert not db.session.get_one(Case, case.id).urgent


def test_what_was_found_holds_when_something_else_is_amended(app: Flask) -> None:
    house = House()
    case = accepted(house, **NOT_SURE)
    found(case.id, house)
    amend(house, case, FormStep.AGREEMENT, phone="07700900124")
    assert not db.session.get_one(Case, case.id).urgent
    assert not tasks_of(case.id, K.RISK_REVIEW)


def test_probation_not_knowing_opens_it_on_an_accepted_case(app: Flask) -> None:
    house, court = House(), CourtSide()
    case = accepted(house, crn="X123456")
    man = Man("X123456", "Tunde", "Okafor", date(1990, 2, 3))
    asked = replace(ASKED, court_code="B01EF")
    for _ in range(2):
        with writing():
            about_a_man.ask_about(man=man, asked=asked, safe=False, by=court.author.id)
    assert len(tasks_of(case.id, K.RISK_REVIEW)) == 1
    assert db.session.get_one(Case, case.id).urgent
    assert tasks_of(case.id, K.ASSESS)[0].due_at.date() == date(2026, 11, 19)
