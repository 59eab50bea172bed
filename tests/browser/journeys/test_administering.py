"""Those who keep the service running: administrators, the privacy officer, the link worker."""

from urllib.parse import urlsplit

import pyotp
from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.core import clock
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake import onward_service
from mhtr.intake.models import OnwardReferral
from mhtr.intake.onward_rules import OnwardState
from tests.accounts.enrolled import PASSWORD
from tests.browser.journeys.programme import MAN, Programme
from tests.browser.person import Person


def test_the_service_administrator_triages(programme: Programme, person: Person) -> None:
    programme.referred()
    db.session.rollback()
    person.signs_in_as("administrator").arrives_at("Today").sees(MAN).starts_counting()
    person.takes_up(MAN, action="Triage").arrives_at("Triage").does_not_see("canaryhealth")
    person.chooses("Accept it").page.get_by_label("Allocate to").select_option(index=1)
    person.interactions += 1
    person.clicks("Save the decision").sees("accepted and allocated").within(4)
    person.arrives_at("Triage").sees("No referrals are waiting.")
    person.goes_to("/coverage").arrives_at("Courts the service covers")


def test_the_system_administrator_adds_somebody(programme: Programme, person: Person) -> None:
    db.session.rollback()
    person.signs_in_as("system_administrator").arrives_at("Today").starts_counting()
    person.clicks("Manage staff").arrives_at("Staff").clicks("Add a member of staff")
    person.arrives_at("Which organisation").clicks(programme.house.trust.name)
    person.arrives_at("Add a member of staff").types("Full name", "Leila Marsh")
    person.types("Work email address", "leila.marsh@example.nhs.uk")
    person.chooses("Assessor and therapist").clicks("Save and make an invitation")
    person.arrives_at("Invitation for Leila Marsh").sees("Shown once").within(7)
    person.clicks("Go to the account").finds_the_page_fit().sees("Leila Marsh")
    db.session.rollback()
    made = db.session.scalars(select(Staff).where(Staff.name == "Leila Marsh")).one()
    assert made.organisation_id == programme.house.trust.id
    for path in ("/staff", "/organisations", "/coverage", "/settings"):
        person.goes_to(path).finds_the_page_fit()


def test_emergency_access_is_used_and_reviewed(programme: Programme, person: Person) -> None:
    programme.referred()
    reader = programme.duty_clinician.name
    db.session.rollback()
    person.signs_in_as("duty_clinician").goes_to("/emergency-access")
    person.arrives_at("Emergency access").chooses("Full name and date of birth")
    person.types("First name", "Tunde").types("Last name", "Okafor")
    person.types_date("Date of birth", 3, 2, 1990)
    person.types("Why do you need his record now?", "He is on the line and says he will jump.")
    person.chooses("I need this record to care for him now, and I know that every use is reviewed")
    person.clicks("Open the record").sees("Emergency access is on.", MAN).finds_the_page_fit()
    person.clicks("End it early").clicks("End it now").finds_the_page_fit().signs_out()

    person.signs_in_as("privacy_officer").arrives_at("Today").starts_counting()
    person.takes_up("", action="Review").arrives_at("Review of emergency access")
    person.sees("He is on the line").does_not_see(MAN, "Okafor")
    person.chooses("Justified").clicks("Save the review").within(4)
    person.finds_the_page_fit()
    reads_the_audit(person, reader)


def reads_the_audit(person: Person, reader: str) -> None:
    """Who opened a record in an emergency, and who else has looked at it."""
    menu = person.settles().page.get_by_role("button", name="More")
    if menu.is_visible():
        menu.click()
    person.clicks("Audit", role="link", exact=True).arrives_at("Audit")
    person.picks("What", "Emergency access opened").clicks("Show", role="button")
    person.sees("Emergency access opened").does_not_see(MAN, "Okafor").finds_the_page_fit()
    person.page.get_by_role("link", name="who has looked at it").first.click()
    person.arrives_at("Who has looked at this case").sees(reader).does_not_see(MAN, "Okafor")
    person.goes_to("/audit").clicks("Verify the audit").finds_the_page_fit()


def test_somebody_invited_sets_up_an_authenticator_and_signs_in(
    programme: Programme, person: Person, set_clock: SetClock
) -> None:
    db.session.rollback()
    person.signs_in_as("system_administrator").clicks("Manage staff").arrives_at("Staff")
    person.clicks("Add a member of staff").arrives_at("Which organisation")
    person.clicks(programme.house.trust.name).arrives_at("Add a member of staff")
    person.types("Full name", "Leila Marsh")
    person.types("Work email address", "leila.marsh@example.nhs.uk")
    person.chooses("Assessor and therapist").clicks("Save and make an invitation")
    person.arrives_at("Invitation for Leila Marsh")
    link = person.page.locator(".app-link-once").inner_text().strip()
    person.signs_out()

    person.goes_to(urlsplit(link).path).arrives_at("Set your password").sees("Leila Marsh")
    person.types("New password", PASSWORD).clicks("Set password")
    person.arrives_at("Set up your authenticator")
    assert person.page.get_by_role("img", name="QR code").evaluate("e => e.naturalWidth") > 100
    person.page.get_by_text("I cannot scan it").click()
    app = pyotp.TOTP(person.page.locator(".app-secret").inner_text().replace(" ", ""))
    person.types("code", app.at(clock.now())).clicks("Finish")
    person.arrives_at("Keep your recovery codes").clicks("I have kept them")
    person.arrives_at("Today").sees("Leila Marsh").signs_out()

    set_clock.advance(minutes=1)  # a code is taken once
    person.goes_to("/sign-in").types("Work email address", "leila.marsh@example.nhs.uk")
    person.types("Password", PASSWORD).clicks("Continue").arrives_at("Enter your code")
    person.types("6-digit code", app.at(clock.now())).clicks("Sign in", role="button")
    person.arrives_at("Today").finds_the_page_fit()
    assert person.page.request.get(urlsplit(link).path).status == 410, "an invitation works once"


def test_the_link_worker_follows_up(programme: Programme, person: Person) -> None:
    people = programme.allocated()
    case_id, by = people.case.id, people.assessor.id
    owner = programme.link_worker.principal_id
    with writing():
        onward_service.route_on(
            case_id=case_id,
            service_code="housing",
            service_name="",
            owner_principal_id=owner,
            agreed=True,
            how="telephone",
            note="Needs a fixed address.",
            by=by,
        )
    db.session.rollback()
    person.signs_in_as("link_worker").arrives_at("Today").sees(MAN).starts_counting()
    person.takes_up(MAN, action="Follow up").finds_the_page_fit().sees("Needs a fixed address.")
    person.does_not_see("canaryhealth")
    person.chooses("Sent, no answer yet").clicks("Record it").sees("Sent, no answer yet").within(3)
    person.clicks("Onward referrals").arrives_at("Onward referrals").sees(MAN)
    follows_him_to_his_first_appointment(person)
    db.session.rollback()
    row = db.session.scalars(select(OnwardReferral)).one()
    assert row.state == OnwardState.ATTENDED and row.closed_at is not None


def follows_him_to_his_first_appointment(person: Person) -> None:
    """Booked, then attended: the list says so at each step."""
    person.clicks("Record what became of").finds_the_page_fit().starts_counting()
    person.chooses("First appointment booked").types_date("Date of the first", 18, 11, 2026)
    person.types("Time", "09:30").clicks("Record it").within(6)
    person.sees("First appointment booked", "18 November 2026 at 09:30").finds_the_page_fit()
    person.clicks("Today").arrives_at("Today").starts_counting()
    person.takes_up(MAN, action="Follow up").chooses("First appointment attended")
    person.clicks("Record it").within(3).sees("First appointment attended").finds_the_page_fit()
    person.clicks("Onward referrals").sees("Nothing is waiting here.").finds_the_page_fit()
