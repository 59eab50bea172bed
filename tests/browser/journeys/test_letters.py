"""The end, for him: his plan, the summary, two signatures, his GP’s copy, where he goes on to."""

import uuid

import pytest
from sqlalchemy import select

from mhtr.cases import consent_service
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.people.kinds import GpStatus
from mhtr.people.models import ConsentDecision, ConsentItem
from tests.browser.journeys.programme import MAN, Programme
from tests.browser.journeys.test_ending import ended, parts
from tests.browser.person import Person


def agrees(programme: Programme, ref: str) -> None:
    """He is with a practice, and agrees that it is told."""
    with writing():
        case = db.session.scalars(select(Case).where(Case.ref == uuid.UUID(ref))).one()
        case.person.gp_status, case.person.gp_name = GpStatus.REGISTERED, "Fictional Lane Surgery"
        consent_service.record_consent(
            case_id=case.id,
            item=ConsentItem.GP,
            decision=ConsentDecision.GIVEN,
            how="face_to_face",
            at=clock.now(),
            by=programme.house.assessor.id,
        )
    db.session.rollback()


@pytest.mark.both_widths
def test_from_his_plan_to_his_gps_copy(programme: Programme, person: Person) -> None:
    case = ended(programme)
    ref = case.ref
    person.signs_in_as("assessor").arrives_at("Today").starts_counting()
    person.takes_up(MAN, heading="Orders and treatment", action="Write or send")
    person.arrives_at("Plan and letters").finds_the_page_fit()
    person.clicks("Write it with him").arrives_at("His plan for later").finds_the_page_fit()
    person.types("Signs that things get harder", "I stop answering my phone")
    person.types("Who I can call", "My brother").chooses("He agrees to it")
    person.picks("How did he say so?", "In person").clicks("Keep it")
    person.arrives_at("Plan and letters").sees("He agrees", "Print it for him (PDF)").within(8)
    person.finds_the_page_fit().clicks("Discharge summary", role="link")
    person.arrives_at("Discharge summary").sees("1 of 1 planned").finds_the_page_fit()
    person.clicks("Begin it").arrives_at("Discharge summary").finds_the_page_fit()
    person.types("What you came for", "To sleep").types("What we did together", "We tried it out")
    person.types("How things are now", "Better").types("What comes next", "A walk each day")
    person.chooses("Yes", group="Does he want his plan for later in it?")
    person.clicks("Keep it and read it").arrives_at("Read it and sign it").finds_the_page_fit()
    person.sees("This is exactly what goes.", "A walk each day", "I stop answering my phone")
    person.clicks("Sign it", role="button").sees("Tick that you read it").finds_the_page_fit()
    person.chooses("I have read it as it stands here, and it is right").clicks(
        "Sign it", role="button"
    )
    person.arrives_at("Plan and letters").sees("Waits for a lead").finds_the_page_fit()
    person.signs_out().signs_in_as("clinical_lead").arrives_at("Today").starts_counting()
    person.takes_up(MAN, heading="Orders and treatment", action="Read and sign")
    person.arrives_at("Plan and letters")
    person.clicks("Read it and sign").arrives_at("Read it and sign it").finds_the_page_fit()
    person.chooses("I have read it as it stands here, and it is right").clicks(
        "Sign it", role="button"
    ).within(4)
    person.arrives_at("Plan and letters").sees("It is not recorded that he agrees")
    agrees(programme, str(ref))
    copies(person, str(ref))


def copies(person: Person, ref: str) -> None:
    """His GP's copy, his own, and where he is referred to."""
    today = parts(clock.today())
    person.signs_out().signs_in_as("assessor").goes_to(f"/cases/{ref}/letters")
    person.clicks("Record a copy for his GP").arrives_at("A copy for his GP: Discharge summary")
    person.sees("Fictional Lane Surgery", "Print or save it (PDF)").finds_the_page_fit()
    person.clicks("Record it").sees("Select how it was given or sent").finds_the_page_fit()
    person.chooses("Sent by secure e-mail").types_date("On which day?", *today)
    person.clicks("Record it").arrives_at("Plan and letters").clicks("Record his copy")
    person.arrives_at("His copy: Discharge summary").finds_the_page_fit()
    person.chooses("Given by hand").types_date("On which day?", *today).clicks("Record it")
    person.arrives_at("Plan and letters").sees("Himself", "His GP, Fictional Lane Surgery")
    person.finds_the_page_fit().clicks("Read version 1").arrives_at("Discharge summary")
    person.sees("Checked when this page was opened").finds_the_page_fit()
    person.goes_to(f"/cases/{ref}/letters").clicks("Take back", role="link")
    person.arrives_at("Take back what was recorded of a copy").finds_the_page_fit()
    person.goes_to(f"/cases/{ref}/letters").clicks("Issue it anew")
    person.arrives_at("Issue it anew: Discharge summary").finds_the_page_fit()
    person.goes_to(f"/cases/{ref}/letters").clicks("Refer him on").arrives_at("Onward referrals")
