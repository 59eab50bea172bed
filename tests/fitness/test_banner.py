"""Every page about a man begins with whose record it is, and how long until his report is due.

Over the URL map, for every role: a page that is added is looked at too.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mhtr.accounts import sessions
from mhtr.accounts.gate import cookie_name
from mhtr.cases import service as cases
from mhtr.cases.facts import CaseState, ReportProgress
from mhtr.core import clock
from mhtr.core.access import PROBATION_ROLES, Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from tests.conftest import NOON
from tests.counts import count
from tests.databases import Databases
from tests.fitness.addresses import Address, addresses
from tests.fitness.records import Distance
from tests.fitness.world import World

NO_BANNER = {
    "register.group": "about everybody of a group",
    "sessions.proposal": "about everybody whose sessions would change",
    "sessions.course_print": "printed for the man himself: it begins with his name",
    "compliance.explanation_letter": "printed for the man himself: it begins with his name",
    "reviews.review_print": "printed for the man himself: it begins with his name",
    "intake.import_run": "about a file of many",
    "measures.past_file": "about a file of many",
    "people.identity_question": "sets two records side by side, with the same facts of both",
    "people.merge_linked": "sets two records side by side",
    "people.take_back_answer": "about two records: it names both men and their births",
    "people.undo_link": "about two records: it names the man as the viewer's own record does",
    "people.undo_merge": "about two records: it names both men and their births",
}
"""Pages that are not about one man's record, each with the reason."""
NAMELESS = (Role.PRIVACY_OFFICER,)
"""Sees who may read and who did read a record, never whose it is."""
EACH_PAGE = (*NAMELESS, Role.LINK_WORKER)
"""Whose pages differ from those of everybody else: looked at in small counts too."""
AS = count(1, len(Role))
"""How many of the roles that see a page look at it."""
DUE_IN = 6


@dataclass(frozen=True)
class Shown:
    """A page about the man, and what stands above its content."""

    role: Role
    path: str
    endpoint: str
    banner: str
    """Empty where it has none."""


@pytest.fixture(scope="module")
def banners(databases: Databases) -> Iterator[list[Shown]]:
    app = databases.app("sqlite")
    with clock.using(SetClock(NOON)), app.app_context():
        world = World()
        with writing():
            # His report is awaited: nothing else of him matters here.
            case = cases.lock(world.records[Distance.OWN].case_id)
            case.state, case.progress = CaseState.ASSESSING, ReportProgress.BEING_WRITTEN
            case.report_due_on = NOON.date() + timedelta(days=DUE_IN)
        yield list(pages(app, world))
        db.session.remove()
        db.engine.dispose()


def pages(app: Flask, world: World) -> Iterator[Shown]:
    """Each page as every role; in small counts as one that sees it, and those who see another."""
    browsers = {role: signed_in(app, world, role) for role in Role}
    for address in addresses(app, "GET"):
        if not address.names_a_record:
            continue
        shown = 0
        for role in turned(address.endpoint):
            if not address.rule.allows(frozenset({role})):
                continue
            if shown >= AS and role not in EACH_PAGE:
                continue
            found = list(shown_to(browsers[role], address, world, role))
            shown += bool(found)
            yield from found


def signed_in(app: Flask, world: World, role: Role) -> FlaskClient:
    browser = app.test_client()
    with writing():
        token = sessions.begin(world.staff[role])
    browser.set_cookie(cookie_name(app), token)
    return browser


def turned(endpoint: str) -> list[Role]:
    """All roles, beginning with another one for another page."""
    roles = list(Role)
    first = zlib.crc32(endpoint.encode()) % len(roles)
    return roles[first:] + roles[:first]


def shown_to(browser: FlaskClient, address: Address, world: World, role: Role) -> Iterator[Shown]:
    for path in address.paths(world, role, Distance.OWN):
        answer = browser.get(path)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            page = answer.get_data(as_text=True)
            yield Shown(role, str(address.route), address.endpoint, banner_of(page))


def banner_of(page: str) -> str:
    found = re.findall(r'<section class="app-record".*?</section>', page, re.DOTALL)
    assert len(found) <= 1, "one banner for one man"
    assert not found or page.index(found[0]) < page.index("<h1")
    return " ".join(re.sub(r"<[^>]*>", " ", found[0]).split()) if found else ""


def test_every_page_about_a_man_says_whose_record_it_is(banners: list[Shown]) -> None:
    faults = set()
    for page in banners:
        if page.endpoint in NO_BANNER or page.role in NAMELESS:
            assert not page.banner, f"{page.endpoint} has a banner for {page.role}"
        elif "Zqowngiven Zqownfamily" not in page.banner or "Born" not in page.banner:
            faults.add(f"{page.endpoint} {page.path} {page.role}")
    assert not faults, "\n".join(sorted(faults))
    assert len({page.endpoint for page in banners}) > 40
    assert {page.role for page in banners} > {Role.ASSESSOR, Role.LINK_WORKER, *PROBATION_ROLES}


def test_which_number_stands_there_depends_on_who_looks(banners: list[Shown]) -> None:
    for page in (page for page in banners if page.banner):
        probation = page.role in PROBATION_ROLES
        assert ("CRN" in page.banner) == probation, page
        wanted = not probation and page.role is not Role.LINK_WORKER
        assert ("NHS number 999 000 0018" in page.banner) == wanted, page


def test_the_countdown_shows_wherever_the_case_appears(banners: list[Shown]) -> None:
    missing = {
        f"{page.endpoint} {page.role}"
        for page in banners
        if page.banner and not re.search(r"Report 4 working days left due \w+ 24 Nov", page.banner)
    }
    assert not missing, "\n".join(sorted(missing))
