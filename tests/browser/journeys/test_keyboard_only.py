"""One piece of work for each role with keys alone: focus is seen at every stop, none is a trap."""

import pytest
from sqlalchemy import select

from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake import onward_service
from mhtr.intake.models import OnwardReferral, TriageDecision
from mhtr.intake.onward_rules import OnwardState
from mhtr.intake.rules import TriageOutcome
from mhtr.suitability.asked import DateAnswer
from mhtr.suitability.models import (
    CountersignDecision,
    CountersignRequest,
    ReportRequest,
    Verdict,
)
from tests.browser.journeys.keyboard import Keyboard
from tests.browser.journeys.programme import MAN, Programme
from tests.browser.person import Person
from tests.suitability.journey import finished, sent


def signed_in(person: Person, role: str) -> Keyboard:
    """On Today, at the start of the page."""
    db.session.rollback()
    person.signs_in_as(role).arrives_at("Today").sees(MAN)
    return Keyboard(person)


def test_an_assessor_asks_for_the_countersignature(programme: Programme, person: Person) -> None:
    finished(programme.asked())
    keys = signed_in(person, "assessor").takes_up(MAN)
    person.arrives_at("Assessment")
    keys.follows("Ask for the countersignature")
    person.arrives_at("Ask for the countersignature")
    keys.is_never_trapped().follows("Send to the clinical lead")
    person.arrives_at("Assessment").sees("with the clinical lead")
    db.session.rollback()
    assert db.session.query(CountersignRequest).count() == 1


def test_a_clinical_lead_returns_a_report(programme: Programme, person: Person) -> None:
    people = programme.asked()
    sent(finished(people), people)
    keys = signed_in(person, "clinical_lead").takes_up(MAN, heading="countersign")
    person.arrives_at("Countersign the report")
    keys.is_never_trapped().types("The three conditions", "Say how treatment helps him.")
    keys.follows("Return with comments")
    person.sees("returned")
    db.session.rollback()
    assert db.session.query(CountersignDecision).one().verdict is Verdict.RETURNED


def test_an_author_answers_about_the_date(
    programme: Programme, person: Person, set_clock: SetClock
) -> None:
    set_clock.advance(hours=6)  # after closing: today cannot be met
    programme.asked(asked_for_on=set_clock.now().date())
    keys = signed_in(person, "court_probation").takes_up(MAN, action="Answer")
    person.sees("This date cannot be met")
    keys.is_never_trapped().chooses("I will ask the court for an adjournment", group="")
    keys.follows("Send your answer")
    person.sees("Answer: Will ask the court for an adjournment", "Change your answer")
    db.session.rollback()
    assert db.session.query(ReportRequest).one().date_answer == DateAnswer.SEEKS_ADJOURNMENT


def test_a_link_worker_follows_up(programme: Programme, person: Person) -> None:
    people = programme.allocated()
    with writing():
        onward_service.route_on(
            case_id=people.case.id,
            service_code="housing",
            service_name="",
            owner_principal_id=programme.link_worker.principal_id,
            agreed=True,
            how="telephone",
            note="Needs a fixed address.",
            by=people.assessor.id,
        )
    keys = signed_in(person, "link_worker").takes_up(MAN, action="Follow up")
    person.sees("Needs a fixed address.")
    keys.is_never_trapped().chooses("Sent, no answer yet", group="").follows("Record it")
    person.sees("Sent, no answer yet")
    db.session.rollback()
    row = db.session.scalars(select(OnwardReferral)).one()
    assert row.state == OnwardState.SENT


def test_an_administrator_triages(programme: Programme, person: Person) -> None:
    programme.referred()
    keys = signed_in(person, "administrator").takes_up(MAN, action="Triage")
    person.arrives_at("Triage")
    keys.is_never_trapped().chooses("Accept it", group="").goes_to("Allocate to")
    keys.press("ArrowDown").follows("Save the decision")
    person.sees("accepted and allocated")
    db.session.rollback()
    assert db.session.query(TriageDecision).one().outcome is TriageOutcome.ACCEPT


TRAP = """() => document.querySelectorAll("textarea").forEach((field) =>
  field.addEventListener("keydown", (event) => event.key === "Tab" && event.preventDefault()))"""
UNSEEN = """() => document.querySelectorAll("textarea").forEach((field) => {
  for (const look of ["outline", "box-shadow"]) field.style.setProperty(look, "none", "important");
})"""


@pytest.mark.parametrize(("spoil", "found"), [(TRAP, "Tab comes to"), (UNSEEN, "no focus")])
def test_a_trap_and_an_unseen_focus_are_noticed(
    programme: Programme, somebody_at_a_desk: Person, spoil: str, found: str
) -> None:
    people = programme.asked()
    sent(finished(people), people)
    keys = signed_in(somebody_at_a_desk, "clinical_lead").takes_up(MAN, heading="countersign")
    somebody_at_a_desk.arrives_at("Countersign the report")
    keys.page.evaluate(spoil)
    with pytest.raises(AssertionError, match=found):
        keys.is_never_trapped()
