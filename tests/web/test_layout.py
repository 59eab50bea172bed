"""What every page carries: its title, its viewer, and nothing of another host."""

import re
from types import SimpleNamespace

from flask import Flask, flash, render_template, render_template_string

from mhtr.web.templating import template_folder
from tests.web.every_component import EVIL, STATIC, VIEWER, form_page, list_page, parse
from tests.web.every_component import app as app


def test_titles_name_page_and_service_and_say_error(app: Flask) -> None:
    assert "<title>Refer him – MHTR Programme Manager</title>" in form_page()[1]
    assert "<title>Error: Refer him – MHTR Programme Manager</title>" in form_page({})[1]


def test_layout_for_a_signed_in_viewer(app: Flask) -> None:
    flash(EVIL, "success")
    nav = [SimpleNamespace(text=EVIL, href="/today", current=True)]
    _, page = form_page(nav_items=nav, footer_links=[{"text": "Help", "href": "/help"}])
    tree = parse(page)
    assert "<script>alert" not in page
    assert "Demonstration: fictional people only" in page
    assert "Emergency access is on." in page
    sign_out = next(e for e in tree.iter("form") if e.get("action") == "/sign-out")
    assert sign_out.get("method") == "post"
    assert [e.get("name") for e in sign_out.iter("input")] == ["csrf_token"]
    assert next(e for e in tree.iter("a") if e.get("href") == "/today").get("aria-current")
    assert {e.get("nonce") for e in tree.iter("script")} == {"n0nce"}
    metas = {e.get("name"): e.get("content") for e in tree.iter("meta")}
    assert metas["session-seconds"] == "900"


def test_layout_without_a_viewer_has_no_session_and_no_demo_strip(app: Flask) -> None:
    app.config["DEMO"] = False
    for viewer in ({}, {"viewer": None}):
        context = {"heading": "Page not found", "text": EVIL, "reference": "A1"} | viewer
        page = render_template("errors/error.html", **context)
        tree = parse(page)
        assert "session-seconds" not in page
        assert "Sign out" not in page
        assert "Demonstration" not in page
        assert "".join(next(tree.iter("h1")).itertext()) == "Page not found"
    without = render_template("errors/error.html", heading="Busy", text="Try again")
    assert "reference" not in without


def test_public_pages_carry_a_neutral_name_only(app: Flask) -> None:
    page = render_template("components/public_layout.html", viewer=VIEWER)
    parse(page)
    for word in ("MHTR", "Mental", "Programme", "NHS", "robation", "Clinical lead"):
        assert word not in page.split("<body>")[1]
        assert word not in re.findall("<title>.*</title>", page)[0]


def test_no_page_has_inline_styles_handlers_or_other_hosts(app: Flask) -> None:
    public = render_template("components/public_layout.html")
    for page in (form_page({})[1], list_page("x"), public):
        tree = parse(page)
        for element in tree.iter():
            assert element.get("style") is None
            assert not [name for name in element.keys() if name.startswith("on")]
            for name in ("src", "href", "action"):
                assert not re.match("(https?:)?//", element.get(name) or "")


def test_styles_and_scripts_call_no_other_host() -> None:
    sheets = list(STATIC.rglob("*.css"))
    assert len(sheets) == 2
    for sheet in sheets:
        text = sheet.read_text("utf-8")
        assert "@font-face" not in text
        assert "@import" not in text
        assert "sourceMappingURL" not in text
        for address in re.findall(r"url\(([^)]*)\)", text):
            if not address.strip("\"'").startswith("data:"):
                assert (sheet.parent / address.strip("\"'")).is_file(), address
    for script in STATIC.rglob("*.js"):
        text = script.read_text("utf-8")
        assert "sourceMappingURL" not in text
        for address in re.findall(r"https?://[^\s\"'`)]+", text):
            assert address.startswith("http://www.w3.org/")


def test_static_addresses_change_with_content(app: Flask) -> None:
    link = render_template_string("{{ static_url('app.css') }}")
    assert re.fullmatch(r"/static/app\.css\?v=[0-9a-f]{10}", link)
    assert template_folder().joinpath("components", "base.html").is_file()
