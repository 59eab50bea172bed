"""Which pages there are to measure: from the address map, so that a new page cannot be left out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mhtr.accounts.demo_routes import demo_staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases.models import Case
from mhtr.cases.queries import in_scope
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.web.gate import RuleKind, rule_of

NOT_PAGES = ("/api/", "/static/", "/bench/", "/demo/", "/sign-in")
CASE = re.compile(r"^/cases/<uuid:case_ref>(/[a-z-]+)*$")


@dataclass(frozen=True)
class PageToMeasure:
    """A page's name (its rule) and an address of it."""

    name: str
    address: str


def pages_of(
    app: Flask, client: FlaskClient, role: Role, *, cases: bool = True
) -> Iterator[PageToMeasure]:
    """Every list, form and (unless left out) case page that answers this role with a page.

    Each is given right after it was fetched.
    """
    case = _case(role) if cases else None
    for rule in sorted(app.url_map.iter_rules(), key=str):
        path, guard = str(rule), rule_of(app, rule.endpoint)
        if "GET" not in (rule.methods or ()) or guard is None or path.startswith(NOT_PAGES):
            continue
        if guard.kind is RuleKind.PUBLIC or not guard.allows(frozenset({role})):
            continue
        if "<" in path and (case is None or not CASE.match(path)):
            continue
        address = path.replace("<uuid:case_ref>", str(case))
        answer = client.get(address)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            yield PageToMeasure(path, address)


def _case(role: Role) -> object | None:
    face = demo_staff().get(role)
    if face is None:
        return None
    found = select(Case.ref).where(in_scope(viewer_of(face), *Purpose)).order_by(Case.id).limit(1)
    return db.session.scalars(found).first()
