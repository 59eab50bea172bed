"""Which pages there are to measure: from the address map, so that a new page cannot be left out."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from mhtr.accounts.demo_routes import demo_staff
from mhtr.accounts.sessions import viewer_of
from mhtr.core.access import Role
from mhtr.people.models import ConsentItem
from mhtr.people.sections import Section as PersonSection
from mhtr.suitability.sections import Section
from mhtr.web.gate import RuleKind, rule_of
from tests.bench.found import Found

NOT_PAGES = ("/api/", "/static/", "/bench/", "/demo/", "/sign-in")
FILES = (".pdf", ".csv", ".json", ".svg")
CASE = re.compile(r"^/cases/<uuid:case_ref>(/[a-z-]+)*$")
"""The name of a page of a case as a whole."""
WORDS: Mapping[str, Mapping[str, list[str]]] = {
    "section": {
        "suitability.assessment_section": [
            part.value for part in Section if part is not Section.MEASURES
        ],
        "people.section": [part.value for part in PersonSection],
    },
    "instrument": {
        "suitability.measure": ["phq9", "gad7"],
        "suitability.measure_correct": ["phq9", "gad7"],
        "measures.rule": ["phq9"],
    },
    "rule": {"measures.rule": ["caseness"]},
    "party": {"sessions.course_therapist_answer": ["therapist", "lead", "him"]},
    "item": {"people.consent_item": [item.value for item in ConsentItem]},
    "key": {"settings.one": ["accounts.throttle_minutes"]},
}
"""Words that a parameter can be, by its name and page: all of them where each is a page of its own.
"""
NUMBERS = {"<int:item>": "9", "<int:number>": "1"}
FOR_EVERY_ROLE = frozenset({"case_ref", "name"})
"""Parameters of pages that are measured for every role: his lists, and the pages of a case. A
section, step or form of one thing is the same for all, and is measured for the first of its roles.
"""


@dataclass(frozen=True)
class PageToMeasure:
    """A page's name (its rule, a list or section by its own name) and an address of it."""

    name: str
    address: str


def pages_of(
    app: Flask, client: FlaskClient, role: Role, *, cases: bool = True
) -> Iterator[PageToMeasure]:
    """Every list, form and (unless left out) page of one thing that answers this role with a page.

    Each is given right after it was fetched.
    """
    face = demo_staff().get(role)
    if face is None:
        return
    found = Found(viewer_of(face))
    for rule in sorted(rules(app), key=str):
        if not _measured_for(app, rule, role):
            continue
        for name in names_of(rule):
            if "<" in name and not cases:
                continue
            for address in found.addresses(name):
                answer = client.get(address)
                if answer.status_code == 200 and answer.mimetype == "text/html":
                    yield PageToMeasure(name, address)
                    break


def rules(app: Flask) -> Iterator[Rule]:
    """The rules of every page for people who signed in."""
    for rule in app.url_map.iter_rules():
        path, guard = str(rule), rule_of(app, rule.endpoint)
        if "GET" not in (rule.methods or ()) or guard is None or guard.kind is RuleKind.PUBLIC:
            continue
        if not path.startswith(NOT_PAGES) and not path.endswith(FILES):
            yield rule


def _measured_for(app: Flask, rule: Rule, role: Role) -> bool:
    guard = rule_of(app, rule.endpoint)
    if guard is None or not guard.allows(frozenset({role})):
        return False
    earlier = frozenset(list(Role)[: list(Role).index(role)])
    return rule.arguments <= FOR_EVERY_ROLE or not guard.allows(earlier)


def names_of(rule: Rule) -> list[str]:
    """The names of its pages: the rule, with each of the few words that a parameter can be."""
    names = [str(rule)]
    for place, number in NUMBERS.items():
        names = _each(names, place, [number])
    for words, parameter in re.findall(r"<any\(([^)]*)\):(\w+)>", str(rule)):
        names = _each(names, f"<any({words}):{parameter}>", words.split(","))
    for parameter, of_endpoint in WORDS.items():
        names = _each(names, f"<{parameter}>", of_endpoint.get(rule.endpoint, []))
    return names


def _each(names: list[str], place: str, words: list[str]) -> list[str]:
    if not words:
        return names
    return [name.replace(place, word) for name in names for word in words]
