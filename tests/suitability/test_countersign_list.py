"""The list of reports to countersign: in pages, sorted, none left out."""

import re
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from mhtr.accounts.models import Staff
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.suitability import countersign_routes
from mhtr.suitability.assessment_queries import latest_assessment, section_rows
from mhtr.suitability.sections import Section
from tests.pages import PageClient
from tests.suitability.journey import People, allocated, finished, requested, sent, taken_on


@pytest.fixture
def people(app: Flask) -> People:
    made = allocated()
    requested(made)
    sent(finished(made), made)
    db.session.rollback()
    return made


def test_it_is_paged_and_every_report_is_on_some_page(
    client: PageClient, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(countersign_routes, "SIZE", 1)
    second = replace(people, case=taken_on(people.assessor, "Second", "Man"))
    sent(finished(second), second)
    db.session.rollback()
    client.sign_in(people.other_lead)
    href, seen = "/countersign", []
    for _ in range(2):
        page = client.page(href)
        seen += re.findall(r'href="(/cases/[^"]+/countersign)"', page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        href = found[1].replace("&amp;", "&") if found else ""
    assert len(set(seen)) == 2 and not href and 'rel="prev"' in page


@pytest.mark.parametrize("sort", ["due", "-due", "since", "-since", "hearing", "name", "-name"])
def test_it_sorts_and_says_how_long_is_left(client: PageClient, people: People, sort: str) -> None:
    page = client.sign_in(people.other_lead).page(f"/countersign?sort={sort}")
    assert "Marlon Ekwueme" in page and "left" in page
    words = "descending" if sort.startswith("-") else "ascending"
    assert f'aria-sort="{words}"' in page


def test_an_unknown_sort_is_the_usual_one(client: PageClient, people: People) -> None:
    page = client.sign_in(people.other_lead).page("/countersign?sort=id;DROP")
    assert re.search(r'aria-sort="ascending"><a[^>]*>Report due', page)


def wrote_part(people: People) -> None:
    """The lead saved one section of what she would sign."""
    assessment = latest_assessment(people.case.id)
    assert assessment is not None
    with writing():
        row = section_rows(assessment.id)[Section.GP]
        row.saved_by = people.lead.id


@pytest.mark.parametrize("address", ["/countersign", "/today", "/worklists/countersign"])
def test_a_report_that_she_may_not_sign_says_whose_it_can_be(
    client: PageClient, people: People, address: str
) -> None:
    wrote_part(people)
    hers = " ".join(client.sign_in(people.lead).page(address).split())
    assert "You wrote part of it. Dr Hannah Sorensen can sign it." in hers
    assert "Read and sign" not in hers
    page = " ".join(client.sign_in(people.other_lead).page(address).split())
    assert "Read and sign" in page
    assert "You wrote part of it" not in page


def test_a_lead_without_a_check_in_time_is_told_who_can(client: PageClient, people: People) -> None:
    with writing():
        for lead in (people.lead, people.other_lead):
            db.session.get_one(Staff, lead.id).hcpc_checked_on = date(2025, 1, 2)
    page = client.sign_in(people.lead).page("/countersign")
    assert "You cannot sign it. Nobody at the trust can sign it today." in " ".join(page.split())


def test_the_author_is_told_where_only_one_can_sign(client: PageClient, people: People) -> None:
    client.sign_in(people.assessor)
    path = f"/cases/{people.case.ref}/assessment"
    assert "can sign it" not in client.page(path)
    wrote_part(people)
    assert "Only Dr Hannah Sorensen can sign it" in client.page(path)
    second = replace(people, case=taken_on(people.assessor, "Second", "Man"))
    finished(second)
    db.session.rollback()
    asking = f"/cases/{second.case.ref}/countersign/request"
    assert "can sign it" not in client.page(asking)
    with writing():
        db.session.get_one(Staff, people.lead.id).hcpc_checked_on = date(2025, 1, 2)
    assert "Only Dr Hannah Sorensen can sign it" in client.page(asking)
