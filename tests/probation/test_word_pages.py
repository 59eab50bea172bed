"""The pages of what probation tells: probation's, and the service's with what it may read."""

from typing import Any

import pytest
from flask import Flask

from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.probation.word_queries import words_of
from mhtr.probation.word_rules import State, Subject
from tests.compliance.test_decisions import under_order
from tests.fitness.posting import forms_of
from tests.makers import make_staff
from tests.pages import PageClient
from tests.probation.test_words import receive, told
from tests.sessions.seen import Treated
from tests.suitability.browsing import as_, refused, send


def outside(man: Treated) -> str:
    return f"/cases/{man.case.ref}/told-service"


def inside(man: Treated) -> str:
    return f"/cases/{man.case.ref}/from-probation"


def send_as_it_stands(client: PageClient, app: Flask, path: str, page: str, **changes: str) -> Any:
    """Send the form of a page with what stands in it."""
    (form,) = (one for one in forms_of(app, path, page, day="10-12-2026") if one.action == path)
    assert set(changes) <= set(form.fields)
    return client.post(path, data=form.sent(**{name: [one] for name, one in changes.items()}))


def test_told_by_the_officer_received_and_acted_on(app: Flask) -> None:
    man = under_order()
    officer = as_(app, man.world.officer)
    new = f"{outside(man)}/new/no_contact"
    assert new in officer.page(outside(man))
    page = officer.page(new)
    assert "Whom must he not meet?" in page and "Only clinicians of the service read this" in page
    wrong = refused(officer, new, page, source="court", why="Typed")
    assert "Enter what whoever works with him needs to know" in wrong and "Typed" in wrong
    answer = send(
        officer, new, page, source="court", fact="Kyle Brandt", why="CANARY-why", urgent="yes"
    )
    assert answer.status_code == 303
    shown = officer.page(answer.location)
    assert "Not received yet" in shown and "CANARY-why" in shown and "Urgent" in shown

    office = as_(app, man.world.office)
    (word,) = words_of(man.case.id)
    here = f"{inside(man)}/{word.row.ref}"
    listed = office.page(inside(man))
    assert here in listed and "Kyle Brandt" in listed and "CANARY-why" not in listed
    page = office.page(here)
    assert "CANARY" not in page and "Kyle Brandt" in page and "Only clinicians see this" not in page
    assert office.get(f"/words/{word.row.ref}").status_code == 303
    done = send_as_it_stands(office, app, here, page)
    assert done.status_code == 303, done.get_data(as_text=True)
    after = officer.page(outside(man))
    assert "Acted on" in after and man.world.office.name in after and "warning was put" not in after
    assert "Kyle Brandt" in office.page(f"/cases/{man.case.ref}/flags")
    clinical = as_(app, man.therapist).page(f"/cases/{man.case.ref}/flags")
    assert "CANARY-why" in clinical


def test_of_a_risk_an_administrator_reads_that_there_is_one(app: Flask) -> None:
    man = under_order()
    word = told(man, Subject.RISK)
    office, here = as_(app, man.world.office), f"{inside(man)}/{word.row.ref}"
    page = office.page(here)
    assert "A clinician sees to this." in page and "condition of the court" not in page
    assert "Add the warning" not in page
    therapist = as_(app, man.therapist)
    page = therapist.page(here)
    assert "A condition of the court" in page and "Add the warning" in page
    assert send_as_it_stands(therapist, app, here, page).status_code == 303
    assert words_of(man.case.id)[0].state is State.CHANGED


def test_received_with_one_button(app: Flask) -> None:
    man = under_order()
    word = told(man, Subject.ADDRESS)
    here = f"{inside(man)}/{word.row.ref}"
    office = as_(app, man.world.office)
    page = office.page(here)
    answer = send(office, f"{here}/received", page)
    assert "Probation is told that it was received." in office.page(answer.location)
    assert "Received by the service" in as_(app, man.world.officer).page(outside(man))


def test_nothing_to_change_and_probation_does_not_read_why(app: Flask) -> None:
    man = under_order()
    word = told(man, Subject.ADDRESS)
    where = f"{inside(man)}/{word.row.ref}/nothing"
    office = as_(app, man.world.office)
    page = office.page(where)
    assert "Say why nothing is changed by it" in refused(office, where, page)
    send(office, where, page, why="CANARY-nothing")
    assert "CANARY-nothing" in office.page(inside(man))
    shown = as_(app, man.world.officer).page(outside(man))
    assert "nothing to change" in shown and "CANARY-nothing" not in shown


def test_said_anew_and_taken_back(app: Flask) -> None:
    man = under_order()
    word = told(man, Subject.REQUIREMENT)
    officer = as_(app, man.world.officer)
    again = f"{outside(man)}/{word.row.ref}/again"
    page = officer.page(again)
    assert "Kyle Brandt" in page  # as it was told: what he need not type again
    answer = send_as_it_stands(officer, app, again, page, fact="Unpaid work")
    assert answer.status_code == 303
    new = words_of(man.case.id)[0]
    assert new.row.fact == "Unpaid work" and new.row.weekday == 2
    assert "already" in officer.page(again)
    back = f"{outside(man)}/{new.row.ref}/take-back"
    page = officer.page(back)
    assert "Say why it is taken back" in refused(officer, back, page)
    answer = send(officer, back, page, why="The hours were changed")
    assert "The hours were changed" in officer.page(answer.location)
    assert "The hours were changed" in as_(app, man.world.office).page(inside(man))


def test_somebody_did_something_meanwhile(app: Flask) -> None:
    man = under_order()
    word = told(man, Subject.RISK)
    here = f"{inside(man)}/{word.row.ref}"
    therapist = as_(app, man.therapist)
    page = therapist.page(here)
    send_as_it_stands(as_(app, man.world.lead), app, here, page)
    assert words_of(man.case.id)[0].state is State.CHANGED
    answer = send_as_it_stands(therapist, app, here, page)
    assert answer.status_code == 422
    assert "Something was done with it meanwhile" in answer.get_data(as_text=True)
    assert len(words_of(man.case.id)[0].steps) == 2


def test_nobody_else_opens_any_of_it(app: Flask) -> None:
    man = under_order()
    word = told(man, Subject.RISK)
    ours = (inside(man), f"{inside(man)}/{word.row.ref}", f"{inside(man)}/{word.row.ref}/nothing")
    theirs = (outside(man), f"{outside(man)}/new/risk", f"{outside(man)}/{word.row.ref}/again",
              f"{outside(man)}/{word.row.ref}/take-back")  # fmt: skip
    stranger = as_(app, make_staff(Role.PROBATION, organisation=man.world.officer.organisation))
    assert [stranger.get(path).status_code for path in theirs] == [404] * len(theirs)
    assert [stranger.get(path).status_code for path in ours] == [403] * len(ours)
    for staff in (man.therapist, man.world.office):
        client = as_(app, staff)
        assert [client.get(path).status_code for path in theirs] == [403] * len(theirs)
    other = as_(app, make_staff(Role.ADMINISTRATOR))
    assert [other.get(path).status_code for path in ours] == [404] * len(ours)


@pytest.mark.parametrize("subject", [*Subject])
def test_every_subject_has_its_form_and_what_is_done_with_it(app: Flask, subject: Subject) -> None:
    man = under_order()
    officer = as_(app, man.world.officer)
    assert "How do you know?" in officer.page(f"{outside(man)}/new/{subject.value}")
    word = told(man, subject)
    page = as_(app, man.therapist).page(f"{inside(man)}/{word.row.ref}")
    assert "Nothing is changed by it" in page
    receive(man, word, man.therapist)
    db.session.rollback()
    assert "Received" in as_(app, man.therapist).page(inside(man))
