"""A second open case of a man is told of however it comes: reopened, or moved to the trust."""

import pytest
from flask import Flask
from sqlalchemy import select

from mhtr.cases.models import Case
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.intake import court_case
from mhtr.intake.another_case import ANOTHER
from mhtr.intake.court_case import Ending
from mhtr.intake.reopening_rules import WhyReopened
from mhtr.tasks.models import Notice
from tests.intake.house import accept
from tests.intake.two_trusts import NORTH, Two


def of_one_man(two: Two, court: str) -> tuple[Case, Case]:
    first = two.refer()
    second = two.refer(None, given_name="Also", hearing_on="2026-12-09", court=court)
    with writing():
        person_id = db.session.get_one(Case, first.id).person_id
        db.session.get_one(Case, second.id).person_id = person_id
    return first, second


def told(*principals: int) -> list[str]:
    wanted = Notice.principal_id.in_(principals), Notice.text == ANOTHER
    return list(db.session.scalars(select(Notice.text).where(*wanted)))


@pytest.mark.parametrize("times", [1, 2])
def test_one_that_is_reopened_is_told_of_each_time(either_app: Flask, times: int) -> None:
    two = Two()
    first, second = of_one_man(two, "B01EF")
    accept(two, first, two.assessor)
    second_id, by = second.id, two.lead.id
    for _ in range(times):
        for done in ("close", "go on"):
            version = db.session.get_one(Case, second_id).version
            with writing():
                if done == "close":
                    ending = Ending.NO_FURTHER_ACTION
                    court_case.end(case_id=second_id, version=version, ending=ending, by=by)
                else:
                    why = WhyReopened.BY_MISTAKE
                    court_case.go_on(case_id=second_id, version=version, by=by, why=why)
            db.session.expire_all()
    assert len(told(two.trust.principal_id)) == times
    assert len(told(two.assessor.principal_id)) == times


def test_one_that_moves_here_is_told_of(either_app: Flask) -> None:
    two = Two()
    _, second = of_one_man(two, NORTH)
    assert not told(two.trust.principal_id)
    two.move(second, court="B01EF")
    assert len(told(two.trust.principal_id)) == 1
