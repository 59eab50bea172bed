"""Prepared statements: what the session finds, on both databases, whatever they are given."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Select, bindparam, event, literal_column, select
from sqlalchemy.exc import SQLAlchemyError

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases.facts import CaseState
from mhtr.cases.models import Case
from mhtr.core import access, clock
from mhtr.core.access import Purpose, Role
from mhtr.core.database import UtcDateTime, db
from mhtr.core.prepared import NotPrepared, Prepared
from mhtr.core.scope import ANYBODY, asked_by, visible
from mhtr.core.transaction import writing
from mhtr.people.models import Person
from tests.makers import make_case, make_staff

EVERY_TYPE = (
    select(
        Case.id,
        Case.ref,
        Case.state,
        Case.hearing_on,
        Case.opened_at,
        Case.urgent,
        Person.ref,
        Person.born,
        Person.sort_name,
        (Case.id == bindparam("other")).label("is_other"),
        literal_column("'100%'").label("share"),
    )
    .join(Person, Person.id == Case.person_id)
    .where(
        Case.state.in_(bindparam("states", expanding=True)),
        Case.state.not_in([CaseState.ENDED, CaseState.DISCHARGED]),
        Case.opened_at <= bindparam("moment", type_=UtcDateTime()),
        visible(ANYBODY, Case.id, Case.restricted),
    )
    .order_by(Case.id)
    .limit(bindparam("limit"))
)


@pytest.fixture(autouse=True)
def in_request(either_app: Flask) -> object:
    with either_app.test_request_context():
        yield


def give(staff: Staff, case: Case) -> None:
    with writing():
        access.grant(case.id, Purpose.CLINICAL, staff.principal_id, because="test", by=None)


def given_to(staff: Staff, *states: CaseState, limit: int = 9) -> dict[str, Any]:
    wanted = {"states": states, "moment": clock.now(), "limit": limit, "other": 0}
    return {**asked_by(viewer_of(staff), Purpose.CLINICAL), **wanted, "no such place": 1}


def test_it_finds_what_the_session_finds_however_many_values_a_list_has() -> None:
    staff, cases = make_staff(Role.ASSESSOR), [make_case(), make_case(), make_case()]
    for case in cases:
        give(staff, case)
    prepared, found = Prepared(EVERY_TYPE), 0
    every = [cases[0].state, *(state for state in CaseState if state is not cases[0].state)]
    for states in ((), every[:1], every[:2], every, every[:1]):
        given = given_to(staff, *states)
        rows = db.session.execute(EVERY_TYPE, given).all()
        assert prepared.all(given) == [tuple(row) for row in rows]
        found += len(rows)
    assert found == 3 * 4


def test_a_row_has_the_names_and_types_of_the_session() -> None:
    staff, case = make_staff(Role.ASSESSOR), make_case()
    give(staff, case)
    row = Prepared(EVERY_TYPE).first(given_to(staff, case.state))
    assert (row.id, row.state, row.urgent) == (case.id, case.state, False)
    assert isinstance(row.state, CaseState)
    assert row.opened_at == case.opened_at and row.opened_at.tzinfo is not None
    assert isinstance(row.born, date) and row.is_other is False and row.share == "100%"


def test_values_of_one_asking_are_not_those_of_the_next() -> None:
    mine, other = make_staff(Role.ASSESSOR), make_staff(Role.ASSESSOR)
    cases = [make_case(), make_case()]
    give(mine, cases[0])
    give(other, cases[1])
    prepared, state = Prepared(EVERY_TYPE), cases[0].state
    assert prepared.values(given_to(mine, state)) == [cases[0].id]
    assert prepared.values(given_to(other, state)) == [cases[1].id]
    assert prepared.values(given_to(make_staff(Role.ASSESSOR), state)) == []
    assert prepared.first(given_to(make_staff(Role.ASSESSOR), state)) is None
    give(mine, cases[1])
    assert prepared.values(given_to(mine, state, limit=1)) == [cases[0].id]
    assert prepared.values(given_to(mine, state)) == [case.id for case in cases]


def test_it_sees_what_was_changed_and_not_flushed() -> None:
    person_id = make_case().person_id
    names = Prepared(select(Person.given_name).where(Person.id == bindparam("person")))
    with writing():
        person = db.session.get_one(Person, person_id)
        for name in ("Ola", "Ala"):
            person.given_name = name
            assert names.values({"person": person_id}) == [name]


def test_a_place_without_a_value_is_refused() -> None:
    staff = make_staff(Role.ASSESSOR)
    for place in ("states", "moment", "asker_principal"):
        given = given_to(staff, CaseState.REFERRED)
        del given[place]
        with pytest.raises((KeyError, SQLAlchemyError)):
            Prepared(EVERY_TYPE).all(given)
        kept = Prepared(EVERY_TYPE)
        kept.all(given_to(staff, CaseState.REFERRED))
        with pytest.raises(KeyError):
            kept.all(given)


@pytest.mark.parametrize("statement", [select(Case), select(Case.id, Person)])
def test_objects_are_for_the_session(statement: Select[*tuple[Any, ...]]) -> None:
    with pytest.raises(NotPrepared):
        Prepared(statement)


def test_a_value_that_would_stand_in_the_text_is_refused() -> None:
    bare = select(Case.id).where(Case.id == bindparam("case", literal_execute=True))
    with pytest.raises(NotPrepared):
        Prepared(bare).all({"case": 1})


def test_it_is_seen_where_statements_are_counted() -> None:
    asked: list[str] = []

    def note(*args: Any) -> None:
        asked.append(args[2])

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        Prepared(select(Case.id)).all({})
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert [text for text in asked if "FROM cases" in text]


def test_an_error_is_the_sessions_and_repeats_no_value() -> None:
    broken = Prepared(
        select(literal_column("no_such_column").label("none"), Case.id == bindparam("x"))
    )
    with pytest.raises(SQLAlchemyError) as caught:
        broken.all({"x": 999_123})
    assert "999123" not in str(caught.value)
