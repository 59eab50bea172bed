import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import html5lib
import pytest
from flask import Flask, flash, g, render_template, render_template_string
from flask_wtf import CSRFProtect
from jinja2 import DictLoader, StrictUndefined, UndefinedError
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from mhtr.web.fields import (
    CheckboxesField,
    CheckboxField,
    Choice,
    DatePartsField,
    EmailField,
    FileField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    Required,
    RevealedBy,
    SelectField,
    TelField,
    TextAreaField,
    TextField,
    TimeField,
)
from mhtr.web.formfield_macros import field_params
from mhtr.web.forms import FilterForm, Form
from mhtr.web.templating import init_templating, template_folder

STATIC = Path(__file__).parents[2] / "mhtr" / "static"
EVIL = "<script>alert('x')</script>\""
FORM_PAGE = """
{% extends "components/layout.html" %}
{% from "components/fields.html" import field, form_errors, hidden_fields, submit %}
{% block title %}Refer him{% endblock %}
{% block main %}{{ form_errors(form) }}<h1>Refer him</h1><form method="post">
{{ hidden_fields(form) }}
{% for f in form if f.kind is defined and f.kind != "hidden" and f.name != "why" %}
{% if f.name == "safe" %}{{ field(f, reveal={"other": field(form.why)}) }}
{% else %}{{ field(f) }}{% endif %}{% endfor %}
{{ submit("Save") }}{{ submit("Later", secondary=True, name="then", value="later") }}
{{ submit("Withdraw", warning=True) }}</form>{% endblock %}
"""
LIST_PAGE = """
{% extends "components/layout.html" %}{% import "components/lists.html" as l %}
{% from "components/fields.html" import field %}
{% block title %}Today{% endblock %}
{% block breadcrumb %}{{ l.breadcrumb([{"text": evil, "href": "/x"}]) }}{% endblock %}
{% block back_link %}{{ l.back_link("/x") }}{% endblock %}
{% block main %}<h1>Today</h1>
{% call l.filter_bar("/", "/") %}{{ field(filter.q) }}{% endcall %}
{% call(row) l.data_table("Men", ["Name", {"text": "Due", "href": "?s=d",
   "sort": "ascending"}, ""], rows) %}<th role="rowheader" scope="row">{{ row.name }}</th>
<td role="cell" data-label="Due">{{ l.countdown(row.due) }}</td>
<td role="cell"><a href="/x">Open</a></td>{% endcall %}
{{ l.pagination("?p", "?n") }}{{ l.empty_state("Nothing is waiting", evil) }}
{{ l.summary_list([{"key": evil, "value": evil, "href": "/x"}, {"key": "GP", "value": none}]) }}
{{ l.check_answers([{"title": evil, "rows": [{"key": "a", "value": evil}]}]) }}
{{ l.task_list([{"text": evil, "href": "/x", "status": "Done"},
   {"text": "b", "status": evil, "colour": "blue", "hint": evil}]) }}
{{ l.timeline([{"when_iso": "2026-11-20", "when_text": "20 November", "kind": "Report",
   "title": evil, "text": evil, "by": evil}]) }}
{{ l.status_line(evil, [evil, evil]) }}{{ l.status_line("Assessing", [evil]) }}
{% call l.inset() %}<p>{{ evil }}</p>{% endcall %}
{% call l.warning_callout(evil) %}<p>{{ evil }}</p>{% endcall %}
{% call l.details(evil) %}<p>{{ evil }}</p>{% endcall %}{{ l.tag(evil, "red") }}{% endblock %}
"""


class Everything(Form):
    name = TextField(EVIL, [Required("No name " + EVIL)], hint=EVIL, width=10)
    born = DatePartsField("Date of birth", [Required()], hint="For example, 15 3 1984")
    count = IntegerField("Sessions", minimum=1, suffix_text="sessions")
    email = EmailField("Email")
    phone = TelField("Telephone")
    secret = PasswordField("Password", [Required()])
    often = RadioField(
        "How often", choices=[Choice("0", "Not at all"), Choice("1", EVIL, hint=EVIL)]
    )
    safe = RadioField(
        "Safe?", [Required()], choices=[("yes", "Yes"), Choice("other", "Other", divider=True)]
    )
    why = TextAreaField("Why", [RevealedBy("safe", "other")], max_length=50)
    needs = CheckboxesField(
        "Needs", [Required()], choices=[("a", EVIL), Choice("n", "None", exclusive=True)]
    )
    agrees = CheckboxField("He agrees", [Required()], hint="Ask him")
    court = SelectField("Court", [Required()], choices=[("0", "First"), ("1", EVIL)])
    seen = TimeField("Time seen", [Required()])
    file = FileField("Spreadsheet", [Required()], accept=(".csv",))
    place = HiddenField("Place")


class ByName(FilterForm):
    q = TextField("Name", optional=False)


VIEWER = SimpleNamespace(name=EVIL, role_label="Clinical lead", break_glass=True)


@pytest.fixture
def app() -> Iterator[Flask]:
    app = Flask("mhtr.app", static_folder=str(STATIC))
    app.config.update(SECRET_KEY="test", DEMO=True)
    init_templating(app)
    CSRFProtect(app)
    app.add_url_rule("/emergency-access/own", "break_glass.own", lambda: "")
    own = app.jinja_env.loader
    assert own is not None
    own.loaders.insert(0, DictLoader({"form.html": FORM_PAGE, "list.html": LIST_PAGE}))  # type: ignore[attr-defined]
    with app.test_request_context():
        g.csp_nonce = "n0nce"
        yield app


def parse(page: str) -> Any:
    """The page as a tree, refusing any HTML fault and any doubled id."""
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    ids = [e.get("id") for e in tree.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    return tree


def find(tree: Any, identity: str) -> Any:
    return next(e for e in tree.iter() if e.get("id") == identity)


def form_page(sent: dict[str, Any] | None = None, **context: Any) -> tuple[Everything, str]:
    form = Everything(MultiDict(sent) if sent is not None else None)
    if sent is not None:
        form.validate()
    context = {"viewer": VIEWER, "form": form} | context
    return form, render_template("form.html", **context)


def list_page(evil: str) -> str:
    rows = [{"name": evil, "due": days} for days in (-2, -1, 0, 1, 3, 4, None)]
    context = {
        "viewer": VIEWER,
        "rows": rows,
        "evil": evil,
        "filter": ByName(MultiDict({"q": evil})),
    }
    return render_template("list.html", **context)


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
