"""A number mistyped and put right leaves no question, and no question says what is not so."""

from flask import Flask
from sqlalchemy import select

from mhtr.cases.models import Case
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake import amending
from mhtr.intake.queries import referral_of
from mhtr.intake.steps import AMENDED, FormStep
from mhtr.people import service as people
from mhtr.people.asking import PUT_RIGHT
from mhtr.people.models import IdentityQuestion
from mhtr.tasks.models import Task, TaskState
from tests.intake.house import House
from tests.people.accepting import FICTION

HIS, ANOTHERS, FREE = "9990000018", "9990000026", "9990000034"
SAME = "The NHS number is the same"


def amend(house: House, case: Case, **said: str) -> None:
    referral = referral_of(case.id)
    assert referral is not None
    held = {name: str(referral.answers.get(name, "")) for name in AMENDED[FormStep.PERSON]}
    case_id, version, by = case.id, referral.version, house.practitioner.id
    with writing():
        amending.amend(
            case_id=case_id,
            step=FormStep.PERSON,
            answers={**held, **said},
            version=version,
            reason="Typing error",
            by=by,
        )
    db.session.expire_all()


def saves(house: House, case: Case, number: str) -> None:
    person_id, by = case.person_id, house.lead.id
    with writing():
        people.update_person(
            person_id=person_id, changes={"nhs": number}, settings=FICTION, by=by, reason="Typo"
        )
    db.session.expire_all()


def questions() -> list[IdentityQuestion]:
    return list(db.session.scalars(select(IdentityQuestion).order_by(IdentityQuestion.id)))


def state(question: IdentityQuestion) -> TaskState:
    return db.session.scalars(select(Task.state).where(Task.key == f"identity:{question.id}")).one()


def two_men(house: House) -> tuple[Case, Case]:
    return (
        house.refer(nhs_number=HIS),
        house.refer(nhs_number=ANOTHERS, given_name="Ken", family_name="Adams", born="1971-05-06"),
    )


def test_an_amendment_put_right_withdraws_its_question(either_app: Flask) -> None:
    house = House()
    his, _ = two_men(house)
    amend(house, his, nhs_number=ANOTHERS)
    (question,) = questions()
    assert question.answered_at is None
    # The record says otherwise meanwhile, and the question says where the number stands.
    assert {SAME, PUT_RIGHT} <= set(question.reasons)
    amend(house, his, nhs_number=HIS)
    assert (question.answer, state(question)) == ("withdrawn", TaskState.WITHDRAWN)
    amend(house, his, nhs_number=ANOTHERS)
    assert (questions()[0].answer, state(question)) == (None, TaskState.OPEN)


def test_a_name_or_birth_date_amended_by_mistake_too(app: Flask) -> None:
    house = House()
    his, _ = two_men(house)
    amend(house, his, given_name="Ken", family_name="Adams", born="1971-05-06")
    (question,) = questions()
    amend(house, his, given_name="Tunde", family_name="Okafor", born="1990-02-03")
    assert question.answer == "withdrawn"


def test_a_question_that_a_referral_raised_over_a_mistyped_record_goes_with_it(
    app: Flask,
) -> None:
    house = House()
    _, other = two_men(house)
    third = house.refer(nhs_number=ANOTHERS, given_name="Ilya", family_name="Navickas", born="")
    (question,) = questions()
    assert SAME in question.reasons
    saves(house, other, FREE)
    assert question.answer == "withdrawn"
    assert third.person_id in (question.person_id, question.other_id)


def test_where_names_agree_too_the_question_stays_and_says_what_is_so(app: Flask) -> None:
    house = House()
    his, _ = two_men(house)
    second = house.refer(nhs_number=HIS)
    (question,) = questions()
    assert second.person_id != his.person_id and SAME in question.reasons
    saves(house, second, FREE)
    assert question.answer is None and SAME not in question.reasons
    assert "The names are the same" in question.reasons
    assert any(reason.startswith("Nobody could be asked") for reason in question.reasons)


def test_while_the_referral_still_says_it_the_question_stays(app: Flask) -> None:
    house = House()
    his, _ = two_men(house)
    amend(house, his, nhs_number=ANOTHERS)
    (question,) = questions()
    saves(house, his, FREE)
    assert question.answer is None and SAME in question.reasons
