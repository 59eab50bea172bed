"""The psychologist directing treatment: from the staff with a checked registration, or typed."""

from datetime import timedelta

import pytest
from flask import Flask

from mhtr.accounts.models import Staff
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import writing
from mhtr.suitability.assessment_content import build_report
from mhtr.suitability.directing import registered_psychologists, with_number
from tests.suitability.browsing import as_, base, refused, send
from tests.suitability.journey import allocated, fill, started


def test_the_number_on_file_is_taken_and_nobody_elses(app: Flask) -> None:
    people = allocated()
    trust = people.assessor.organisation_id
    assert [row.name for row in registered_psychologists(trust)] == [
        "Dr Amara Lindqvist",
        "Dr Hannah Sorensen",
    ]
    named = {"directing_psychologist": "dr hannah  SORENSEN"}
    assert with_number(named, trust)["directing_hcpc"] == "PYL000123"
    typed = {"directing_psychologist": "Fred Nobody", "directing_hcpc": " pyl 77 "}
    assert with_number(typed, trust)["directing_hcpc"] == "PYL77"
    assert with_number({"directing_psychologist": "Fred Nobody"}, trust) == {
        "directing_psychologist": "Fred Nobody"
    }
    for wrong in (
        {"directing_psychologist": "Fred Nobody", "directing_hcpc": "12345"},
        {"directing_psychologist": "Fred Nobody", "directing_hcpc": "PYL000123"},
        {"directing_psychologist": "Dr Hannah Sorensen", "directing_hcpc": "PYL000456"},
    ):
        with pytest.raises(Refused):
            with_number(wrong, trust)


def test_a_check_of_long_ago_makes_nobody_registered(app: Flask) -> None:
    people = allocated()
    with writing():
        lead = db.session.get_one(Staff, people.other_lead.id)
        lead.hcpc_checked_on = clock.today() - timedelta(days=400)
    trust = people.assessor.organisation_id
    assert [row.name for row in registered_psychologists(trust)] == ["Dr Amara Lindqvist"]
    named = {"directing_psychologist": "Dr Hannah Sorensen"}
    assert with_number(named, trust) == named


def test_the_page_offers_the_staff_and_the_report_says_the_number(app: Flask) -> None:
    people = allocated()
    assessment = started(people)
    fill(assessment, people.assessor.id)
    client = as_(app, people.assessor)
    url = f"{base(people)}/assessment/pathway"
    shown = client.get(url).get_data(as_text=True)
    assert 'list="registered-psychologists"' in shown
    assert '<option value="Dr Hannah Sorensen">HCPC PYL000123</option>' in shown
    typed = {
        "pathways_1": "cbt",
        "sessions": "12",
        "requirement_months": "9",
        "directing_psychologist": "Dr Hannah Sorensen",
    }
    wrong = refused(client, url, shown, **typed, directing_hcpc="nonsense")
    assert "PYL and up to six digits" in wrong
    assert send(client, url, shown, **typed).status_code == 303
    built = build_report(people.case, assessment).content
    assert built is not None
    assert (built.directing_hcpc, built.institution) == ("PYL000123", None)
    assert "Institution that would" not in client.get(base(people) + "/assessment/finish").text
