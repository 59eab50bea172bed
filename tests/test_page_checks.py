"""The check of every fetched page is itself shown faults: each one planted is found by name."""

import pytest
from flask import Flask

from tests.pages import PageClient, PageFault, check_page

GOOD = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Sign in - Programme</title>
<link rel="stylesheet" href="/static/app.css"></head>
<body><main id="main"><h1>Sign <span>in</span></h1>
<p>See <a href="https://www.nhs.uk/">the NHS pages</a>.</p>
<form method="post" action="/sign-in"><input type="hidden" name="key" value="1">
<label for="name">Name</label><input id="name" name="name" aria-describedby="name-hint">
<p id="name-hint">Your work email address</p>
<label for="place">Place</label><select id="place" name="place"><option>One</option></select>
<input name="q" aria-label="Search"><textarea id="note" name="note" aria-label="Note"></textarea>
<button type="submit">Continue</button></form></main></body></html>"""

PLANTED = [
    ("<!DOCTYPE html>\n", "", "no doctype"),
    ("</p>\n<form", "</p></section>\n<form", "invalid HTML: end-tag-too-early"),
    ("<p>See", "<p><div>Box</div></p><p>See", "invalid HTML: unexpected-end-tag"),
    ('id="main"', 'id="main" id="main"', "invalid HTML: duplicate-attribute"),
    ("<title>Sign in - Programme</title>", "", "no title"),
    ("<title>Sign in - Programme</title>", "<title> </title>", "no title"),
    ("<h1>Sign <span>in</span></h1>", "<h2>Sign in</h2>", "0 h1"),
    ("<p>See", "<h1>Sign in</h1><p>See", "2 h1"),
    ("<title>Sign in", "<title>Start", "the title does not hold the heading 'Sign in'"),
    ('<p id="name-hint">', '<p id="name">', "id name twice"),
    ('<label for="name">Name</label>', "", "field name has no label"),
    ('<label for="place">Place</label>', "<p>Place</p>", "field place has no label"),
    (' aria-label="Search"', "", "field q has no label"),
    (' aria-label="Note"', ' aria-label=""', "field note has no label"),
    ('<label for="name">', '<label for="nobody">', "label for missing nobody"),
    ("name-hint", "name-help", ""),
    ('describedby="name-hint"', 'describedby="gone"', "field name is described by missing gone"),
    ("</h1>", '</h1><img src="https://elsewhere.example/a.png" alt="">', "calls another host"),
    ("</head>", '<script src="//elsewhere.example/a.js"></script></head>', "calls another host"),
    ('href="/static/app.css"', 'href="https://elsewhere.example/a.css"', "calls another host"),
    ('action="/sign-in"', 'action="https://elsewhere.example/"', "calls another host"),
    ("<p>See", '<p style="color: red">See', "inline style or handler on"),
    ('<button type="submit">', '<button onclick="go()">', "inline style or handler on"),
    ("<p>See", "<p>An Offender. See", "says offender"),
]


def test_a_good_page_passes() -> None:
    check_page(GOOD)


@pytest.mark.parametrize(("here", "planted", "fault"), PLANTED)
def test_each_fault_is_found(here: str, planted: str, fault: str) -> None:
    assert here in GOOD
    page = GOOD.replace(here, planted)
    if not fault:
        check_page(page)
        return
    with pytest.raises(PageFault) as found:
        check_page(page)
    assert fault in str(found.value)


def test_every_fault_is_told_at_once() -> None:
    page = GOOD.replace("<!DOCTYPE html>\n", "").replace("<p>See", '<p style="x">See')
    with pytest.raises(PageFault, match="no doctype.*inline style"):
        check_page(page)


@pytest.mark.parametrize("status", [200, 404, 422, 500])
def test_every_page_that_is_fetched_is_checked(client: PageClient, status: int) -> None:
    bare = Flask(__name__)
    bare.test_client_class = type(client)  # the one that the tests of the service are given
    bare.add_url_rule("/bad", view_func=lambda: ("<p>No page at all", status))
    browser = bare.test_client()
    assert isinstance(browser, PageClient)
    for fetch in (browser.get, browser.page):
        with pytest.raises(PageFault, match="no title"):
            fetch("/bad")
