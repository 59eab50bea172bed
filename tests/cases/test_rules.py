"""The fold of a case's facts, and what may happen next."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from mhtr.cases.rules import (
    CaseState,
    CloseReason,
    FactKind,
    PauseReason,
    Recommendation,
    StageOfCase,
    can,
    fold,
)
from tests.cases.paths import (
    ASSESSOR,
    DETAIL,
    LEAD,
    LEADS_OWN,
    PATH,
    START,
    TODAY,
    K,
    fact,
    path,
    up_to,
)


@pytest.mark.parametrize(
    ("last", "state"),
    [
        (K.REFERRED, CaseState.REFERRED),
        (K.SCREENED, CaseState.SCREENED),
        (K.ALLOCATED, CaseState.SCREENED),
        (K.ASSESSMENT_STARTED, CaseState.ASSESSING),
        (K.ASSESSMENT_FINISHED, CaseState.SUITABLE),
        (K.COUNTERSIGNED, CaseState.COUNTERSIGNED),
        (K.RELEASED, CaseState.RELEASED),
        (K.PROPOSED, CaseState.PROPOSED),
        (K.SENTENCED_WITH_MHTR, CaseState.SENTENCED_WITH_MHTR),
        (K.INDUCTION_STARTED, CaseState.INDUCTION),
        (K.TREATMENT_STARTED, CaseState.IN_TREATMENT),
        (K.TREATMENT_ENDED, CaseState.ENDED),
        (K.DISCHARGED, CaseState.DISCHARGED),
    ],
)
def test_the_whole_path(last: FactKind, state: CaseState) -> None:
    standing = fold(up_to(last), TODAY)
    assert standing.state is state
    assert standing.reasons


def test_every_step_of_the_path_is_allowed_when_it_comes() -> None:
    for index, kind in enumerate(PATH):
        before = path(*PATH[:index])
        by_id = LEAD if kind in LEADS_OWN else ASSESSOR
        assert can(kind, before, TODAY, by_id=by_id).allowed, kind
        if before:
            assert kind in fold(before, TODAY).possible_next, kind


@pytest.mark.parametrize("recommendation", list(Recommendation))
def test_the_state_after_assessment_is_the_recommendation(recommendation: Recommendation) -> None:
    facts = up_to(K.ASSESSMENT_STARTED)
    facts.append(fact(20, K.ASSESSMENT_FINISHED, detail={"recommendation": recommendation}))
    standing = fold(facts, TODAY)
    assert standing.state.value == recommendation.value
    assert standing.recommendation is recommendation


@pytest.mark.parametrize(
    ("stage", "allowed"),
    [
        (None, False),
        (StageOfCase.UNDER_INVESTIGATION, False),
        (StageOfCase.CHARGED, False),
        (StageOfCase.NOT_GUILTY_PLEA, False),
        (StageOfCase.GUILTY_PLEA, True),
        (StageOfCase.FOUND_GUILTY, True),
        (StageOfCase.AWAITING_SENTENCE, True),
    ],
)
def test_no_suitability_work_before_plea_or_finding(
    stage: StageOfCase | None, allowed: bool
) -> None:
    facts = path(K.REFERRED, K.SCREENED, K.ACCEPTED, K.ALLOCATED)
    if stage is not None:
        facts.append(fact(10, K.STAGE_RECORDED, detail={"stage": stage}))
    for kind in (K.SUITABILITY_REQUESTED, K.ASSESSMENT_STARTED):
        assert can(kind, facts, TODAY).allowed is allowed
    assert can(K.SCREENED, path(K.REFERRED), TODAY).allowed


def test_a_corrected_fact_is_ignored_and_a_corrected_correction_restores_it() -> None:
    facts = [*path(K.REFERRED, K.SCREENED), fact(20, K.CORRECTED, detail={"fact_id": 2})]
    assert fold(facts, TODAY).state is CaseState.REFERRED
    facts.append(fact(21, K.CORRECTED, detail={"fact_id": 20}))
    assert fold(facts, TODAY).state is CaseState.SCREENED


def test_facts_that_arrive_late_take_their_place() -> None:
    facts = up_to(K.ASSESSMENT_FINISHED)
    started = facts.pop(-2)
    assert fold(facts, TODAY).state is CaseState.SCREENED
    late = replace(started, id=50, recorded_at=START + timedelta(days=40))
    assert fold([*facts, late], TODAY).state is CaseState.SUITABLE


def test_a_fact_of_tomorrow_does_not_count_today() -> None:
    facts = [
        *path(K.REFERRED),
        fact(9, K.SCREENED, on=datetime(2026, 11, 22, 9, tzinfo=UTC)),
    ]
    assert fold(facts, TODAY).state is CaseState.REFERRED
    assert fold(facts, TODAY + timedelta(days=1)).state is CaseState.SCREENED


def test_the_day_is_londons() -> None:
    facts = [fact(1, K.REFERRED, on=datetime(2026, 7, 1, 23, 30, tzinfo=UTC))]
    assert fold(facts, TODAY).since == date(2026, 7, 2)


@pytest.mark.parametrize("reason", list(CloseReason))
def test_a_closed_case_stays_closed(reason: CloseReason) -> None:
    facts = [*up_to(K.COUNTERSIGN_REQUESTED), fact(20, K.CLOSED, detail={"reason": reason})]
    standing = fold([*facts, fact(21, K.COUNTERSIGNED), fact(22, K.RELEASED)], TODAY)
    assert standing.state is CaseState.CLOSED
    assert standing.closed_reason is reason
    assert not can(K.COUNTERSIGNED, facts, TODAY, by_id=LEAD).allowed
    assert can(K.ROUTED_ON, facts, TODAY).allowed
    may_reopen = reason not in (CloseReason.DIED, CloseReason.MERGED)
    assert can(K.REOPENED, facts, TODAY).allowed is may_reopen


def test_reopening_returns_to_where_it_was() -> None:
    facts = [*up_to(K.ASSESSMENT_STARTED), fact(20, K.CLOSED), fact(21, K.REOPENED)]
    standing = fold(facts, TODAY)
    assert (standing.state, standing.closed_reason) == (CaseState.ASSESSING, None)


def test_a_death_is_recorded_on_a_closed_case() -> None:
    facts = [*path(K.REFERRED), fact(20, K.CLOSED)]
    died = {"reason": CloseReason.DIED}
    assert can(K.CLOSED, facts, TODAY, detail=died).allowed
    assert not can(K.CLOSED, facts, TODAY, detail=DETAIL[K.CLOSED]).allowed
    assert fold([*facts, fact(21, K.CLOSED, detail=died)], TODAY).closed_reason is CloseReason.DIED


def test_a_paused_case_waits_and_a_sentence_ends_the_pause() -> None:
    facts = [*up_to(K.REPORT_HEARD), fact(20, K.PAUSED)]
    assert fold(facts, TODAY).paused is PauseReason.REMANDED
    assert "remanded in custody" in can(K.RELEASED, facts, TODAY).reasons[0]
    assert can(K.RELEASED, [*facts, fact(21, K.RESUMED)], TODAY).allowed
    assert fold([*facts, fact(21, K.SENTENCED_WITHOUT_MHTR)], TODAY).paused is None


def test_a_hearing_past_without_a_result_awaits_it() -> None:
    hearing = fact(4, K.HEARING_SET, detail={"hearing_on": date(2026, 11, 20)})
    facts = [*up_to(K.PROPOSED), hearing]
    assert fold(facts, date(2026, 11, 20)).state is CaseState.PROPOSED
    standing = fold(facts, TODAY)
    assert (standing.state, standing.since) == (CaseState.AWAITING_RESULT, TODAY)
    adjourned = [*facts, fact(51, K.HEARING_ADJOURNED, on=datetime(2026, 11, 20, tzinfo=UTC))]
    assert fold(adjourned, TODAY).state is CaseState.PROPOSED
    done = [*facts, fact(51, K.SENTENCED_WITH_MHTR, on=datetime(2026, 11, 20, tzinfo=UTC))]
    assert not fold(done, TODAY).result_awaited


def test_a_hearing_past_before_release_is_seen_too() -> None:
    hearing = fact(4, K.HEARING_SET, detail={"hearing_on": date(2026, 11, 20)})
    standing = fold([*up_to(K.ASSESSMENT_STARTED), hearing], TODAY)
    assert standing.state is CaseState.ASSESSING
    assert standing.result_awaited


def test_an_assessment_needs_acceptance_and_allocation() -> None:
    plea = fact(9, K.STAGE_RECORDED)
    assert not can(K.ALLOCATED, path(K.REFERRED), TODAY).allowed
    assert not can(K.ASSESSMENT_STARTED, [*path(K.REFERRED, K.ACCEPTED), plea], TODAY).allowed


@pytest.mark.parametrize(
    ("facts", "allowed"),
    [
        ((K.REFERRED,), False),
        ((K.REFERRED, K.SENTENCED_WITH_MHTR), True),
        ((K.REFERRED, K.SENTENCED_WITH_MHTR, K.INDUCTION_STARTED), True),
        ((K.REFERRED, K.SENTENCED_WITHOUT_MHTR), False),
        ((K.REFERRED, K.ACCEPTED, K.SENTENCED_WITHOUT_MHTR), False),
        ((K.REFERRED, K.SENTENCED_WITH_MHTR, K.TREATMENT_ENDED), False),
    ],
)
def test_under_an_order_somebody_is_found_whoever_accepted_him(
    facts: tuple[FactKind, ...], allowed: bool
) -> None:
    assert can(K.ALLOCATED, path(*facts), TODAY).allowed is allowed


def test_times_need_a_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        fact(1, K.REFERRED, on=datetime(2026, 1, 1))  # noqa: DTZ001
