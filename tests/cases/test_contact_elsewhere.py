"""A way of reaching him that is unsafe in one trust counts as safe in no other."""

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.cases import contact_elsewhere
from mhtr.cases.models import Case
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake import service
from mhtr.intake.identity import SameMan
from mhtr.intake.steps import FormStep
from mhtr.people import service as people
from mhtr.people.contact import channels
from mhtr.people.models import Person, PersonChange
from mhtr.tasks.models import Task, TaskKind, TaskState
from tests.cases.test_two_trusts import confirm, made, propose
from tests.intake.house import accept, amend
from tests.intake.samples import submission
from tests.intake.two_trusts import NORTH, Two
from tests.pages import PageClient
from tests.people.test_service import FICTION

NHS = "9990000018"
SAFE = {"phone": "07700 900378", "safe_to_text": "yes"}


def asked(person_id: int) -> list[Task]:
    db.session.expire_all()
    mine = select(Task).join(Case, Case.id == Task.case_id).where(Case.person_id == person_id)
    rows = db.session.scalars(mine.where(Task.kind == TaskKind.ASK_CONTACT))
    return [task for task in rows if task.state is TaskState.OPEN]


def text(person_id: int) -> str:
    db.session.expire_all()
    return db.session.get_one(Person, person_id).safe_to_text.value


def voicemail(person_id: int) -> str:
    return db.session.get_one(Person, person_id).safe_to_voicemail.value


def again(two: Two, first: Case | None, **said: str) -> Case:
    """Referred once more, to a court of the other trust."""
    changes = {"court": NORTH, "hearing_on": "2026-12-09", "nhs_number": NHS, **SAFE, **said}
    by = two.practitioner
    with writing():
        return service.submit_referral(
            submission=submission(**changes),
            channel="form",
            referrer_id=by.id,
            organisation_id=by.organisation_id,
            by=by.id,
            same_man={first.person.ref: SameMan.SAME} if first else None,
        )


def here(two: Two) -> Case:
    case = two.refer(None, nhs_number=NHS, **SAFE)
    accept(two, case, two.assessor)
    assert text(case.person_id) == "yes"
    return case


@pytest.mark.parametrize("said_same", [True, False])
@pytest.mark.parametrize("said", [{"safe_to_text": "no"}, {"phone": "07700 900379"}])
def test_a_no_or_another_number_elsewhere_holds_at_once(
    either_app: Flask, said: dict[str, str], said_same: bool
) -> None:
    two = Two()
    case = here(two)
    second = again(two, case if said_same else None, **said)
    assert second.person_id != case.person_id
    assert text(case.person_id) == "unknown"
    (task,) = asked(case.person_id)
    assert task.owner_staff_id == two.assessor.id
    assert not any(way.allowed for way in channels(case.person)[:1])


def test_a_yes_for_the_same_number_asks_nobody(either_app: Flask) -> None:
    two = Two()
    case = here(two)
    again(two, case)
    assert text(case.person_id) == "yes" and asked(case.person_id) == []


def test_neither_record_nor_task_says_who_said_what(client: PageClient) -> None:
    two = Two()
    case = here(two)
    again(two, case, safe_to_text="no")
    change = db.session.scalars(
        select(PersonChange).where(PersonChange.person_id == case.person_id)
    ).one()
    assert (change.by_id, change.reason) == (None, contact_elsewhere.REASON)
    client.sign_in(two.assessor)
    assert ">Ask him<" in client.page("/today")
    page = client.page(f"/cases/{case.ref}/person")
    assert two.practitioner.name not in page.partition("Safe contact")[2].partition("</section")[0]


def test_a_later_no_in_an_amendment_holds_too(either_app: Flask) -> None:
    two = Two()
    case = here(two)
    second = again(two, case)
    amend(two, second, FormStep.AGREEMENT, safe_to_text="no")
    assert text(case.person_id) == "unknown" and len(asked(case.person_id)) == 1


def contact(person_id: int, by: int, **said: str) -> None:
    with writing():
        people.update_person(person_id=person_id, changes=said, settings=FICTION, by=by)


def test_what_was_said_before_holds_once_both_say_that_it_is_one_man(either_app: Flask) -> None:
    two = made()
    ours, theirs = two.case.person_id, two.known.person_id
    for person_id in (ours, theirs):
        contact(person_id, two.lead.id, phone="07700900378")
    contact(theirs, two.lead.id, safe_to_text="yes", contact_known_how="in_person")
    contact(ours, two.lead.id, safe_to_text="no", contact_known_how="in_person")
    # As if both had stood so before anybody asked whether they are one man.
    contact(theirs, two.lead.id, safe_to_text="yes")
    propose(two)
    confirm(two)
    assert (text(ours), text(theirs)) == ("no", "unknown")
    assert len(asked(theirs)) == 1 and asked(ours) == []


def test_a_later_no_of_a_linked_record_holds_and_his_answer_ends_the_task(
    either_app: Flask,
) -> None:
    two = made()
    propose(two)
    confirm(two)
    ours, theirs = two.case.person_id, two.known.person_id
    known = {"phone": "07700900378", "safe_to_voicemail": "yes", "contact_known_how": "in_person"}
    for person_id in (ours, theirs):
        contact(person_id, two.lead.id, **known)
    assert asked(theirs) == [] and voicemail(theirs) == "yes"
    contact(ours, two.lead.id, safe_to_text="no")
    assert len(asked(theirs)) == 1 and voicemail(theirs) == "unknown"
    contact(theirs, two.lead.id, safe_to_voicemail="yes")
    assert asked(theirs) == [] and text(ours) == "no"
