"""Court dates: a later one supersedes, the case follows, whoever listens is told."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.cases import hearings, listeners, rules
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind, StageOfCase
from mhtr.cases.models import Case, Hearing, HearingChange
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from tests.makers import make_case

FIRST, LATER, EARLIER = date(2026, 12, 4), date(2026, 12, 11), date(2026, 12, 2)


@pytest.fixture
def heard() -> Iterator[list[int]]:
    """The cases that a listener was told about."""
    told: list[int] = []

    def listen(case_id: int, by: int | None) -> None:
        told.append(case_id)

    listeners.hearing_changed.append(listen)
    yield told
    listeners.hearing_changed.remove(listen)


def record(case_id: int, court: str, on: date | None) -> HearingChange:
    with writing():
        made = hearings.record_hearing(cases.lock(case_id), court_code=court, on=on, by=None)
        return made.change


def test_each_date_supersedes_the_one_before(either_app: Flask, heard: list[int]) -> None:
    case_id = make_case().id
    changes = [
        record(case_id, "B01KR", FIRST),
        record(case_id, "B01KR", LATER),
        record(case_id, "B01KR", EARLIER),
        record(case_id, "B01BE", EARLIER),
    ]
    assert changes == [
        HearingChange.SET,
        HearingChange.ADJOURNED,
        HearingChange.ADVANCED,
        HearingChange.TRANSFERRED,
    ]
    case = db.session.get_one(Case, case_id)
    assert (case.court_code, case.hearing_on) == ("B01BE", EARLIER)
    rows = db.session.scalars(select(Hearing).order_by(Hearing.id)).all()
    assert [row.superseded_by_id for row in rows] == [rows[1].id, rows[2].id, rows[3].id, None]
    assert heard == [case_id] * 4


def test_the_same_date_again_changes_nothing(app: Flask, heard: list[int]) -> None:
    case_id = make_case().id
    record(case_id, "B01KR", FIRST)
    record(case_id, "B01KR", FIRST)
    assert len(db.session.scalars(select(Hearing)).all()) == 1
    assert heard == [case_id]


def test_a_case_opened_with_a_stage_has_it_as_a_fact(app: Flask) -> None:
    case = make_case(stage=StageOfCase.GUILTY_PLEA)
    facts = cases.facts_of(case.id)
    assert [fact.kind for fact in facts] == [FactKind.REFERRED, FactKind.STAGE_RECORDED]
    standing = rules.fold(facts, clock.today())
    assert standing.stage is case.stage is StageOfCase.GUILTY_PLEA
