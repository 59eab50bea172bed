"""Components: escaped, valid, described, and of the design system."""

from typing import Any

import html5lib
import pytest
from flask import Flask, render_template, render_template_string
from jinja2 import DictLoader, StrictUndefined, UndefinedError
from markupsafe import Markup

from mhtr.web.formfield_macros import field_params
from mhtr.web.templating import init_templating
from tests.web.every_component import EVIL, VIEWER, Everything, form_page, list_page, parse
from tests.web.every_component import app as app


def find(tree: Any, identity: str) -> Any:
    return next(e for e in tree.iter() if e.get("id") == identity)


def test_own_templates_fail_on_an_unknown_name(app: Flask) -> None:
    assert app.jinja_env.undefined is StrictUndefined
    with pytest.raises(UndefinedError):
        render_template_string("{{ misspelt }}")
    with pytest.raises(UndefinedError):
        render_template_string("{% if viewer.misspelt %}{% endif %}", viewer=VIEWER)
    template = '{% from "nhsuk/components/button/macro.jinja" import button %}'
    with pytest.raises(UndefinedError):
        render_template_string(template + '{{ button({"text": misspelt}) }}')
    assert "Go" in render_template_string(template + '{{ button({"text": "Go"}) }}')


def test_setting_up_late_is_refused() -> None:
    app = Flask(__name__)
    assert app.jinja_env.loader is not None
    with pytest.raises(RuntimeError):
        init_templating(app)


@pytest.mark.parametrize("name", ["a.jinja", "a.html", "a.txt", "a"])
def test_every_template_name_is_escaped(app: Flask, name: str) -> None:
    app.jinja_env.loader = DictLoader({name: "{{ x }}"})
    assert render_template(name, x="<b>") == "&lt;b&gt;"


def test_form_page_is_valid_and_escaped_when_new_and_when_refused(app: Flask) -> None:
    for sent in (None, {}, {"name": "", "often": "1", "court": "1", "count": EVIL, "email": EVIL}):
        _, page = form_page(sent)
        parse(page)
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page


def test_typed_values_come_back_escaped(app: Flask) -> None:
    form, page = form_page({"name": EVIL, "safe": "other", "why": EVIL + "\nsecond\n\n  third"})
    tree = parse(page)
    assert find(tree, "name").get("value") == EVIL
    assert find(tree, "why").text == form.why.data == EVIL + "\nsecond\n\n  third"


def test_list_page_is_valid_and_escaped(app: Flask) -> None:
    page = list_page(EVIL)
    assert "<script>alert" not in page
    text = "".join(parse(page).itertext())
    for words in ("2 days overdue", "1 day overdue", "Due today", "Due tomorrow", "3 days left"):
        assert words in text
    assert "Not given" in text


def test_summary_links_point_at_inputs(app: Flask) -> None:
    form, page = form_page({"born-day": "31", "born-month": "2", "born-year": "1990"})
    tree = parse(page)
    hrefs = [href for _, href in form.summary()]
    assert {"#born-day", "#safe", "#needs", "#agrees", "#court", "#file"} <= set(hrefs)
    for href in hrefs:
        element = find(tree, href[1:])
        assert element.tag in {"input", "select", "textarea"} or href == "#maincontent"
    assert [e.tag for e in find(tree, "maincontent")][0] == "div"


def test_every_input_is_described_by_its_hint_and_error(app: Flask) -> None:
    _, page = form_page({})
    tree = parse(page)
    ids = {e.get("id") for e in tree.iter() if e.get("id")}
    described = [e.get("aria-describedby") for e in tree.iter() if e.get("aria-describedby")]
    assert {ref for refs in described for ref in refs.split()} <= ids
    assert find(tree, "name").get("aria-describedby") == "name-hint name-error"
    assert "agrees-error" in find(tree, "agrees").get("aria-describedby")
    assert "agrees-hint" in find(tree, "agrees").get("aria-describedby")
    groups = [e.get("aria-describedby") for e in tree.iter("fieldset")]
    assert "born-hint born-error" in groups


def test_only_the_wrong_part_of_a_date_is_red(app: Flask) -> None:
    tree = parse(form_page({"born-day": "3", "born-month": "13", "born-year": "1990"})[1])
    marked = {
        part: "nhsuk-input--error" in find(tree, f"born-{part}").get("class")
        for part in ("day", "month", "year")
    }
    assert marked == {"day": False, "month": True, "year": False}
    assert find(tree, "born-month").get("value") == "13"


def test_nothing_is_chosen_until_somebody_chooses_and_zero_shows(app: Flask) -> None:
    fresh = parse(form_page()[1])
    assert not [e for e in fresh.iter("input") if e.get("checked") is not None]
    tree = parse(form_page({"often": "0", "court": "0", "needs": "n", "agrees": "yes"})[1])
    checked = {e.get("id") for e in tree.iter("input") if e.get("checked") is not None}
    assert checked == {"often", "needs-2", "agrees"}
    chosen = [e.get("value") for e in tree.iter("option") if e.get("selected") is not None]
    assert chosen == ["0"]


def test_a_password_is_never_sent_back(app: Flask) -> None:
    _, page = form_page({"secret": "correct horse battery"})
    assert "correct horse battery" not in page


def test_hidden_fields_carry_token_key_and_values(app: Flask) -> None:
    form, page = form_page()
    names = {e.get("name"): e.get("value") for e in find(parse(page), "maincontent").iter("input")}
    assert names["csrf_token"]
    assert names["submission_key"] == form.submission_key.data
    assert names["place"] == ""


def test_a_missing_token_is_explained_in_the_summary(app: Flask) -> None:
    form, page = form_page({"name": "A"})
    assert any("open too long" in message for message, _ in form.summary())
    assert "CSRF" not in page


DESIGN_SYSTEM = """
{% from "nhsuk/components/input/macro.jinja" import input %}
{% from "nhsuk/components/character-count/macro.jinja" import characterCount as textarea %}
{% from "nhsuk/components/password-input/macro.jinja" import passwordInput as password %}
{% from "nhsuk/components/radios/macro.jinja" import radios %}
{% from "nhsuk/components/checkboxes/macro.jinja" import checkboxes %}
{% from "nhsuk/components/select/macro.jinja" import select %}
{% from "nhsuk/components/date-input/macro.jinja" import dateInput as date %}
{% set macros = {"input": input, "textarea": textarea, "password": password, "radios": radios,
   "checkboxes": checkboxes, "checkbox": checkboxes, "select": select, "date": date} %}
{{ macros[f.kind](field_params(f, legend_size=size, page_heading=heading, reveal=reveal)) }}
"""
OWN = """{% from "components/fields.html" import field %}
{{ field(f, legend_size=size, page_heading=heading, reveal=reveal) }}"""


def outline(source: str, **context: Any) -> list[tuple[str, dict[str, str], str, str]]:
    tree = html5lib.parseFragment(
        render_template_string(source, **context), namespaceHTMLElements=False
    )
    return [
        (e.tag, dict(e.items()), (e.text or "").strip(), (e.tail or "").strip())
        for e in tree.iter()
    ]


@pytest.mark.parametrize("sent", [{}, {"often": "1", "safe": "other", "born-day": "3"}, None])
@pytest.mark.parametrize("heading", [False, True])
def test_markup_is_that_of_the_design_system(
    app: Flask, sent: dict[str, str] | None, heading: bool
) -> None:
    form, _ = form_page(sent)
    form.count.prefix_text = "About"
    form.email.spellcheck = False
    form.why.hint = "In his words"
    form.often.inline = form.needs.small = True
    compared = [f for f in form if getattr(f, "kind", "hidden") != "hidden"]
    assert len(compared) == 14
    for field in compared:
        reveal = {"other": Markup("<p>more</p>"), "yes": Markup("<p>more</p>")}
        shown = reveal if field.name in {"safe", "agrees"} else {}
        context = {"f": field, "heading": heading, "size": "l", "reveal": shown}
        assert outline(OWN, **context) == outline(DESIGN_SYSTEM, **context), field.name


def test_revealed_content_must_come_from_a_template(app: Flask) -> None:
    with pytest.raises(TypeError):
        field_params(Everything(None).safe, reveal={"other": EVIL})  # type: ignore[dict-item]
    params = field_params(Everything(None).safe, reveal={"other": Markup("<p>x</p>")})
    assert params["items"][-1]["conditional"] == {"html": "<p>x</p>"}
