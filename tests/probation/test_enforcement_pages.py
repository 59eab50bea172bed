"""The pages on which warnings and what was done are recorded and taken back."""

from flask import Flask

from mhtr.compliance.enforcement_queries import steps_of, warnings_of
from mhtr.compliance.enforcing import Says, StepKind
from mhtr.core.access import Role
from mhtr.orders.queries import orders_of
from tests.compliance.test_enforcement import did, failed, warn
from tests.makers import make_staff
from tests.sessions.seen import Treated
from tests.suitability.browsing import as_, refused, send

DAY = {"on-day": "18", "on-month": "11", "on-year": "2026"}


def of_order(man: Treated, tail: str) -> str:
    return f"/cases/{man.case.ref}/orders/{orders_of(man.case.id)[0].ref}/{tail}"


def stands(man: Treated) -> str:
    return f"/cases/{man.case.ref}/standing"


def test_a_warning_recorded_and_withdrawn(app: Flask) -> None:
    man = failed()
    client, where = as_(app, man.world.officer), of_order(man, "warnings/new")
    page = client.page(where)
    assert "12 months beginning with the date of this warning" in page and " checked" not in page
    answer = send(
        client, where, page,
        about=[str(man.place.ref)], given="letter", says=[one.value for one in Says], **DAY,
    )  # fmt: skip
    assert answer.status_code == 303
    shown = client.page(answer.location)
    for words in ("The warning is recorded.", "live warning", "until the end of 17 November 2027"):
        assert words in shown
    (row,) = warnings_of(man.case.id)
    where = f"/cases/{man.case.ref}/warnings/{row.ref}/withdraw"
    page = client.page(where)
    assert "Say why it is withdrawn" in refused(client, where, page, **DAY)
    answer = send(client, where, page, why="It was another man", **DAY)
    shown = client.page(answer.location)
    assert "Withdrawn on 18 November 2026. It was another man" in shown and "Counting" not in shown
    assert "Withdrawn on" in client.page(where)


def test_what_is_missing_is_said_and_nothing_is_lost(app: Flask) -> None:
    man = failed()
    client, where = as_(app, man.world.officer), of_order(man, "warnings/new")
    page = client.page(where)
    again = refused(client, where, page, says=["unacceptable"], **DAY)
    assert "Select how it was given" in again
    again = refused(client, where, page, given="oral", says=["unacceptable"], **DAY)
    assert "or name the other requirement" in again and " checked" in again
    answer = send(
        client, where, page, given="oral", says=["unacceptable"], requirement="Curfew", **DAY
    )
    shown = client.page(answer.location)
    assert "It does not say the circumstances, nor that he will be liable" in shown
    assert "it does not count" in shown


def test_what_was_done_recorded_and_taken_back(app: Flask) -> None:
    man = failed()
    client, where = as_(app, man.world.officer), of_order(man, "enforcement")
    page = client.page(where)
    assert "Select what was done" in refused(client, where, page, **DAY)
    assert "still open" in refused(client, where, page, kind="not_proved", **DAY)
    again = refused(client, where, page, kind="referred", **DAY)
    assert "Select the failures that it is about" in again
    answer = send(client, where, page, kind="referred", about=[str(man.place.ref)], **DAY)
    shown = client.page(answer.location)
    assert "Referred to an enforcement officer" in shown
    ((row, _),) = steps_of(man.case.id)
    where = f"/cases/{man.case.ref}/enforcement/{row.ref}/take-back"
    answer = send(client, where, client.page(where))
    assert "Not accepted: warn or refer" in client.page(answer.location)
    assert "already" in client.page(where)


def test_confirmed_by_whom(app: Flask) -> None:
    man = failed()
    client, where = as_(app, man.world.officer), of_order(man, "enforcement")
    answer = send(client, where, client.page(where), kind="confirmed", **DAY)
    shown = client.page(answer.location)
    assert f"No live warning, as last confirmed by {man.world.officer.name}" in shown


def test_nobody_else_opens_any_of_it(app: Flask) -> None:
    man = failed()
    warning, step = warn(man).ref, did(man, StepKind.LAID).ref
    paths = [
        of_order(man, "warnings/new"),
        of_order(man, "enforcement"),
        f"/cases/{man.case.ref}/warnings/{warning}/withdraw",
        f"/cases/{man.case.ref}/enforcement/{step}/take-back",
    ]
    other = as_(app, make_staff(Role.PROBATION, organisation=man.world.officer.organisation))
    assert [other.get(path).status_code for path in paths] == [404] * 4
    for staff in (man.therapist, man.world.lead, man.world.office):
        client = as_(app, staff)
        assert [client.get(path).status_code for path in paths] == [403] * 4
    assert "breach" not in as_(app, man.therapist).page(f"/cases/{man.case.ref}").lower()
