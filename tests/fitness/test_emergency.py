"""Emergency access opens a record to look and for what an emergency needs, and for nothing else.

Every POST about a man is sent by a clinician of another trust whose only way to him it is.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from mhtr.accounts.models import BreakGlass
from mhtr.core import access, clock
from mhtr.core.access import CLINICAL_ROLES, EMERGENCY, Grant, Purpose, Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.web.errors import BY_EMERGENCY
from tests.conftest import NOON
from tests.databases import Databases
from tests.faults.every_statement import totals
from tests.fitness.addresses import NOWHERE, Address, addresses
from tests.fitness.matrix import Matrix
from tests.fitness.records import Distance
from tests.makers import make_case, make_staff

ALLOWED = {
    "break_glass.end": "ending it must be easy, and it is his own",
    "overview.record_outcome": "what was done about a sign of risk",
    "measures.contact_new_save": "a contact, and the measures asked at it",
    "measures.contact_ask": "further measures at a contact",
    "measures.contact_close": "the contact is over",
    "measures.form_save": "the answers to a measure",
    "measures.form_total_save": "a total in place of answers",
    "suitability.urgent_handovers_save": "who received him urgently, when, and what was said",
}
"""What may be sent with emergency access alone, and why. Nothing here lets anybody in."""


@pytest.fixture(scope="module")
def matrix(databases: Databases) -> Iterator[Matrix]:
    app = databases.app("sqlite")
    with clock.using(SetClock(NOON)), app.app_context():
        made = Matrix(app)
        for role in sorted(CLINICAL_ROLES):
            _open(made, role)
        yield made
        db.session.remove()
        db.engine.dispose()


def _open(matrix: Matrix, role: Role) -> None:
    """Emergency access of the role's member of staff to the man of another organisation."""
    case_id = matrix.world.records[Distance.ELSEWHERE].case_id
    until = clock.now() + timedelta(minutes=60)
    with writing():
        staff = db.session.merge(matrix.world.staff[role])
        db.session.add(
            BreakGlass(staff_id=staff.id, case_id=case_id, reason="He is here", until=until)
        )
        access.grant(
            case_id,
            Purpose.CLINICAL,
            staff.principal_id,
            because=EMERGENCY,
            by=staff.id,
            until=until,
        )
    db.session.remove()


def sent(matrix: Matrix, role: Role) -> Iterator[tuple[Address, str]]:
    for address in addresses(matrix.app, "POST"):
        if not address.names_a_record or not address.rule.allows(frozenset({role})):
            continue
        if {"run_ref", "file_ref"} & address.route.arguments:
            continue  # a file is not about one man
        for path in address.paths(matrix.world, role, Distance.ELSEWHERE):
            # A part that is one of a few words is filled in as on the page of the form.
            yield address, path.replace(f"/assessment/{NOWHERE}", "/assessment/risk_now")


@pytest.mark.parametrize("role", sorted(CLINICAL_ROLES))
def test_nothing_but_what_is_named_can_be_sent(matrix: Matrix, role: Role) -> None:
    before, refused = totals(), 0
    for address, path in sent(matrix, role):
        if address.endpoint in ALLOWED:
            continue
        answer = matrix.clients[role].post(path, data={"reason": "x", "note": "x"})
        assert answer.status_code == 403, f"{address.endpoint}: {answer.status_code}"
        text = answer.get_data(as_text=True)
        assert BY_EMERGENCY in text, address.endpoint
        assert not matrix.held(text.lower()), address.endpoint
        refused += 1
    assert refused > 25
    assert totals() == before


@pytest.mark.parametrize("role", sorted(CLINICAL_ROLES))
def test_what_is_named_is_not_refused(matrix: Matrix, role: Role) -> None:
    tried = set()
    for address, path in sent(matrix, role):
        if address.endpoint in set(ALLOWED) - {"break_glass.end"}:
            answer = matrix.clients[role].post(path, data={"submission_key": "no"})
            assert answer.status_code not in (403, 404), address.endpoint
            tried.add(address.endpoint)
    assert tried == set(ALLOWED) - {"break_glass.end"}


@pytest.mark.parametrize("role", sorted(CLINICAL_ROLES))
def test_pages_show_what_exists_and_offer_nothing_that_cannot_be_saved(
    matrix: Matrix, role: Role
) -> None:
    world, shown = matrix.world, 0
    for address in addresses(matrix.app, "GET"):
        if "case_ref" not in address.route.arguments or not address.rule.allows(frozenset({role})):
            continue
        for path in address.paths(world, role, Distance.ELSEWHERE):
            status, _, text = matrix.get(role, path)
            assert status < 500, address.endpoint
            shown += status == 200
            offers = f"{address.endpoint}_save" in ALLOWED or address.endpoint in (
                "measures.contact",
                "overview.risk_task",
            )
            if status == 200 and not offers:
                main = text.partition("<main")[2].partition("</main")[0]
                assert 'method="post"' not in main or 'type="submit"' not in main, address.endpoint
    assert shown > 20


def test_it_counts_for_nothing_that_stands(matrix: Matrix) -> None:
    case_id = matrix.world.records[Distance.ELSEWHERE].case_id
    staff = db.session.merge(matrix.world.staff[Role.CLINICAL_LEAD])
    assert not access.holds(case_id, (Purpose.CLINICAL,), (staff.principal_id,))


def test_a_standing_grant_leaves_the_emergency_its_end(either_app: Flask) -> None:
    case, staff = make_case(), make_staff(Role.ASSESSOR)
    until = clock.now() + timedelta(minutes=60)
    with writing():
        for because, ends in ((EMERGENCY, until), ("intake.allocated", None), (EMERGENCY, until)):
            access.grant(
                case.id,
                Purpose.CLINICAL,
                staff.principal_id,
                because=because,
                by=None,
                until=ends,
            )
    held = [
        (row.because, row.ends_at)
        for row in db.session.query(Grant).filter_by(case_id=case.id).order_by(Grant.id)
        if row.principal_id == staff.principal_id
    ]
    assert held == [(EMERGENCY, until), ("intake.allocated", None)]
