"""When healthcare was told and when he agreed: a day that nobody touched stays."""

import re
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.cases.models import Case
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.intake.models import Referral, ReferralDraft
from mhtr.intake.queries import referral_of
from tests.intake import journey
from tests.intake.house import House
from tests.pages import PageClient

NIGHT = {"safety": "healthcare_told", "told_whom": "custody nurse", "told_at": "2026-11-18T03:20"}
TYPED = {"safety": "healthcare_told", "told_whom": "Nurse Ade", "told_time": "03:20"}
DAY = {"told_day-day": "18", "told_day-month": "11", "told_day-year": "2026"}


@pytest.fixture
def house(either_app: Flask) -> House:
    return House()


@pytest.fixture
def page(either_app: Flask, house: House) -> PageClient:
    made = either_app.test_client()
    assert isinstance(made, PageClient)
    made.sign_in(house.practitioner)
    return made


def shown(html: str, name: str) -> str:
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', html)
    assert tag, name
    value = re.search(r'value="([^"]*)"', tag[0])
    return value[1] if value else ""


def amend(page: PageClient, case: Case, step: str, **typed: Any) -> Any:
    found = referral(case)
    key = {"submission_key": str(uuid.uuid4()), "version": str(found.version), "reason": "Why"}
    return page.post(f"/cases/{case.ref}/referral/{step}", data=key | typed)


def referral(case: Case) -> Referral:
    db.session.rollback()
    found = referral_of(case.id)
    assert found
    return found


def test_the_day_he_was_handed_over_stays_where_only_the_name_is_amended(
    house: House, page: PageClient, set_clock: SetClock
) -> None:
    case = house.refer(None, **NIGHT)
    set_clock.advance(days=3)
    page.sign_in(house.practitioner)
    html = page.page(f"/cases/{case.ref}/referral/safety")
    parts = {f"told_day-{part}": shown(html, f"told_day-{part}") for part in ("day", "month")}
    assert parts == {"told_day-day": "18", "told_day-month": "11"}
    assert shown(html, "told_time") == "03:20"
    assert amend(page, case, "safety", **TYPED, **DAY).status_code == 303
    said = referral(case).answers
    assert (said["told_whom"], said["told_at"]) == ("Nurse Ade", "2026-11-18T03:20")


def test_a_day_is_corrected_or_asked_for_never_guessed(
    house: House, page: PageClient, set_clock: SetClock
) -> None:
    case = house.refer(None, **NIGHT)
    plain = house.refer(given_name="Kofi")
    set_clock.advance(days=3)
    page.sign_in(house.practitioner)
    for one in (case, plain):
        refused = amend(page, one, "safety", **TYPED)
        assert refused.status_code == 422
        assert "Enter the day you told custody healthcare" in refused.get_data(as_text=True)
    assert referral(case).answers["told_at"] == "2026-11-18T03:20"
    other = {**DAY, "told_day-day": "17"}
    assert amend(page, case, "safety", **TYPED, **other).status_code == 303
    assert referral(case).answers["told_at"] == "2026-11-17T03:20"


def test_a_time_of_today_that_is_not_over_is_refused_when_amended(
    house: House, page: PageClient
) -> None:
    case = house.refer(None, **NIGHT)
    late = {**TYPED, **DAY, "told_time": "23:50"}
    answer = amend(page, case, "safety", **late)
    assert answer.status_code == 422
    assert "must be in the past" in answer.get_data(as_text=True)


def test_a_draft_opened_days_later_keeps_the_day_he_was_handed_over(
    house: House, page: PageClient, set_clock: SetClock
) -> None:
    draft = journey.begin(page, **{**TYPED, "told_whom": "custody nurse"})
    set_clock.advance(days=2)
    page.sign_in(house.practitioner)
    html = page.page(f"{draft}/safety")
    assert shown(html, "told_day-day") == "18"
    refused = journey.save(page, draft, "safety", 1, **TYPED)
    assert refused.status_code == 422
    assert journey.save(page, draft, "safety", 1, **TYPED, **DAY).status_code == 303
    db.session.rollback()
    (given,) = [one["given"] for one in db.session.scalars(select(ReferralDraft.answers))]
    assert (given["told_whom"], given["told_at"]) == ("Nurse Ade", "2026-11-18T03:20")


def test_on_the_first_page_an_early_hour_is_the_last_one(
    house: House, page: PageClient, set_clock: SetClock
) -> None:
    set_clock.moment = datetime(2026, 11, 19, 0, 30, tzinfo=UTC)
    page.sign_in(house.practitioner)
    journey.begin(page, **{**TYPED, "told_time": "23:50"})
    (given,) = [one["given"] for one in db.session.scalars(select(ReferralDraft.answers))]
    assert given["told_at"] == "2026-11-18T23:50"


AGREED = {name: journey.AGREEMENT[name] for name in ("willing", "agreed_how", "able_to_agree")}


def test_no_day_of_agreement_is_made_up_where_none_was_said(
    house: House, page: PageClient, set_clock: SetClock
) -> None:
    case = house.refer(agreed_on="")
    set_clock.advance(days=3)
    page.sign_in(house.practitioner)
    typed = {**AGREED, "phone": "07700 900456"}
    assert amend(page, case, "agreement", **typed).status_code == 303
    assert "agreed_on" not in referral(case).answers


def test_the_day_he_agreed_stays_and_is_asked_for_where_it_is_taken_out(
    house: House, page: PageClient, set_clock: SetClock
) -> None:
    case = house.refer(agreed_on="2026-11-17")
    set_clock.advance(days=3)
    page.sign_in(house.practitioner)
    html = page.page(f"/cases/{case.ref}/referral/agreement")
    day = {f"agreed_on-{p}": shown(html, f"agreed_on-{p}") for p in ("day", "month", "year")}
    typed = {**AGREED, "phone": "07700 900456"}
    assert amend(page, case, "agreement", **typed).status_code == 422
    assert amend(page, case, "agreement", **typed, **day).status_code == 303
    assert referral(case).answers["agreed_on"] == "2026-11-17"


def test_another_answer_days_later_needs_its_day(
    house: House, page: PageClient, set_clock: SetClock
) -> None:
    case = house.refer(willing="not_asked", agreed_how="", agreed_on="")
    set_clock.advance(days=3)
    page.sign_in(house.practitioner)
    refused = amend(page, case, "agreement", **AGREED)
    assert refused.status_code == 422
    assert "Enter the day he said so" in refused.get_data(as_text=True)


def test_a_draft_keeps_the_day_he_agreed(
    house: House, page: PageClient, set_clock: SetClock
) -> None:
    draft = journey.fill(page)
    set_clock.advance(days=2)
    page.sign_in(house.practitioner)
    html = page.page(f"{draft}/agreement")
    day = {f"agreed_on-{p}": shown(html, f"agreed_on-{p}") for p in ("day", "month", "year")}
    assert journey.save(page, draft, "agreement", 1).status_code == 422
    assert journey.save(page, draft, "agreement", 1, **day).status_code == 303
    db.session.rollback()
    (given,) = [one["given"] for one in db.session.scalars(select(ReferralDraft.answers))]
    assert given["agreed_on"] == "2026-11-18"
