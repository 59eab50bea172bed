"""No word of one side in anything that reaches the other: files, feeds, messages and refusals too.

The pages are walked by `test_matrix`, which reads every kind of file with `text_of`. Here stands
what is left: whether every column that can hold words is planted, what is sent and kept beside the
pages, the calendar, and what a form answers that is sent empty.
"""

import hashlib
import json
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, PROBATION_ROLES, Role
from mhtr.core.audit import AuditEvent
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.outbox import OutboxMessage
from mhtr.core.transaction import writing
from mhtr.tasks.models import Notice, Task
from sessions.booking.models import CalendarFeed
from tests.conftest import NOON
from tests.counts import some
from tests.databases import Databases
from tests.fitness.addresses import Address, addresses
from tests.fitness.expectations import MAY_READ
from tests.fitness.matrix import Matrix, text_of
from tests.fitness.planting import BY_HAND, KNOWN_BY, NO_WORDS, PLAIN, plain_columns
from tests.fitness.posting import Keeper
from tests.fitness.records import Distance

OTHERS = 3
"""Of the forms of a role `./run test` sends one in so many, `./run faults` each."""
SENDERS = sorted(
    PROBATION_ROLES | CLINICAL_ROLES | {Role.ADMINISTRATOR, Role.LINK_WORKER, Role.LD_PRACTITIONER}
)


@pytest.fixture(scope="module")
def matrix(databases: Databases) -> Iterator[Matrix]:
    """One man whom every role may see for its purposes."""
    app = databases.app("sqlite")
    with clock.using(SetClock(NOON)), app.app_context():
        app.config["PROPAGATE_EXCEPTIONS"] = False
        yield Matrix(app, (Distance.OWN,))
        app.config["PROPAGATE_EXCEPTIONS"] = True
        db.session.remove()
        db.engine.dispose()


def test_every_column_of_words_is_planted_or_says_why_not() -> None:
    known = (PLAIN, set(KNOWN_BY), set(NO_WORDS))
    assert plain_columns() == set().union(*known)
    assert sum(map(len, known)) == len(plain_columns())


def test_what_is_planted_is_looked_for(matrix: Matrix) -> None:
    planted = matrix.world.planter.planted[Distance.OWN]
    looked_for = {kind for _, kind in matrix.words.values()}
    assert planted - set(BY_HAND) <= looked_for and set(KNOWN_BY.values()) <= looked_for
    assert {"breach_warnings.requirement", "session_notes.parts"} <= planted
    word = next(word for word, (_, kind) in matrix.words.items() if kind == "session_notes.parts")
    assert matrix.held(f"<p>said {word.upper()}</p>".lower()) == {
        (Distance.OWN, "session_notes.parts")
    }


def test_a_file_is_read_like_a_page(matrix: Matrix) -> None:
    pages = {one.endpoint: one for one in addresses(matrix.app, "GET")}
    (path,) = pages["suitability.report_pdf"].paths(
        matrix.world, Role.COURT_PROBATION, Distance.OWN
    )
    status, found, _ = matrix.get(Role.COURT_PROBATION, path)
    assert status == 200
    assert (
        {"released wording", "name"}
        <= {kind for _, kind in found}
        <= MAY_READ[Role.COURT_PROBATION]
    )


def test_nothing_that_is_sent_or_kept_beside_the_pages_holds_a_word_of_his(
    matrix: Matrix,
) -> None:
    kept = {"tasks": Task.title, "notices": Notice.text, "audit": AuditEvent.detail}
    for name, column in {**kept, "outbox": OutboxMessage.payload}.items():
        said = [json.dumps(one, default=str).lower() for one in db.session.scalars(select(column))]
        assert said or name not in kept, name
        found = {kind for words in said for _, kind in matrix.held(words)}
        assert not found, (name, found)


def test_a_calendar_holds_no_word_of_his(matrix: Matrix) -> None:
    keeper = Keeper(matrix.app)
    case_id = matrix.world.records[Distance.OWN].case_id
    clinician = db.session.get_one(Case, case_id).assessor_id
    assert clinician is not None
    try:
        with writing():
            for secret, whose in (("his", {"case_id": case_id}), ("own", {"staff_id": clinician})):
                hashed = hashlib.sha256(secret.encode()).hexdigest()
                db.session.add(CalendarFeed(token_hash=hashed, made_by=clinician, **whose))
        # He is under no order by now, so that his own address answers nothing; hers has his times.
        for secret, status in (("his", 404), ("own", 200)):
            answer = matrix.app.test_client().get(f"/calendar-feed/{secret}.ics")
            text = text_of(answer)
            assert answer.status_code == status and ("begin:vevent" in text) == (status == 200)
            assert not matrix.held(text)
    finally:
        keeper.restore()


def forms_of(app: Flask, role: Role) -> list[Address]:
    """The forms about a man that a role may send; of them some."""
    mine = [
        one
        for one in addresses(app, "POST")
        if one.names_a_record and one.rule.allows(frozenset({role}))
    ]
    chosen = set(some([(role.value, one.endpoint) for one in mine], OTHERS))
    return [one for one in mine if (role.value, one.endpoint) in chosen]


@pytest.mark.parametrize("role", SENDERS)
def test_what_a_form_answers_holds_only_what_its_sender_may_read(
    matrix: Matrix, role: Role
) -> None:
    keeper, sent, faults = Keeper(matrix.app), 0, []
    try:
        for address in forms_of(matrix.app, role):
            for path in address.paths(matrix.world, role, Distance.OWN):
                answer = matrix.clients[role].post(path, data={"note": "x"})
                found = {kind for _, kind in matrix.held(text_of(answer))}
                if found - MAY_READ[role]:
                    faults.append(f"{address.endpoint} {answer.status_code}: {found}")
                sent += 1
                if answer.status_code < 400:
                    keeper.restore()
    finally:
        keeper.restore()
    assert not faults, "\n".join(faults)
    assert sent
