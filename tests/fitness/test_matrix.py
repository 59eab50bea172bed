"""Role × route × record, from the URL map: who is answered, and what the answer may hold."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlencode

import pytest
from sqlalchemy import event

from mhtr.core import clock
from mhtr.core.access import PROBATION_ROLES, Role
from mhtr.core.clock import SetClock
from mhtr.core.database import db
from tests.conftest import NOON
from tests.counts import count, some
from tests.databases import Databases
from tests.faults.every_statement import totals
from tests.fitness.addresses import CHOICES, OTHER_PARAMETERS, RECORD_PARAMETERS, Address, addresses
from tests.fitness.expectations import FILE, MAY_READ, NOT_BY_GRANT, NOT_THERE, SENDER
from tests.fitness.matrix import Matrix
from tests.fitness.planting import NOT_ABOUT_A_MAN, PLAIN, encrypted_columns
from tests.fitness.records import Distance

NOBODY: tuple[frozenset[Role], str] = (frozenset(), "")
CHOSEN = {"step", "what", "name", "ref"} | {name for _, name in CHOICES}
FILES = {"run_ref", "file_ref"}
OUT_OF_REACH = (Distance.COLLEAGUE, Distance.RESTRICTED, Distance.EXCLUDED, Distance.ENDED)
ONE_IN = 3
"""Of records that are not his `./run test` asks about one in so many, `./run faults` about all."""
HOSTILE = (
    "1;DROP TABLE cases--",
    "9" * 40,
    "-1",
    "\x00\u202e'\"><script>",
    "cases.id",
    "(SELECT name FROM people)",
    "%",
    "../../etc/passwd",
    "\ud7ff\uffff" * 500,
    "0",
    "1e309",
    "2026-13-45",
    "{{7*7}}",
)
"""Values no list page may stumble over."""
ALWAYS = {"sort", "page", "q", "before", "after"}
HELPERS = (Role.ADMINISTRATOR, Role.LINK_WORKER)


@pytest.fixture(scope="module")
def matrix(databases: Databases) -> Iterator[Matrix]:
    """One build for the whole module: the tests read, or undo what they try."""
    app = databases.app("sqlite")
    with clock.using(SetClock(NOON)), app.app_context():
        app.config["PROPAGATE_EXCEPTIONS"] = False
        yield Matrix(app)
        app.config["PROPAGATE_EXCEPTIONS"] = True
        db.session.remove()
        db.engine.dispose()


def distances(role: Role, address: Address) -> list[Distance]:
    """The records it is asked about: his own, and what is not his; of that `./run test` takes some.

    What he sent stands on lists, and others may read of it what he may: it is asked about always.
    """
    if not address.names_a_record:
        return [Distance.OWN]
    always = {Distance.OWN, *({Distance.SENT} if role in PROBATION_ROLES else ())}
    return [at for at in Distance if at in always or at in out_of_reach(role, address, Distance)]


def out_of_reach(role: Role, address: Address, of: Iterable[Distance]) -> list[Distance]:
    """Of these records about one in three, others for another role and another address."""
    asked = [(role.value, address.endpoint, at) for at in of if at is not Distance.OWN]
    return [at for _, _, at in some(asked, ONE_IN)]


def may_read(role: Role, address: Address, at: Distance) -> frozenset[str]:
    if at is Distance.SENT:
        return SENDER if role in PROBATION_ROLES else MAY_READ[role]
    return MAY_READ[role] | (FILE if FILES & address.route.arguments else frozenset())


def answered(role: Role, address: Address, at: Distance) -> bool:
    """Whether this role's page about this record may be shown at all."""
    if not address.names_a_record or at is Distance.OWN:
        return True
    if address.endpoint in NOT_BY_GRANT and role is Role.PRIVACY_OFFICER:
        return True
    return at is Distance.SENT and role in PROBATION_ROLES


def test_every_record_is_asked_about_by_every_role(matrix: Matrix) -> None:
    """And every address about somebody's record that is not his own, by somebody."""
    for role in Role:
        asked, about = set[Distance](), 0
        for address in addresses(matrix.app, "GET"):
            if address.names_a_record and address.rule.allows(frozenset({role})):
                found = set(distances(role, address))
                assert Distance.OWN in found and len(found) > 1, address.endpoint
                assert role not in PROBATION_ROLES or Distance.SENT in found
                asked, about = asked | found, about + 1
        assert asked == set(Distance) or about < len(Distance) * ONE_IN, role


def test_every_parameter_is_known_and_every_column_is_planted(matrix: Matrix) -> None:
    for address in addresses(matrix.app, "GET"):
        known = RECORD_PARAMETERS | set(OTHER_PARAMETERS) | CHOSEN
        assert address.route.arguments <= known, address.endpoint
    secret = (set(encrypted_columns()) | PLAIN) - set(NOT_ABOUT_A_MAN)
    for at in Distance:
        assert secret - matrix.world.planter.planted[at] == set(), at


@pytest.mark.parametrize("role", list(Role))
def test_what_a_page_shows_is_his_to_see_and_a_refusal_shows_nothing(
    matrix: Matrix, role: Role
) -> None:
    faults, shown = [], 0
    for address in addresses(matrix.app, "GET"):
        if not address.rule.allows(frozenset({role})):
            continue
        for at in distances(role, address):
            for path in address.paths(matrix.world, role, at):
                status, found, _ = matrix.get(role, path)
                where = f"{role.value} {address.endpoint} {at.value} {status}"
                faults += list(_faults(role, address, at, status, found, where))
                shown += status == 200
    assert not faults, "\n".join(faults)
    assert shown > 5


def _faults(
    role: Role,
    address: Address,
    at: Distance,
    status: int,
    found: set[tuple[Distance, str]],
    where: str,
) -> Iterator[str]:
    if status >= 500:
        yield f"{where}: fails"
    may = answered(role, address, at)
    if not may and status not in (403, 404):
        yield f"{where}: is not refused"
    if (
        may
        and at is Distance.OWN
        and status not in (200, 303)
        and role not in NOT_THERE.get(address.endpoint, NOBODY)[0]
    ):
        yield f"{where}: is refused"
    if status != 200 and found:
        yield f"{where}: the refusal shows {sorted(found)}"
    for whose, kind in sorted(found):
        listed = Distance.SENT if not address.names_a_record and whose is Distance.SENT else at
        if whose is not listed or kind not in may_read(role, address, whose):
            yield f"{where}: shows {kind} of {whose.value}"


@pytest.mark.parametrize("role", [*sorted(PROBATION_ROLES), Role.LD_PRACTITIONER, *HELPERS])
def test_the_other_side_of_the_wall_reads_no_measure(matrix: Matrix, role: Role) -> None:
    for address in addresses(matrix.app, "GET"):
        if not address.names_a_record or not address.rule.allows(frozenset({role})):
            continue
        for path in address.paths(matrix.world, role, Distance.OWN):
            _, _, text = matrix.get(role, path)
            assert "phq-9" not in text and "gad-7" not in text, address.endpoint


@pytest.mark.parametrize("role", list(Role))
def test_pages_of_other_roles_are_refused_without_a_word(matrix: Matrix, role: Role) -> None:
    for address in addresses(matrix.app, "GET"):
        if address.rule.allows(frozenset({role})) or not address.names_a_record:
            continue
        for path in address.paths(matrix.world, role, Distance.OWN):
            status, found, _ = matrix.get(role, path)
            assert (status, found) == (403, set()), address.endpoint


@pytest.mark.parametrize("role", list(Role))
def test_posting_to_a_record_out_of_reach_is_refused_and_changes_nothing(
    matrix: Matrix, role: Role
) -> None:
    before = totals()
    for address in addresses(matrix.app, "POST"):
        if not address.names_a_record or "run_ref" in address.route.arguments:
            continue  # a file is not about one man; its own tests say whose it is
        allowed = address.rule.allows(frozenset({role}))
        if allowed and (role is Role.PRIVACY_OFFICER or address.endpoint == "break_glass.end"):
            continue  # he oversees every record; and anybody may end his own emergency access
        for at in out_of_reach(role, address, OUT_OF_REACH) if allowed else [Distance.OWN]:
            path = address.paths(matrix.world, role, at)[0]
            answer = matrix.clients[role].post(path, data={"reason": "x", "note": "x"})
            assert answer.status_code == (404 if allowed else 403), f"{address.endpoint} {at}"
    assert totals() == before


def test_no_get_writes_before_its_page_is_made_and_then_only_that_it_was_read(
    matrix: Matrix,
) -> None:
    written: set[str] = set()

    def note(_c: object, _cursor: object, words: str, *_rest: object) -> None:
        verb, _, rest = words.strip().partition(" ")
        if verb.upper() in ("INSERT", "UPDATE", "DELETE", "REPLACE"):
            written.add(rest.replace("INTO ", "").split()[0])

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        for role in (Role.CLINICAL_LEAD, Role.ADMINISTRATOR, Role.COURT_PROBATION):
            for address in addresses(matrix.app, "GET"):
                if address.rule.allows(frozenset({role})):
                    matrix.get(role, address.paths(matrix.world, role, Distance.OWN)[0])
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert "audit_events" in written
    assert written <= {"audit_events", "audit_head", "sign_in_sessions"}


@pytest.mark.parametrize("role", [Role.CLINICAL_LEAD, Role.COURT_PROBATION, Role.PRIVACY_OFFICER])
def test_no_hostile_parameter_makes_a_page_fail(matrix: Matrix, role: Role) -> None:
    tried = 0
    for address in addresses(matrix.app, "GET"):
        if address.names_a_record or not address.rule.allows(frozenset({role})):
            continue
        path = address.paths(matrix.world, role, Distance.OWN)[0]
        _, _, page = matrix.get(role, path)
        names = {
            *re.findall(r'<(?:input|select)[^>]* name="([^"]+)"', page),
            "sort",
            "page",
            "q",
            "before",
            "after",
        }
        for value in HOSTILE[: count(4, len(HOSTILE))]:
            query = urlencode(dict.fromkeys(sorted(names), value))
            status, _, _ = matrix.get(role, f"{path}?{query}")
            assert status < 500, f"{path}?{query}"
            tried += 1
    assert tried > 20
