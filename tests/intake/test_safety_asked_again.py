"""Whether he is safe now is said of a moment: an old answer is asked again before sending."""

import re
import uuid
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from mhtr.cases.models import Case
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.policy import set_value
from mhtr.core.transaction import writing
from mhtr.intake import policy
from mhtr.intake.models import Referral, ReferralAmendment, ReferralDraft
from tests.intake import journey
from tests.intake.house import House
from tests.pages import PageClient

OLD = "You answered this on 18 November 2026 at 12:00: Yes, he is safe now."


@pytest.fixture
def house(either_app: Flask) -> House:
    return House()


@pytest.fixture
def page(either_app: Flask, house: House) -> PageClient:
    made = either_app.test_client()
    assert isinstance(made, PageClient)
    made.sign_in(house.practitioner)
    return made


def later(page: PageClient, house: House, set_clock: SetClock, **time: int) -> None:
    set_clock.advance(**time)
    page.sign_in(house.practitioner)


def sent() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Referral)) or 0


def the_referral() -> Referral:
    db.session.rollback()
    return db.session.scalars(select(Referral)).one()


def amend(page: PageClient, case_ref: object, **typed: Any) -> Any:
    key = {"submission_key": str(uuid.uuid4()), "version": "1", "reason": "He told me"}
    return page.post(f"/cases/{case_ref}/referral/safety", data=key | typed)


def test_an_old_answer_is_asked_again_with_the_old_one_and_its_time(
    house: House, page: PageClient, set_clock: SetClock
) -> None:
    draft = journey.fill(page)
    later(page, house, set_clock, days=21)
    assert "Answer again whether he is safe now" in page.page(f"{draft}/check")
    answer = journey.send(page, draft)
    assert (answer.status_code, answer.location) == (303, f"{draft}/safety")
    assert sent() == 0
    html = page.page(f"{draft}/safety")
    assert OLD in re.sub(r"<[^>]+>", "", html)
    assert not re.search(r'name="safety"[^>]* checked', html)
    assert journey.save(page, draft, "safety", 1).location == f"{draft}/check"
    assert "9 December 2026 at 12:00" in page.page(f"{draft}/check")
    assert journey.send(page, draft, 6).location == f"{draft}/sent"
    made = the_referral()
    assert made.safety_at is not None and made.safety_at == set_clock.now()


def test_the_other_answer_is_what_is_sent(
    house: House, page: PageClient, set_clock: SetClock
) -> None:
    draft = journey.fill(page)
    later(page, house, set_clock, days=1)
    assert journey.send(page, draft).location == f"{draft}/safety"
    journey.save(page, draft, "safety", 1, safety="not_known")
    assert journey.send(page, draft, 6).location == f"{draft}/sent"
    assert the_referral().safety == "not_known"


def test_four_hours_it_holds_and_not_a_minute_longer(
    house: House, page: PageClient, set_clock: SetClock
) -> None:
    draft = journey.fill(page)
    later(page, house, set_clock, hours=4)
    assert "Answer again" not in page.page(f"{draft}/check")
    assert "18 November 2026 at 12:00" in page.page(f"{draft}/check")
    # Passing the page again, within that time, says nothing new.
    journey.save(page, draft, "safety", 1)
    later(page, house, set_clock, minutes=1)
    assert journey.send(page, draft, 6).location == f"{draft}/safety"


def test_the_time_is_the_services_own_value(
    house: House, page: PageClient, set_clock: SetClock
) -> None:
    with writing():
        set_value(
            policy.SAFETY_HOURS.key,
            24,
            valid_from=date(2026, 11, 18),
            reason="As agreed",
            by=house.lead.id,
        )
    draft = journey.fill(page)
    later(page, house, set_clock, hours=23)
    assert journey.send(page, draft).location == f"{draft}/sent"


def test_it_is_asked_also_on_the_way_past_the_question_who_he_is(
    house: House, page: PageClient, set_clock: SetClock
) -> None:
    house.refer()
    draft = journey.fill(page)
    answer = journey.send(page, draft)
    assert answer.location == f"{draft}/same-man"
    html = page.page(answer.location)
    assert 'name="first"' in html
    later(page, house, set_clock, days=1)
    typed = {"submission_key": str(uuid.uuid4()), "first": "different"}
    assert page.post(f"{draft}/same-man", data=typed).location == f"{draft}/safety"
    assert sent() == 1


def test_the_referral_and_triage_say_when_it_was_answered(
    house: House, page: PageClient, set_clock: SetClock
) -> None:
    draft = journey.fill(page)
    later(page, house, set_clock, hours=3)
    journey.send(page, draft)
    ref = the_referral_case()
    assert "18 November 2026 at 12:00" in page.page(f"/cases/{ref}/referral")
    came = house.refer(given_name="Kofi", born="1971-05-06", phone="")
    page.sign_in(house.lead)
    assert "18 November 2026 at 12:00" in page.page(f"/cases/{ref}/triage")
    assert "Not said. The referral came on" in page.page(f"/cases/{came.ref}/triage")


def the_referral_case() -> object:
    db.session.rollback()
    return db.session.scalars(select(Case.ref)).one()


def test_an_amended_answer_has_its_own_time_and_the_old_one_stays_in_history(
    house: House, page: PageClient, set_clock: SetClock
) -> None:
    draft = journey.fill(page)
    journey.send(page, draft)
    ref = the_referral_case()
    later(page, house, set_clock, days=2)
    assert amend(page, ref, safety="not_known").status_code == 303
    made = the_referral()
    assert made.safety_at == set_clock.now()
    (before,) = db.session.scalars(select(ReferralAmendment.before))
    assert before["safety_at"] == "2026-11-18T12:00:00+00:00"
    assert "Answered: 18 November 2026 at 12:00" in page.page(f"/cases/{ref}/referral")


def test_a_draft_of_before_this_was_kept_counts_from_its_beginning(
    house: House, page: PageClient, set_clock: SetClock
) -> None:
    draft = journey.fill(page)
    with writing():
        row = db.session.scalars(select(ReferralDraft)).one()
        row.answers = {key: value for key, value in row.answers.items() if key != "safety_at"}
    later(page, house, set_clock, hours=5)
    assert journey.send(page, draft).location == f"{draft}/safety"
