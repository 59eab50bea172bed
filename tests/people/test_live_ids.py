"""Which record stands for a man after merges, for many records at once."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event, update

from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.people.models import Person
from mhtr.people.queries import live_id, live_ids
from tests.makers import make_person


def merged(*chain: int) -> None:
    """Each record points to the next, as merges leave them."""
    with writing():
        for start, end in zip(chain, chain[1:], strict=False):
            db.session.execute(update(Person).where(Person.id == start).values(merged_into_id=end))


@contextmanager
def counted() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_rest):  # type: ignore[no-untyped-def]  # the driver's types
        if statement.startswith("SELECT"):
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_each_record_leads_to_the_one_that_was_kept(app: Flask) -> None:
    with app.app_context():
        alone, first, middle, last = (make_person().id for _ in range(4))
        merged(first, middle, last)
        wanted = {alone: alone, first: last, middle: last, last: last}
        assert live_ids(wanted) == wanted
        assert {one: live_id(one) for one in wanted} == wanted


def test_no_records_ask_for_none(app: Flask) -> None:
    with app.app_context():
        assert live_ids([]) == {}


def test_records_that_lead_in_a_circle_come_to_an_end(app: Flask) -> None:
    with app.app_context():
        one, two = make_person().id, make_person().id
        merged(one, two, one)
        assert set(live_ids([one, two])) == {one, two}


def test_many_records_ask_no_more_often_than_few(app: Flask) -> None:
    with app.app_context():
        people = [make_person().id for _ in range(8)]
        merged(people[0], people[1])
        with counted() as few:
            live_ids(people[:2])
        with counted() as many:
            live_ids(people)
        assert len(few) == len(many) == 2
