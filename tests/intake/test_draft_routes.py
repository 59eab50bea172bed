"""The form: saved at each step, one effect however often it is sent, nothing lost, nothing kept."""

import re
import threading
import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.cases.offence import RULE_BEFORE
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake import drafts
from mhtr.intake.models import Referral, ReferralDraft
from mhtr.people.models import IdentityQuestion, Person
from mhtr.tasks.models import Task
from tests.intake import journey
from tests.intake.samples import lists
from tests.makers import make_staff
from tests.pages import PageClient


@pytest.fixture
def practitioner(client: PageClient) -> Staff:
    journey.make_trust()
    staff = make_staff(Role.LD_PRACTITIONER)
    client.sign_in(staff)
    return staff


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_from_first_page_to_receipt(client: PageClient, practitioner: Staff) -> None:
    assert "no emergency route" in client.page("/referrals/new")
    draft = journey.fill(client)
    page = client.page(f"{draft}/check")
    for words in ("Tunde", "3 February 1990", "Brixton", "Guilty plea", "Anxiety, Trauma symptoms"):
        assert words in page
    answer = journey.send(client, draft)
    assert answer.status_code == 303 and answer.location == f"{draft}/sent"
    sent = client.page(answer.location)
    case = db.session.scalars(select(Case)).one()
    assert str(case.ref)[:8].upper() in sent and "Okafor" not in sent
    assert "Waiting for triage" in client.page("/referrals")
    assert "Waiting for triage" in client.page(f"/cases/{case.ref}/referral")
    row = db.session.scalars(select(ReferralDraft)).one()
    assert row.answers == {} and row.case_id == case.id


def test_at_most_thirty_interactions() -> None:
    """A click or a typed field counts one. Optional pages inside pages are not needed."""
    typed = sum(
        len(value) if isinstance(value, list) else 1
        for page in (journey.SAFETY, *journey.PAGES.values())
        for value in page.values()
    )
    remembered = 2  # place and source, from the last referral
    clicks = 1 + 5 + 1  # "New referral", "Continue" five times, "Send"
    assert typed - remembered + clicks <= 30


def test_the_place_is_remembered_and_nothing_about_a_man(
    client: PageClient, practitioner: Staff
) -> None:
    first = journey.fill(client, given_name="Canarygiven", family_name="Canaryfamily")
    journey.send(client, first)
    draft = journey.begin(client)
    pages = [client.page("/referrals/new")]
    pages += [client.page(f"{draft}/{step}") for step in ("safety", *journey.PAGES)]
    assert re.search(r'value="met-brixton"[^>]*selected', pages[3])
    assert not re.search("canary|1990|900123|900 123", "".join(pages), re.IGNORECASE)
    for page in (pages[2], pages[4], pages[5]):
        assert not re.search(r'type="(radio|checkbox)"[^>]*checked', page)
    assert not re.search(r'name="stage"[^>]*checked', pages[3])


def test_no_page_asks_about_the_offence(client: PageClient, practitioner: Staff) -> None:
    draft = journey.begin(client)
    for step in ("safety", *journey.PAGES):
        page = client.page(f"{draft}/{step}")
        assert not re.search(r'name="[^"]*(offence|charge|allegation)', page)
    assert RULE_BEFORE in client.page(f"{draft}/needs")


def test_not_known_to_be_safe_leads_to_help_first(client: PageClient, practitioner: Staff) -> None:
    draft = journey.begin(client, safety="not_known")
    page = client.page(f"{draft}/help")
    assert "Tell custody healthcare and the custody sergeant now" in page
    assert "no emergency route" in page


def test_told_healthcare_needs_whom_and_when(client: PageClient, practitioner: Staff) -> None:
    data = {"submission_key": str(uuid.uuid4()), "safety": "healthcare_told"}
    answer = client.post("/referrals/new", data=data)
    assert answer.status_code == 422 and count(ReferralDraft) == 0
    assert "who in custody healthcare you told" in answer.get_data(as_text=True)
    draft = journey.begin(client, safety="healthcare_told", told_whom="Nurse", told_time="03:20")
    assert 'value="03:20"' in client.page(f"{draft}/safety")


def test_faults_are_shown_and_what_was_typed_stays(client: PageClient, practitioner: Staff) -> None:
    draft = journey.begin(client)
    answer = journey.save(client, draft, "person", nhs_number="9990000019")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "check each digit" in page and 'value="9990000019"' in page


def test_save_and_leave_keeps_an_unfinished_page(client: PageClient, practitioner: Staff) -> None:
    draft = journey.begin(client)
    answer = journey.save(client, draft, "person", family_name="", then="leave")
    assert answer.location == "/referrals"
    assert 'value="Tunde"' in client.page(f"{draft}/person")
    assert f'href="{draft}/place"' in client.page("/referrals")


def test_a_draft_is_its_authors_alone(client: PageClient, practitioner: Staff) -> None:
    draft = journey.fill(client)
    colleague = make_staff(Role.LD_PRACTITIONER, organisation=practitioner.organisation)
    client.sign_in(colleague)
    for page in ("person", "check", "help", "same-man", "sent"):
        assert client.get(f"{draft}/{page}").status_code == 404
    assert journey.save(client, draft, "person").status_code == 404
    assert journey.send(client, draft).status_code == 404
    discard = {"submission_key": str(uuid.uuid4())}
    assert client.post(f"{draft}/discard", data=discard).status_code == 404
    assert "Tunde" not in client.page("/referrals")


def test_two_tabs_lose_nothing(client: PageClient, practitioner: Staff) -> None:
    draft = journey.begin(client)
    assert journey.save(client, draft, "person", version=0).status_code == 303
    # The other tab, opened before, has another step: no conflict.
    assert journey.save(client, draft, "place", version=0).status_code == 303
    stale = journey.save(client, draft, "person", version=0, given_name="Babatunde")
    page = stale.get_data(as_text=True)
    assert stale.status_code == 409 and "Tunde" in page and "Babatunde" in page
    kept = client.page(f"{draft}/person")
    assert 'value="Tunde"' in kept
    fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))
    fields |= dict(re.findall(r'id="[^"]*" name="(submission_key)" value="([^"]*)"', page))
    assert client.post(f"{draft}/person", data=fields).status_code == 303
    assert 'value="Babatunde"' in client.page(f"{draft}/person")


def test_a_check_page_that_is_out_of_date_sends_nothing(
    client: PageClient, practitioner: Staff
) -> None:
    draft = journey.fill(client)
    answer = journey.send(client, draft, version=4)
    assert answer.status_code == 409 and count(Case) == 0
    assert "Check them again" in answer.get_data(as_text=True)


def test_a_discarded_draft_is_empty(client: PageClient, practitioner: Staff) -> None:
    draft = journey.fill(client)
    client.post(f"{draft}/discard", data={"submission_key": str(uuid.uuid4())})
    assert client.get(f"{draft}/check").status_code == 404
    assert db.session.scalars(select(ReferralDraft)).one().answers == {}


def test_a_possible_record_is_asked_about_without_showing_it(
    client: PageClient, practitioner: Staff
) -> None:
    journey.send(client, journey.fill(client))
    with writing():
        person = db.session.scalars(select(Person)).one()
        person.address, person.known_as = "1 Canary Wharf", "Canaryknown"
    draft = journey.fill(client, family_name="Okafor")
    answer = journey.send(client, draft)
    assert answer.location == f"{draft}/same-man" and count(Case) == 1
    page = client.page(answer.location)
    assert "The names are the same" in page and not re.search(
        "canary|900123|2026", page.partition("<main")[2], re.I
    )
    data = {"submission_key": str(uuid.uuid4())}
    assert client.post(answer.location, data=data).status_code == 422
    done = client.post(answer.location, data={**data, "first": "not_sure"})
    assert done.location == f"{draft}/sent"
    assert (count(Person), count(IdentityQuestion)) == (2, 1)


def test_sent_again_it_answers_with_the_same_receipt(
    client: PageClient, practitioner: Staff
) -> None:
    draft = journey.fill(client)
    answers = [journey.send(client, draft).location for _ in range(3)]
    assert set(answers) == {f"{draft}/sent"}
    assert count(Case) == count(Referral) == 1


def test_the_same_referral_sent_twenty_times_has_one_effect(either_app: Flask) -> None:
    journey.make_trust()
    staff = make_staff(Role.LD_PRACTITIONER)
    client = either_app.test_client()
    assert isinstance(client, PageClient)
    client.sign_in(staff)
    ref = uuid.UUID(journey.fill(client).rpartition("/")[2])
    staff_id = staff.id
    db.session.remove()
    found = in_threads(either_app, 20, lambda: _send(ref, staff_id))
    assert len(found) == 20 and len(set(found)) == 1
    assert count(Case) == count(Referral) == count(Person) == 1
    kinds = [task.kind.value for task in db.session.scalars(select(Task))]
    assert sorted(kinds) == ["chase_hearing", "triage"]


def _send(ref: uuid.UUID, by: int) -> int:
    with writing():
        case_id = drafts.send(ref, version=5, codes=lists(), by=by).id
    return case_id


def in_threads(app: Flask, number: int, work: Callable[[], int]) -> list[int]:
    """What the work gave in each thread, all let go at once."""
    found: list[int] = []
    gate = threading.Barrier(number)

    def run() -> None:
        with app.app_context():
            gate.wait()
            found.append(work())
            db.session.remove()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_a_draft_goes_on_where_it_was_left(client: PageClient, practitioner: Staff) -> None:
    draft = journey.begin(client)
    assert draft in client.page("/today")
    assert client.get(draft).location == f"{draft}/person"
    whole = journey.fill(client)
    assert client.get(whole).location == f"{whole}/check"
    sent = journey.send(client, whole).location
    assert client.get(whole).location == sent
