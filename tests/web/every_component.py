"""Pages made of every component."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import html5lib
import pytest
from flask import Flask, g, render_template
from flask_wtf import CSRFProtect
from jinja2 import DictLoader
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
from mhtr.web.forms import FilterForm, Form
from mhtr.web.templating import init_templating

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
