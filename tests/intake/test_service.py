"""Taking a referral: one case, the right trust, the right eyes on it, and an owned task."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, func, select
from sqlalchemy.exc import NoResultFound

from mhtr.accounts.models import Organisation, Staff
from mhtr.cases.facts import CaseState, StageOfCase
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.access import Grant, Purpose, Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.intake import service
from mhtr.intake.identity import SameMan
from mhtr.intake.models import CourtCoverage, Referral
from mhtr.intake.queries import referral_of
from mhtr.intake.whose_record import DIED, Answers, sketch
from mhtr.people import queries as people_queries
from mhtr.people import service as people
from mhtr.people.contact import channels
from mhtr.people.learning import learn
from mhtr.people.matching import Verdict
from mhtr.people.models import IdentityQuestion, Person
from mhtr.tasks.models import Task, TaskKind, TaskState
from tests.intake.samples import submission
from tests.makers import make_organisation, make_staff


def trust(area: str = "south") -> Organisation:
    made = make_organisation()
    with writing():
        db.session.get_one(Organisation, made.id).area = area
    return made


def submit(
    by: Staff, same_man: Answers | None = None, channel: str = "form", **changes: str
) -> Case:
    with writing():
        case = service.submit_referral(
            submission=submission(**changes),
            channel=channel,
            referrer_id=by.id,
            organisation_id=by.organisation_id,
            by=by.id,
            same_man=same_man,
        )
    return case


def grants(case: Case) -> set[tuple[Purpose, int]]:
    rows = db.session.execute(select(Grant.purpose, Grant.principal_id))
    assert case.id
    return {(row.purpose, row.principal_id) for row in rows}


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_referral_opens_a_case_with_grants_and_a_task(either_app: Flask) -> None:
    home = trust()
    practitioner = make_staff(Role.LD_PRACTITIONER)
    case = submit(practitioner, court="B01EF", hearing_on="2026-12-02", psr_kind="short")
    assert case.state is CaseState.SCREENED and case.stage is StageOfCase.GUILTY_PLEA
    assert case.hearing_on == date(2026, 12, 2) and case.court_code == "B01EF"
    assert grants(case) == {
        (Purpose.CLINICAL, home.principal_id),
        (Purpose.ADMINISTRATION, home.principal_id),
        (Purpose.REFERRAL, practitioner.principal_id),
        (Purpose.REFERRAL, practitioner.organisation.principal_id),
    }
    task = db.session.scalars(select(Task)).one()
    assert task.kind is TaskKind.TRIAGE and task.owner_principal_id == home.principal_id
    # One working day after Wednesday 18 November, at five in the afternoon.
    assert task.due_at.astimezone(clock.LONDON).isoformat() == "2026-11-19T17:00:00+00:00"
    referral = referral_of(case.id)
    assert referral is not None and referral.routed_because == "area"
    person = case.person
    assert (person.phone, person.safe_to_text.value) == ("+447700900123", "yes")


def test_the_court_decides_the_trust_while_it_is_covered(app: Flask) -> None:
    area, covering = trust("south"), trust("north")
    with writing():
        db.session.add(
            CourtCoverage(
                court_code="B01EF",
                live_from=date(2026, 1, 1),
                live_to=date(2026, 12, 31),
                trust_id=covering.id,
            )
        )
    by = make_staff(Role.LD_PRACTITIONER)
    inside = submit(by, court="B01EF", hearing_on="2026-12-02")
    after = submit(by, court="B01EF", hearing_on="2027-01-04", given_name="Sam")
    found = [referral_of(case.id) for case in (inside, after)]
    assert [r and (r.trust_id, r.routed_because) for r in found] == [
        (covering.id, "court"),
        (area.id, "area"),
    ]


def test_where_nothing_decides_the_reason_says_so(app: Flask) -> None:
    first = trust("")
    case = submit(make_staff(Role.LD_PRACTITIONER))
    referral = referral_of(case.id)
    assert referral and (referral.trust_id, referral.routed_because) == (first.id, "undecided")


def test_without_a_trust_nothing_is_saved(app: Flask) -> None:
    with pytest.raises(Refused, match="No treating trust"):
        submit(make_staff(Role.LD_PRACTITIONER))
    assert count(Case) == count(Person) == 0


def test_urgent_is_flagged_and_due_the_same_day(app: Flask) -> None:
    trust()
    case = submit(make_staff(Role.LD_PRACTITIONER), safety="not_known")
    task = db.session.scalars(select(Task).where(Task.kind == TaskKind.TRIAGE)).one()
    assert case.urgent and task.title.startswith("Urgent")
    assert task.due_at.astimezone(clock.LONDON).date() == clock.today()


@pytest.mark.parametrize(
    ("role", "source", "purpose"),
    [
        (Role.COURT_PROBATION, "court-probation", Purpose.PROBATION_REFERRAL),
        (Role.PROBATION, "probation", Purpose.PROBATION_REFERRAL),
        (Role.ADMINISTRATOR, "defence", None),
        (Role.ADMINISTRATOR, "self", None),
    ],
)
def test_only_ld_and_probation_see_what_became_of_it(
    app: Flask, role: Role, source: str, purpose: Purpose | None
) -> None:
    trust()
    by = make_staff(role)
    case = submit(by, source=source)
    theirs = {p for p, principal in grants(case) if principal == by.principal_id}
    assert theirs == ({purpose} if purpose else set())


def test_what_is_missing_is_chased(app: Flask) -> None:
    trust()
    by = make_staff(Role.LD_PRACTITIONER)
    submit(by, stage="charged")
    chase = db.session.scalars(select(Task).where(Task.kind == TaskKind.CHASE_HEARING)).one()
    assert chase.due_at.astimezone(clock.LONDON).date() == date(2026, 11, 23)
    submit(by, stage="under_investigation", given_name="Sam")
    assert count(Task) == 3


def test_the_same_external_reference_is_taken_once(either_app: Flask) -> None:
    trust()
    by = make_staff(Role.LD_PRACTITIONER)
    first = submit(by, channel="api", external_reference="A-17")
    second = submit(by, channel="api", external_reference="A-17", given_name="Other")
    assert first.id == second.id and count(Referral) == 1


def test_a_possible_record_nobody_was_asked_about_is_a_question(app: Flask) -> None:
    trust()
    by = make_staff(Role.LD_PRACTITIONER)
    first, second = submit(by), submit(by, channel="csv")
    assert first.person_id != second.person_id
    question = db.session.scalars(select(IdentityQuestion)).one()
    assert {question.person_id, question.other_id} == {first.person_id, second.person_id}


NHS = "9990000018"


@pytest.mark.parametrize(
    ("number", "answer", "records", "questions"),
    [
        # Namesakes born on one day: his word alone joins nothing.
        ("", SameMan.SAME, 2, 1),
        ("", SameMan.DIFFERENT, 2, 0),
        ("", SameMan.NOT_SURE, 2, 1),
        # He knows the number that is on the record.
        (NHS, SameMan.SAME, 1, 0),
        (NHS, SameMan.DIFFERENT, 2, 1),
        (NHS, SameMan.NOT_SURE, 2, 1),
    ],
)
def test_the_answer_on_a_possible_record(
    app: Flask, number: str, answer: SameMan, records: int, questions: int
) -> None:
    trust()
    by = make_staff(Role.LD_PRACTITIONER)
    submit(by, nhs_number=number)
    found = people_queries.candidates(sketch(submission(nhs_number=number)))
    submit(by, {found[0].person_ref: answer}, nhs_number=number)
    assert (count(Person), count(IdentityQuestion)) == (records, questions)
    assert count(Case) == 2


def asked(owner: Organisation) -> list[IdentityQuestion]:
    """The open questions, each with its task for the trust."""
    found = list(db.session.scalars(select(IdentityQuestion).order_by(IdentityQuestion.id)))
    for question in found:
        task = db.session.scalars(select(Task).where(Task.key == f"identity:{question.id}")).one()
        assert (task.kind, task.state) == (TaskKind.IDENTITY_QUESTION, TaskState.OPEN)
        assert task.owner_principal_id == owner.principal_id
        assert task.endpoint == "people.identity_question"
        assert task.subject_ref == str(question.ref)
        assert task.due_at <= clock.now() + timedelta(days=2)
    return found


CRN = "X772301"


def two_men(by: Staff) -> tuple[Case, Case]:
    """One record with the NHS number, another man's with the CRN."""
    return (
        submit(by, nhs_number=NHS),
        submit(by, crn=CRN, given_name="Ken", family_name="Adams", born="1971-05-06"),
    )


@pytest.mark.parametrize("second", list(SameMan))
def test_a_second_number_of_another_record_is_a_question_with_an_owner(
    app: Flask, second: SameMan
) -> None:
    home = trust()
    by = make_staff(Role.LD_PRACTITIONER)
    his, other = two_men(by)
    case = submit(
        by,
        {his.person.ref: SameMan.SAME, other.person.ref: second},
        nhs_number=NHS,
        crn=CRN,
    )
    assert case.person_id == his.person_id
    (question,) = asked(home)
    assert {question.person_id, question.other_id} == {his.person_id, other.person_id}
    assert "The CRN is the same" in question.reasons
    # Whose number it is, is not settled by this referral.
    held = {row.kind.value for row in case.person.identifiers}
    assert held == {"nhs"}


def test_two_records_both_said_to_be_his_are_a_question(app: Flask) -> None:
    home = trust()
    by = make_staff(Role.LD_PRACTITIONER)
    one, two = submit(by, nhs_number=NHS, born=""), submit(by, crn=CRN, given_name="Tundi")
    with writing():
        db.session.execute(delete(Task).where(Task.kind == TaskKind.IDENTITY_QUESTION))
        db.session.execute(delete(IdentityQuestion))
    said = {case.person.ref: SameMan.SAME for case in (one, two)}
    case = submit(by, said, nhs_number=NHS, crn=CRN)
    assert case.person_id in (one.person_id, two.person_id)
    (question,) = asked(home)
    assert {question.person_id, question.other_id} == {one.person_id, two.person_id}


def test_it_is_the_same_man_never_joins_where_something_contradicts(app: Flask) -> None:
    home = trust()
    by = make_staff(Role.LD_PRACTITIONER)
    first = submit(by, nhs_number=NHS)
    said = {"nhs_number": NHS, "given_name": "Ken", "family_name": "Adams", "born": "1971-05-06"}
    (found,) = people_queries.candidates(sketch(submission(**said)))
    assert found.match.verdict is Verdict.CONFLICT
    second = submit(by, {found.person_ref: SameMan.SAME}, **said)
    assert second.person_id != first.person_id
    (question,) = asked(home)
    assert "The referrer says that it is the same man" in question.reasons


def test_a_question_that_waited_for_nobody_gets_its_owner(app: Flask) -> None:
    home = trust()
    by = make_staff(Role.LD_PRACTITIONER)
    his, other = two_men(by)
    one, two = his.person_id, other.person_id
    with writing():
        people.raise_identity_question(
            person_id=one, other_id=two, verdict="possible", reasons=[], by=None
        )
    with pytest.raises(NoResultFound):
        asked(home)
    submit(by, {his.person.ref: SameMan.SAME}, nhs_number=NHS, crn=CRN)
    assert len(asked(home)) == 1


@pytest.mark.parametrize("answer", [SameMan.SAME, SameMan.NOT_SURE])
def test_a_man_recorded_as_dead_is_a_question_and_nobody_is_written_to(
    app: Flask, answer: SameMan
) -> None:
    home = trust()
    by = make_staff(Role.LD_PRACTITIONER)
    first = submit(by, nhs_number=NHS)
    with writing():
        db.session.get_one(Person, first.person_id).died_on = clock.today()
    second = submit(by, {first.person.ref: answer}, nhs_number=NHS, safe_to_text="yes")
    assert second.person_id != first.person_id
    (question,) = asked(home)
    assert {question.person_id, question.other_id} == {first.person_id, second.person_id}
    assert DIED in question.reasons
    assert not any(way.allowed for way in channels(second.person))
    assert not any(way.allowed for way in channels(first.person))
    # Nor does amending the referral, or another one, open a way while that is not settled.
    said = {"phone": "+447700900123", "safe_to_text": "yes", "contact_known_how": "in_person"}
    with writing():
        learn(person_id=second.person_id, said=said, reason="Said again", by=by.id)
    assert second.person.safe_to_text.value == "unknown"


def test_a_referral_that_joins_a_record_which_may_be_a_dead_mans_holds_contact(app: Flask) -> None:
    home = trust()
    by = make_staff(Role.LD_PRACTITIONER)
    his, other = two_men(by)
    assert his.person.safe_to_text.value == "yes"
    with writing():
        db.session.get_one(Person, other.person_id).died_on = clock.today()
    said = {his.person.ref: SameMan.SAME, other.person.ref: SameMan.SAME}
    case = submit(by, said, nhs_number=NHS, crn=CRN)
    assert case.person_id == his.person_id
    assert len(asked(home)) == 1
    assert not any(way.allowed for way in channels(case.person))


def test_men_who_gave_no_name_are_not_compared_by_it(app: Flask) -> None:
    trust()
    by = make_staff(Role.LD_PRACTITIONER)
    nameless = {"given_name": "Unknown", "family_name": "Unknown", "born": ""}
    men = {submit(by, None, "csv", **nameless).person_id for _ in range(3)}
    assert len(men) == 3 and count(IdentityQuestion) == 0
    assert people_queries.candidates(sketch(submission(**nameless))) == []
