"""The list of reports to countersign: in pages, sorted, none left out."""

import re
from dataclasses import replace

import pytest
from flask import Flask

from mhtr.core.database import db
from mhtr.suitability import countersign_routes
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
