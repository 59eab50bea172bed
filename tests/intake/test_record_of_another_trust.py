"""A referral never opens another trust's record: a new one, and a question that both hear of."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.accounts.models import OrganisationKind, Staff
from mhtr.cases import linking
from mhtr.cases.link_queries import held_by, trusts_of
from mhtr.cases.models import Case
from mhtr.core import access, clock
from mhtr.core.access import Grant, Purpose, Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake import amending
from mhtr.intake.identity import SameMan
from mhtr.intake.queries import referral_of
from mhtr.intake.steps import AMENDED, FormStep
from mhtr.people.models import IdentityQuestion
from mhtr.suitability import about_a_man
from mhtr.suitability.asked import Man
from mhtr.suitability.models import ReportRequest
from mhtr.tasks.models import Notice, Task
from tests.cases.test_question_owners import restrict
from tests.intake.house import accept
from tests.intake.submitted import submit
from tests.intake.test_referred_again import signs
from tests.intake.two_trusts import NORTH, Two
from tests.makers import make_organisation, make_staff, make_team
from tests.pages import PageClient
from tests.people.accepting import FICTION
from tests.suitability.makers import ASKED

NHS, CRN = "9990000018", "X772301"
THERE: dict[str, Any] = {"court": NORTH, "hearing_on": "2026-12-09"}
HERE: dict[str, Any] = {"court": "B01EF", "hearing_on": "2026-12-09"}
PHONE = "07700 900444"


class Elsewhere(Two):
    """A man whom the south has, and whom somebody refers to the north."""

    def __init__(self) -> None:
        super().__init__()
        self.officers = [
            make_staff(Role.PRIVACY_OFFICER, organisation=trust)
            for trust in (self.trust, self.north)
        ]
        self.his = self.refer(nhs_number=NHS, phone=PHONE, safe_to_text="no")

    def again(self, by: Staff | None = None, channel: str = "form", **said: str) -> Case:
        answers = {self.his.person.ref: SameMan.SAME} if channel == "form" else None
        facts = {"nhs_number": NHS, **THERE, **said}
        return submit(by or make_staff(Role.LD_PRACTITIONER), answers, channel, **facts)


def told(*principals: int) -> list[str]:
    query = select(Notice.text).where(Notice.principal_id.in_(principals))
    return [text for text in db.session.scalars(query) if "says that" in text]


def the_question() -> IdentityQuestion:
    return db.session.scalars(select(IdentityQuestion)).one()


@pytest.mark.parametrize("channel", ["form", "csv", "api"])
@pytest.mark.parametrize("changes", [{}, {"born": ""}, {"source": "defence"}, {"source": "self"}])
def test_same_makes_a_new_record_and_a_question(
    app: Flask, channel: str, changes: dict[str, Any]
) -> None:
    two = Elsewhere()
    case = two.again(channel=channel, **changes)
    assert case.person_id != two.his.person_id
    assert case.person.phone != two.his.person.phone
    question = the_question()
    assert {question.person_id, question.other_id} == {case.person_id, two.his.person_id}
    task = db.session.scalars(select(Task).where(Task.key == f"identity:{question.id}")).one()
    assert task.owner_principal_id == two.north.principal_id
    granted = select(Grant.principal_id).where(Grant.case_id == two.his.id)
    assert two.north.principal_id not in set(db.session.scalars(granted))


def test_the_crn_opens_no_more_than_the_nhs_number(app: Flask) -> None:
    two = Elsewhere()
    other = two.refer(crn=CRN, given_name="Ken", family_name="Adams", born="1971-05-06")
    answers = {other.person.ref: SameMan.SAME}
    case = submit(two.practitioner, answers, crn=CRN, given_name="Ken", born="", **THERE)
    assert case.person_id != other.person_id


def test_the_trust_and_the_privacy_officers_of_both_are_told(client: PageClient) -> None:
    two = Elsewhere()
    by = make_staff(Role.ADMINISTRATOR, organisation=two.north)
    case = two.again(by, source="defence")
    (said,) = told(two.trust.principal_id)
    assert two.north.name in said
    for officer in two.officers:
        (words,) = told(officer.principal_id)
        assert two.north.name in words and two.trust.name in words
    client.sign_in(two.lead)
    assert "Nothing was joined or shown" in client.page("/today")
    client.sign_in(by)
    assert PHONE not in client.page(f"/cases/{case.ref}/person")
    assert client.get(f"/cases/{two.his.ref}/person").status_code == 404


def test_one_who_is_not_said_to_be_the_same_is_nobodys_news(app: Flask) -> None:
    two = Elsewhere()
    two.again(channel="csv")
    assert told(two.trust.principal_id, *(one.principal_id for one in two.officers)) == []


def test_two_people_join_what_a_referrer_said(app: Flask) -> None:
    two = Elsewhere()
    case = two.again()
    question_id, by, other = the_question().id, two.north_lead.id, two.lead.id
    with writing():
        linking.propose(question_id=question_id, name_of=None, reason="Passport", by=by)
    with writing():
        linking.confirm(question_id=question_id, name_of=None, settings=FICTION, by=other)
    db.session.expire_all()
    # Each trust goes on with its own: the next referral to the north is on the north's record.
    third = submit(two.practitioner, {two.his.person.ref: SameMan.SAME}, nhs_number=NHS, **THERE)
    assert third.person_id == case.person_id
    assert len(list(db.session.scalars(select(IdentityQuestion)))) == 1
    fourth = submit(two.practitioner, {case.person.ref: SameMan.SAME}, nhs_number=NHS, **HERE)
    assert fourth.person_id == two.his.person_id


def test_a_clinician_of_another_trust_does_not_make_it_theirs(app: Flask) -> None:
    """An assessor of the north who was given the case has it; his trust has not."""
    two = Elsewhere()
    accept(two, two.his, two.north_assessor)
    assert {trust.id for trust in trusts_of(two.his.person_id)} == {two.trust.id, two.north.id}
    assert held_by(two.north.id, [two.his.person_id]) == {}
    assert two.again().person_id != two.his.person_id


def test_emergency_access_does_not_make_it_theirs(app: Flask) -> None:
    two = Elsewhere()
    with writing():
        access.grant(
            two.his.id,
            Purpose.CLINICAL,
            two.north.principal_id,
            because=access.EMERGENCY,
            by=None,
            until=clock.now() + timedelta(hours=1),
        )
    assert two.again().person_id != two.his.person_id


# --- probation asks for a report by number and name -------------------------------------------


@pytest.mark.parametrize("hearing", [{}, {"court": "", "hearing_on": ""}], ids=["known", "not"])
def test_asking_for_a_report_at_another_trusts_court_takes_no_record_there(
    app: Flask, hearing: dict[str, str]
) -> None:
    two = Elsewhere()
    his = two.refer(
        None, crn=CRN, given_name="Ken", family_name="Adams", born="1971-05-06", **hearing
    )
    court, (held,) = his.court_code, trusts_of(his.person_id)
    team, his_id = make_team(make_organisation(OrganisationKind.COURT_TEAM)), his.id
    author = make_staff(Role.COURT_PROBATION, team=team)
    man = Man(CRN, "Ken", "Adams", date(1971, 5, 6))
    asked = replace(ASKED, court_code=NORTH, hearing_on=date(2026, 12, 9))
    with writing():
        made = about_a_man.ask_about(man=man, asked=asked, safe=True, by=author.id)
        assert isinstance(made, ReportRequest)
        case_id = made.case_id
    assert case_id != his_id
    db.session.expire_all()
    new, his = db.session.get_one(Case, case_id), db.session.get_one(Case, his_id)
    assert new.person_id != his.person_id and his.court_code == court
    for case, trust in ((new, two.north), (his, held)):
        assert [one.id for one in trusts_of(case.person_id)] == [trust.id]
    assert len(told(held.principal_id)) == 1
    assert {the_question().person_id, the_question().other_id} == {new.person_id, his.person_id}


# --- safety is not held up by the question -------------------------------------------------------


@pytest.mark.parametrize("how", ["referred", "amended"])
def test_whoever_may_have_him_is_asked_whether_he_is_safe(app: Flask, how: str) -> None:
    two = Elsewhere()
    accept(two, two.his, two.assessor)
    case = two.again(safety="not_known" if how == "referred" else "safe")
    if how == "amended":
        assert not signs(two.his)
        _amend_safety(case, two.practitioner)
    (task,) = signs(two.his)
    assert task.owner_staff_id == two.assessor.id
    assert task.title.startswith("Somebody who may be him")


def _amend_safety(case: Case, by: Staff) -> None:
    referral = referral_of(case.id)
    assert referral is not None
    held = {name: str(referral.answers.get(name, "")) for name in AMENDED[FormStep.SAFETY]}
    case_id, version, by_id = case.id, referral.version, by.id
    with writing():
        amending.amend(
            case_id=case_id,
            step=FormStep.SAFETY,
            answers={**held, "safety": "not_known"},
            version=version,
            reason="His sister rang",
            by=by_id,
        )


# --- a restricted record ---------------------------------------------------------------------


def test_another_trusts_restricted_record_is_told_to_those_named(client: PageClient) -> None:
    two = Elsewhere()
    restrict(two.his, two.lead)
    case = two.again()
    assert case.person_id != two.his.person_id and not case.restricted
    named = select(Grant.id).where(
        Grant.case_id == case.id, Grant.principal_id == two.lead.principal_id
    )
    assert db.session.scalars(named).first() is None
    task = db.session.scalars(select(Task).where(Task.key.startswith("identity:"))).one()
    assert task.owner_staff_id == two.lead.id
    client.sign_in(two.lead)
    assert "Nothing was joined or shown" in client.page("/today")
    client.sign_in(two.administrator)
    assert "Nothing was joined or shown" not in client.page("/today")


def test_of_the_same_trust_the_new_case_is_restricted_too(client: PageClient) -> None:
    two = Elsewhere()
    restrict(two.his, two.lead)
    case = two.again(**HERE)
    assert case.person_id == two.his.person_id and case.restricted
    client.sign_in(two.administrator)
    assert client.get(f"/cases/{case.ref}/triage").status_code == 404
    client.sign_in(two.lead)
    assert f"/cases/{case.ref}/triage" in client.page("/today")
    assert client.get(f"/cases/{case.ref}/triage").status_code == 200


# --- a case that moves takes the record with it ------------------------------------------------


def test_a_case_that_moves_takes_the_record_and_the_former_trust_keeps_nothing(
    client: PageClient,
) -> None:
    two = Elsewhere()
    two.move(two.his)
    db.session.expire_all()
    assert held_by(two.north.id, [two.his.person_id]) == {two.his.person_id: two.his.person_id}
    assert held_by(two.trust.id, [two.his.person_id]) == {}
    client.sign_in(two.lead)
    assert client.get(f"/cases/{two.his.ref}/person").status_code == 404
    # Referred there again he is as any man of another trust; in the new one his record is used.
    assert two.again(**HERE).person_id != two.his.person_id
    assert two.again(crn=CRN).person_id == two.his.person_id


def test_with_another_case_of_his_the_former_trust_keeps_the_record_too(app: Flask) -> None:
    two = Elsewhere()
    second = two.again(**HERE)
    assert second.person_id == two.his.person_id
    two.move(second)
    db.session.expire_all()
    person_id = two.his.person_id
    for trust in (two.trust, two.north):
        assert held_by(trust.id, [person_id]) == {person_id: person_id}
