"""The page every other page is measured against: 50 hand-written rows from one indexed query.

It stands behind the same sign-in, scope, audit and layout as the program's own lists.
"""

from flask import Blueprint, current_app, render_template
from jinja2 import Template
from sqlalchemy import select

from mhtr.accounts.gate import current_viewer
from mhtr.cases.models import Case
from mhtr.cases.queries import newest_in_scope
from mhtr.core.access import Purpose
from mhtr.core.database import db
from mhtr.people.models import Person
from mhtr.web.gate import signed_in
from mhtr.web.reads import shows

ROWS = 50
PATH = "/bench/reference"

PAGE = """{% extends "components/layout.html" %}
{% block title %}Reference{% endblock %}
{% block main %}<h1 class="nhsuk-heading-l">Reference</h1>
<table class="nhsuk-table app-table"><caption>Cases</caption>
<thead><tr><th scope="col">Name</th><th scope="col">Born</th><th scope="col">State</th>
<th scope="col">Hearing</th></tr></thead><tbody>
{% for row in rows %}<tr>
<td><a href="/cases/{{ row.ref }}">{{ row.given_name }} {{ row.family_name }}</a></td>
<td>{{ row.born }}</td><td>{{ row.state }}</td><td>{{ row.hearing_on }}</td></tr>
{% endfor %}</tbody></table>{% endblock %}"""

bp = Blueprint("bench", __name__)


@bp.get(PATH)
@signed_in
def reference() -> str:
    """One query on an index, limit + 1, rows written by hand."""
    viewer = current_viewer()
    rows = db.session.execute(
        select(
            Case.id,
            Case.ref,
            Case.state,
            Case.hearing_on,
            Person.given_name,
            Person.family_name,
            Person.born,
        )
        .join(Person, Person.id == Case.person_id)
        .where(Case.id.in_(newest_in_scope(viewer, *Purpose, limit=ROWS + 1)))
        .order_by(Case.id.desc())
        .limit(ROWS + 1)
    ).all()
    shows("case", *(row.id for row in rows[:ROWS]))
    return render_template(_page(), rows=rows[:ROWS])


def _page() -> Template:
    """Compiled once, as the program's own templates are."""
    made: Template | None = current_app.extensions.get(bp.name)
    if made is None:
        made = current_app.extensions[bp.name] = current_app.jinja_env.from_string(PAGE)
    return made
