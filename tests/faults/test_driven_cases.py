"""However a case is driven, its list columns say what its facts say."""

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mhtr.cases import rules
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind, PauseReason, Recommendation, StageOfCase
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.core.transaction import writing
from tests.counts import count
from tests.faults.invariants import assert_as_facts
from tests.makers import make_case

DETAIL: dict[FactKind, st.SearchStrategy[dict[str, object]]] = {
    FactKind.STAGE_RECORDED: st.sampled_from(StageOfCase).map(lambda s: {"stage": s.value}),
    FactKind.ASSESSMENT_FINISHED: st.sampled_from(Recommendation).map(
        lambda r: {"recommendation": r.value, "author_id": 1}
    ),
    FactKind.COUNTERSIGNED: st.just({"content_hash": "x"}),
    FactKind.RELEASED: st.just({"content_hash": "x"}),
    FactKind.PAUSED: st.sampled_from(PauseReason).map(lambda r: {"reason": r.value}),
}
STEPS = st.sampled_from(
    [
        FactKind.STAGE_RECORDED,
        FactKind.SCREENED,
        FactKind.ACCEPTED,
        FactKind.ALLOCATED,
        FactKind.SUITABILITY_REQUESTED,
        FactKind.ASSESSMENT_STARTED,
        FactKind.ASSESSMENT_FINISHED,
        FactKind.ASSESSMENT_REOPENED,
        FactKind.COUNTERSIGN_REQUESTED,
        FactKind.RETURNED,
        FactKind.COUNTERSIGNED,
        FactKind.REPORT_HEARD,
        FactKind.RELEASED,
        FactKind.PAUSED,
        FactKind.RESUMED,
    ]
)


@settings(
    max_examples=count(8, 200),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_columns_follow_the_facts_however_a_case_is_driven(app: Flask, data: st.DataObject) -> None:
    case_id = make_case().id
    taken = 0
    for kind in data.draw(st.lists(STEPS, min_size=5, max_size=25)):
        detail = data.draw(DETAIL.get(kind, st.just({})))
        allowed = rules.can(
            kind, cases.facts_of(case_id), clock.today(), by_id=None, detail=detail
        ).allowed
        if allowed:
            taken += 1
            with writing():
                cases.add_fact(cases.lock(case_id), kind, by=None, detail=detail)
        db.session.expire_all()
        assert_as_facts(db.session.get_one(Case, case_id))
