"""A post changes what its form declares: no field more, no answer that was not offered.

The forms are taken from the pages of the program, every page of the URL map that a role may open,
on a man at every step. Each is sent as its page offers it, and again with something more.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mhtr.accounts import sessions
from mhtr.accounts.gate import cookie_name
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.clock import SetClock
from mhtr.core.database import Base, db
from mhtr.core.transaction import writing
from mhtr.web.kept_posts import LOOK
from tests.conftest import NOON
from tests.counts import count, some
from tests.databases import Databases
from tests.fitness.addresses import addresses
from tests.fitness.posting import Fields, Keeper, PageForm, Written, forms_of, others
from tests.fitness.records import Distance
from tests.fitness.stages import STEPS, Stages
from tests.fitness.world import World
from tests.tooling.conftest import ROOT
from tests.tooling.test_house import sources

DAYS = ("10-11-2026", "9-12-2026")
SOON = ("referred", "started", "sent", "sentenced")
"""The steps of `./run test`; `./run faults` takes every one."""
TRIES = count(3, 10)
SAME = count(2, 1_000)
"""After so many pages of an address in a row with no form that is wanted, one role at each step."""
PAGES = 2
"""`./run test` looks for forms on one in so many addresses, `./run faults` on every one."""
EVERY_PAGE = {"accounts.sign_out", "accounts.extend_session"}


@dataclass(frozen=True)
class Sent:
    """A form that somebody may send, and what came of it."""

    role: Role
    form: PageForm
    data: Fields
    status: int
    written: Written


class Posts:
    """Every form of every page, and for each address one sending that was accepted."""

    def __init__(self, app: Flask) -> None:
        self.app, self.world = app, World((Distance.OWN,))
        refs = self.world.records[Distance.OWN].refs
        stages = Stages(self.world, STEPS if count(0, 1) else SOON).refs.values()
        self.refs = [refs, *({**refs, **one} for one in stages)]
        self.tokens = {role: self._token(role) for role in Role}
        self.keeper = Keeper(app)
        self.accepted: dict[str, Sent] = {}
        self.seen: dict[str, int] = {}
        self.why: dict[str, str] = {}
        self._pages()

    def _token(self, role: Role) -> str:
        with writing():
            token = sessions.begin(self.world.staff[role])
        return token

    def client(self, role: Role) -> FlaskClient:
        """A browser that is signed in; a new one each time, since a post may sign it out."""
        client = FlaskClient(self.app, self.app.response_class)
        client.set_cookie(cookie_name(self.app), self.tokens[role])
        return client

    def _pages(self) -> None:
        """Pages to look for forms on, until each form of an address was accepted once."""
        pages = {address.endpoint: address for address in addresses(self.app, "GET")}
        for endpoint in some(pages, PAGES):
            address = pages[endpoint]
            self.wanted: set[str] = set()
            self.in_vain = 0
            for refs in self.refs if address.names_a_record else self.refs[:1]:
                shown = 0
                for role in (r for r in Role if address.rule.allows(frozenset({r}))):
                    for path in address.filled(self.world, role, refs):
                        if self._goes_on(shown):
                            shown += self._try(role, path)

    def _goes_on(self, shown: int) -> bool:
        if self.wanted - set(self.accepted):
            return True
        return shown < (2 if self.in_vain < SAME else 1)

    def _try(self, role: Role, path: str) -> bool:
        """Whether there is such a page; its forms are sent."""
        answer = self.client(role).get(path)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            return False
        page = answer.get_data(as_text=True)
        self.in_vain += 1
        for day in DAYS:
            over = {*self.accepted, *EVERY_PAGE}
            for form in forms_of(self.app, path, page, day=day, but=over):
                if form.endpoint in self.accepted:
                    continue
                self.seen[form.endpoint] = self.seen.get(form.endpoint, 0) + 1
                if self.seen[form.endpoint] <= TRIES:
                    self.in_vain = 0
                    self.wanted.add(form.endpoint)
                    self._send(role, form)
                else:
                    self.wanted.discard(form.endpoint)
        return True

    def _send(self, role: Role, form: PageForm) -> None:
        for tried in (form, *list(others(form))[: count(3, 6)]):
            data = tried.sent()
            status, written = self.keeper.post(self.client(role), form.action, data)
            if status in (200, 303) and written:
                self.accepted[form.endpoint] = Sent(role, tried, data, status, written)
                return
            self.why[form.endpoint] = f"{status} {form.action} {data}"


@pytest.fixture(scope="module")
def posts(databases: Databases) -> Iterator[Posts]:
    """Every form, once for the module: each post is undone."""
    app = databases.app("sqlite")
    with clock.using(SetClock(NOON)), app.app_context():
        app.config["PROPAGATE_EXCEPTIONS"] = False
        yield Posts(app)
        app.config["PROPAGATE_EXCEPTIONS"] = True
        db.session.remove()
        db.engine.dispose()


BESIDE = {"is_admin", "admin", "owner", "by", "role", "_method", "staff", "csrf", "save", "force"}
FOREIGN = ("zq-not-offered", "0", "-1", "999999", "1 OR 1=1")
COUNTS_ROWS = {"audit.verify"}
"""What they write depends on how many rows there were before."""
KEEPS_THE_REST = {
    "measures.form_save",
    "measures.form_correct_save",
    "measures.form_total_save",
    "suitability.measure_save",
    "suitability.measure_correct_save",
}
"""A questionnaire that is refused keeps what can stand, and the risk in it is looked at."""
READ_DIRECTLY = {
    "sessions/notes/routes.py": "which of two buttons was pressed",
    "mhtr/accounts/demo_routes.py": "the role to be, in the demonstration only",
    "mhtr/accounts/session_routes.py": "which of two buttons was pressed",
    "mhtr/cases/flag_man_routes.py": "which of two forms of a page was sent",
    "mhtr/cases/settled.py": "what was typed, shown where a colleague had answered meanwhile",
    "mhtr/intake/draft_routes.py": "which button; what was typed, shown beside what was saved",
    "mhtr/intake/reopening_routes.py": "which of two forms of a page was sent",
    "mhtr/intake/sending_routes.py": "the version of the draft",
    "mhtr/intake/triage_routes.py": "which of two forms of a page was sent",
    "mhtr/overview/routes.py": "news marked as read together, each looked up as the viewer's own",
    "mhtr/suitability/assessment_measures.py": "which of two buttons was pressed",
    "mhtr/suitability/countersign_routes.py": "which of two buttons was pressed",
    "mhtr/suitability/request_routes.py": "ticked requests, each looked up in the viewer's scope",
    "mhtr/suitability/unsaved_measures.py": "answers of an expired session, read by their form",
    "mhtr/web/submission.py": "the form's key, and what was sent",
    "outcome_measures/recording/form_routes.py": "which of two buttons was pressed",
    "outcome_measures/recording/unsaved.py": "answers of an expired session, read by their form",
}
"""Modules that read a post past their form, and what for."""


def columns() -> set[str]:
    return {column.name for table in Base.metadata.tables.values() for column in table.columns}


def same_or_nothing(posts: Posts, sent: Sent, data: Fields) -> str:
    """Empty where the post wrote what it wrote before, or wrote nothing."""
    status, written = posts.keeper.post(posts.client(sent.role), sent.form.action, data)
    if written == sent.written or (status < 500 and not written):
        return ""
    if sent.form.endpoint in KEEPS_THE_REST and status == 422 and "zq-not" not in str(written):
        return ""
    more = [row for row in written if row not in sent.written]
    if status == 422 and hasattr(posts.app.view_functions[sent.form.endpoint], LOOK):
        # A questionnaire is refused and what can stand is kept, so that a sign of risk is seen.
        return f"keeps what was not offered: {more}" if made_up(data, sent) & said(more) else ""
    return f"{status} {more}"


def made_up(data: Fields, sent: Sent) -> set[str]:
    """The values that were put in place of what the form offers."""
    return {value for name, values in data.items() for value in values} - {
        value for values in (*sent.data.values(), *sent.form.offered.values()) for value in values
    }


def said(rows: Written) -> set[str]:
    """Every word and number in these rows."""
    return set(re.findall(r"[\w -]+", " ".join(str(row) for row in rows))) | set(
        re.findall(r"'([^']*)'", " ".join(str(row) for row in rows))
    )


def test_enough_forms_were_accepted_to_prove_something(posts: Posts) -> None:
    known = {address.endpoint for address in addresses(posts.app, "POST")} - EVERY_PAGE
    never = sorted(known - set(posts.accepted))
    assert len(posts.accepted) >= count(25, 45), never
    print(len(posts.accepted), len(known))


def test_what_a_form_does_not_declare_is_not_read(posts: Posts) -> None:
    faults = []
    for endpoint, sent in posts.accepted.items():
        if endpoint in COUNTS_ROWS:
            continue
        extra = {name: ["1"] for name in (columns() | BESIDE) - set(sent.data)}
        data = {**extra, **sent.form.sent()}
        status, written = posts.keeper.post(posts.client(sent.role), sent.form.action, data)
        # A field that the form declares and this page does not show may refuse what is in it.
        if written != sent.written and (status < 400 or written):
            more = [row for row in written if row not in sent.written]
            faults.append(f"{endpoint}: {status} {more}")
    assert not faults, "\n".join(faults)


def test_an_answer_that_was_not_offered_is_refused(posts: Posts) -> None:
    world, faults, tried = posts.world, [], 0
    elsewhere = (*world.elsewhere, world.others_draft)
    for endpoint, sent in posts.accepted.items():
        for name, offered in sent.form.offered.items():
            if len(offered) < 2:
                continue
            for value in (*FOREIGN[: count(1, len(FOREIGN))], *elsewhere[: count(1, 3)]):
                if value in offered:
                    continue
                found = same_or_nothing(posts, sent, sent.form.sent(**{name: [value]}))
                faults += [f"{endpoint} {name}={value}: {found}"] if found else []
                tried += 1
    assert not faults, "\n".join(faults)
    assert tried > 20


def test_what_is_hidden_in_a_form_cannot_be_made_up(posts: Posts) -> None:
    faults, tried = [], 0
    for endpoint, sent in posts.accepted.items():
        for name in sent.form.hidden - {"csrf_token", "submission_key"}:
            for value in ("9999", posts.world.others_draft):
                found = same_or_nothing(posts, sent, sent.form.sent(**{name: [value]}))
                faults += [f"{endpoint} {name}={value}: {found}"] if found else []
                tried += 1
    assert not faults, "\n".join(faults)
    assert tried > 5


def test_nothing_reads_a_post_past_its_form() -> None:
    direct = set()
    for path in sources():
        text = path.read_text()
        name = path.relative_to(ROOT).as_posix()
        assert not re.search(r"populate_obj|\*\*form\b|\*\*request\.(form|values|json)", text), name
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Attribute) and ast.unparse(node) in (
                "request.form",
                "request.values",
            ):
                direct.add(name)
    assert direct == set(READ_DIRECTLY)
