"""A long file at a browser: it goes on by itself with scripts, and by a button without them."""

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import func, select

from mhtr.cases.models import Case
from mhtr.core.database import db
from mhtr.intake import import_routes
from tests.browser.person import PATIENCE, Person
from tests.intake.house import House
from tests.intake.referral_files import GOOD, HEAD

NAMES = ["Kwame", "Tunde", "Emlyn", "Serkan", "Nuno"]


@pytest.fixture
def house(app: Flask, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(import_routes, "PORTION", 2)
    made = House()
    db.session.rollback()
    return made


def sends_the_file(person: Person) -> None:
    rows = [
        GOOD.replace("LD-1", f"LD-{n}").replace("Kwame", name).replace("Mensah", f"{name}son")
        for n, name in enumerate(NAMES)
    ]
    person.signs_in_as("ld_practitioner").goes_to("/referrals/import")
    person.page.get_by_label("CSV file").set_input_files(
        {"name": "w.csv", "mimeType": "text/csv", "buffer": "\n".join([HEAD, *rows]).encode()}
    )
    person.clicks("Look at the file", role="button").arrives_at("Check the file")


def taken() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Case)) or 0


def test_a_long_file_goes_on_by_itself(house: House, person: Person) -> None:
    sends_the_file(person)
    person.page.get_by_role("button", name="Take 5 referrals").click()
    result = person.page.get_by_role("heading", name="Result of the import", level=1)
    expect(result).to_be_visible(timeout=3 * PATIENCE)
    assert taken() == 5


def test_without_scripts_a_button_goes_on(house: House, without_scripts: Person) -> None:
    person = without_scripts
    sends_the_file(person)
    person.clicks("Take 5 referrals", role="button").arrives_at("Taking the referrals")
    person.sees("2 of 5 good rows are done")
    person.clicks("Take the next 2 rows", role="button").sees("4 of 5 good rows are done")
    person.clicks("Take the next 1 row", role="button").arrives_at("Result of the import")
    assert taken() == 5
