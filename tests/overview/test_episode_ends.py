"""An episode ends with the treatment: what is recorded after it moves it into no later period."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask

from mhtr.cases import service as cases
from mhtr.cases.facts import LONDON, CaseState, Fact, FactKind
from mhtr.cases.models import CaseFact
from mhtr.core import clock
from mhtr.core.access import Role
from mhtr.core.clock import from_london
from mhtr.core.database import db
from mhtr.core.transaction import writing
from mhtr.overview.cohort_queries import Asked, read
from mhtr.overview.episode_ends import ended_days, ended_on
from tests.makers import make_staff
from tests.overview.treated import treated

K = FactKind
SEP, OCT = date(2026, 9, 30), date(2026, 10, 5)
TODAY = date(2026, 11, 18)


def facts(*said: tuple[FactKind, date]) -> list[Fact]:
    made = []
    for number, (kind, day) in enumerate(said, start=1):
        at = datetime.combine(day, time(12), LONDON) + timedelta(minutes=number)
        detail = {"fact_id": number - 1} if kind is K.CORRECTED else {}
        made.append(Fact(number, kind, at, at, "", None, detail))
    return made


@pytest.mark.parametrize(
    ("said", "ended"),
    [
        ([(K.TREATMENT_ENDED, SEP), (K.DISCHARGED, OCT)], SEP),
        ([(K.TREATMENT_ENDED, SEP), (K.CLOSED, OCT)], SEP),
        ([(K.ORDER_REVOKED, SEP), (K.DISCHARGED, OCT)], SEP),
        ([(K.CLOSED, SEP)], SEP),
        ([(K.CLOSED, SEP), (K.REOPENED, SEP), (K.TREATMENT_ENDED, OCT)], OCT),
        ([(K.TREATMENT_ENDED, SEP), (K.CORRECTED, SEP), (K.TREATMENT_ENDED, OCT)], OCT),
        ([], None),
    ],
)
def test_the_first_end_that_counts(
    said: Sequence[tuple[FactKind, date]], ended: date | None
) -> None:
    assert ended_on(facts(*said), TODAY) == ended


def test_of_many_cases_each_ends_as_its_facts_say(either_app: Flask) -> None:
    by, later = make_staff(Role.CLINICAL_LEAD), clock.today() + timedelta(days=3)
    said = [
        [(K.CLOSED, SEP), (K.REOPENED, SEP), (K.TREATMENT_ENDED, OCT)],
        [(K.TREATMENT_ENDED, SEP), (K.CORRECTED, SEP)],
        [(K.DISCHARGED, OCT), (K.TREATMENT_ENDED, SEP)],
        [(K.TREATMENT_ENDED, OCT), (K.CLOSED, later)],
        [(K.CLOSED, later)],
        [],
    ]
    since = {treated(by, (18, 15), ended_on=None).id: TODAY for _ in said}
    with writing():
        for case_id, told in zip(since, said, strict=True):
            before = None
            for fact in facts(*told):
                detail = {"fact_id": before} if fact.kind is K.CORRECTED else {}
                row = CaseFact(
                    case_id=case_id,
                    kind=fact.kind,
                    happened_at=fact.on,
                    recorded_at=fact.recorded_at,
                    detail=detail,
                )
                db.session.add(row)
                db.session.flush()
                before = row.id
    assert list(ended_days(since).values()) == [OCT, TODAY, SEP, OCT, TODAY, TODAY]


def test_a_discharge_in_october_leaves_him_in_september(either_app: Flask) -> None:
    by = make_staff(Role.CLINICAL_LEAD)
    case = treated(by, (18, 15), (6, 5), ended_on=OCT, state=CaseState.DISCHARGED)
    with writing():
        locked = cases.lock(case.id)
        for kind, day in ((K.SENTENCED_WITH_MHTR, date(2026, 6, 1)), (K.TREATMENT_ENDED, SEP)):
            at = from_london(datetime.combine(day, time(12)))
            cases.add_fact(locked, kind, by=by.id, at=at)
        at = from_london(datetime.combine(OCT, time(12)))
        cases.add_fact(locked, K.DISCHARGED, by=by.id, at=at)
    assert locked.state is CaseState.DISCHARGED
    for month, count in ((9, 1), (10, 0)):
        asked = Asked(date(2026, month, 1), date(2026, month, 30))
        ended = read(asked, TODAY).ended
        assert len(ended) == count
        assert all(man.episode.ended_on == SEP for man in ended)
