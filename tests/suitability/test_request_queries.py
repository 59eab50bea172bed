"""A court team's open requests, where it has asked for thousands of reports over the years."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event, text

from mhtr.accounts.sessions import viewer_of
from mhtr.cases.facts import CaseState
from mhtr.cases.models import Case
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.suitability.request_queries import Wanted, list_requests, next_due
from tests.suitability.asking import asked
from tests.suitability.makers import CourtSide, granted_case, make_man

YEARS_OF_REQUESTS = (
    ("cases", "ix_cases_state_report_due_on", "50000 3331 20 1"),
    ("cases", "ix_cases_state_opened_at", "50000 3331 11 1"),
    ("report_requests", "ix_report_requests_case_id_id", "3000 1 1"),
    ("report_requests", "ix_report_requests_author_id_due_on", "3000 432 1 1"),
    ("grants", "ix_grants_scope", "230000 5 2 1"),
)
"""What the database is told of its tables in a service of 50,000 people: nearly all cases are over,
and it cannot know that few have one of the other states."""


def _grown_old() -> None:
    with writing():
        db.session.execute(text("ANALYZE"))
        db.session.execute(text("DELETE FROM sqlite_stat1"))
        for table, index, stat in YEARS_OF_REQUESTS:
            row = {"tbl": table, "idx": index, "stat": stat}
            db.session.execute(text("INSERT INTO sqlite_stat1 VALUES (:tbl, :idx, :stat)"), row)
    db.engine.dispose()  # each connection reads them once


@contextmanager
def _plans() -> Iterator[list[str]]:
    found: list[str] = []

    def explain(connection, _cursor, statement, parameters, _context, _many):  # type: ignore[no-untyped-def]  # the driver's types
        if "FROM report_requests" in statement:
            plan = connection.connection.cursor()
            plan.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            found.extend(step for *_, step in plan.fetchall())

    event.listen(db.engine, "before_cursor_execute", explain)
    try:
        yield found
    finally:
        event.remove(db.engine, "before_cursor_execute", explain)


@pytest.mark.parametrize(
    "wanted",
    [Wanted(), Wanted(whose="team"), Wanted(whose="team", shown="all", due="overdue"), None],
)
def test_open_requests_are_found_by_their_open_cases(app: Flask, wanted: Wanted | None) -> None:
    viewer = viewer_of(CourtSide().author)
    _grown_old()
    with _plans() as steps:
        if wanted is None:
            next_due(viewer)
        else:
            list_requests(viewer, wanted)
    ways = [step for step in steps if " report_requests " in step]
    assert ways == ["SEARCH report_requests USING INDEX ix_report_requests_case_id_id (case_id=?)"]


@pytest.mark.parametrize("whose", ["mine", "team"])
def test_requests_of_cases_that_are_over_do_not_wait(app: Flask, whose: str) -> None:
    court = CourtSide()
    open_case, over = (granted_case(court, make_man(crn)) for crn in ("X123456", "X654321"))
    open_id, over_id = open_case.id, over.id
    for case_id in (open_id, over_id):
        asked(court, case_id)
    with writing():
        db.session.get_one(Case, over_id).state = CaseState.CLOSED
    viewer = viewer_of(court.author)
    rows, more = list_requests(viewer, Wanted(whose=whose))
    assert ([row.case.id for row in rows], more) == ([open_id], False)
    finished, _ = list_requests(viewer, Wanted(whose=whose, shown="finished"))
    assert [row.case.id for row in finished] == [over_id]
    assert next_due(viewer) == rows[0].request.due_on
