"""Two linked records that one trust has by now: their page, side by side, makes them one."""

from flask import Flask
from sqlalchemy import select

from mhtr.core.database import db
from mhtr.people.models import Merge
from tests.browser.person import Person
from tests.cases.test_linked_merged import link, moved


def test_linked_records_of_one_trust_are_made_one(app: Flask, person: Person) -> None:
    two = moved()
    kept, gone = two.known, two.case.person_id
    page = f"/cases/{kept.ref}/person"
    address, kept_id = f"/identity/links/{link().ref}/merge", kept.person_id
    db.session.rollback()
    person.signs_in_as("clinical_lead").goes_to(page).clicks("Make the two records one")
    person.page.wait_for_url(f"**{address}")
    person.arrives_at("Make the two records one").chooses("Yes, merge them")
    person.finds_the_page_fit()
    for question in person.page.get_by_role("group", name="Which").all():
        question.get_by_role("radio").last.check()
    person.types("How do you know?", "One man").clicks("Save").sees("The two records are one now")
    db.session.rollback()
    row = db.session.scalars(select(Merge)).one()
    assert {row.kept_id, row.absorbed_id} == {kept_id, gone}
