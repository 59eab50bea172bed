"""The fold of a case's facts, and what may happen next."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.cases.rules import (
    CaseState,
    CloseReason,
    Fact,
    FactKind,
    PauseReason,
    Recommendation,
    ReportProgress,
    StageOfCase,
    can,
    fold,
)

K = FactKind
TODAY = date(2026, 11, 21)
START = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
ASSESSOR, LEAD, CLERK = 11, 22, 33

DETAIL: dict[FactKind, dict[str, object]] = {
    K.STAGE_RECORDED: {"stage": StageOfCase.GUILTY_PLEA},
    K.ASSESSMENT_FINISHED: {"recommendation": Recommendation.SUITABLE, "author_id": ASSESSOR},
    K.COUNTERSIGNED: {"content_hash": "abc"},
    K.RELEASED: {"content_hash": "abc"},
    K.PAUSED: {"reason": PauseReason.REMANDED},
    K.CLOSED: {"reason": CloseReason.DISCONTINUED},
    K.HEARING_SET: {"hearing_on": date(2026, 12, 4)},
    K.HEARING_ADJOURNED: {"hearing_on": date(2026, 12, 18)},
    K.CORRECTED: {"fact_id": 3},
}
LEADS_OWN = {K.COUNTERSIGNED, K.RETURNED}

PATH = (
    K.REFERRED,
    K.STAGE_RECORDED,
    K.SCREENED,
    K.ACCEPTED,
    K.ALLOCATED,
    K.SUITABILITY_REQUESTED,
    K.ASSESSMENT_STARTED,
    K.ASSESSMENT_FINISHED,
    K.COUNTERSIGN_REQUESTED,
    K.COUNTERSIGNED,
    K.REPORT_HEARD,
    K.RELEASED,
    K.PROPOSED,
    K.SENTENCED_WITH_MHTR,
    K.INDUCTION_STARTED,
    K.TREATMENT_STARTED,
    K.TREATMENT_ENDED,
    K.DISCHARGED,
)


def fact(number: int, kind: FactKind, **changes: object) -> Fact:
    at = START + timedelta(days=number)
    by_id = LEAD if kind in LEADS_OWN else ASSESSOR
    made = Fact(number, kind, at, at, "assessor", by_id, DETAIL.get(kind, {}))
    return replace(made, **changes)  # type: ignore[arg-type]


def path(*kinds: FactKind) -> list[Fact]:
    return [fact(number, kind) for number, kind in enumerate(kinds, start=1)]


def up_to(kind: FactKind) -> list[Fact]:
    return path(*PATH[: PATH.index(kind) + 1])


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


def test_nobody_countersigns_his_own_report() -> None:
    facts = up_to(K.COUNTERSIGN_REQUESTED)
    refused = can(K.COUNTERSIGNED, facts, TODAY, by_id=ASSESSOR)
    assert not refused.allowed
    assert "You wrote this report" in refused.reasons[0]
    assert can(K.COUNTERSIGNED, facts, TODAY, by_id=LEAD).allowed
    facts.append(fact(20, K.COUNTERSIGNED, by_id=ASSESSOR))
    facts.append(fact(21, K.RELEASED))
    standing = fold(facts, TODAY)
    assert standing.state is CaseState.SUITABLE
    assert sum("does not count" in reason for reason in standing.reasons) == 2


def test_an_earlier_author_cannot_countersign_the_second_version() -> None:
    facts = up_to(K.COUNTERSIGN_REQUESTED)
    facts += [
        fact(20, K.RETURNED),
        fact(
            21,
            K.ASSESSMENT_FINISHED,
            by_id=CLERK,
            detail={"recommendation": Recommendation.SUITABLE, "author_id": CLERK},
        ),
        fact(22, K.COUNTERSIGN_REQUESTED, by_id=CLERK),
    ]
    assert not can(K.COUNTERSIGNED, facts, TODAY, by_id=ASSESSOR).allowed
    assert not can(K.COUNTERSIGNED, facts, TODAY, by_id=CLERK).allowed
    assert can(K.COUNTERSIGNED, facts, TODAY, by_id=LEAD).allowed


def test_a_report_without_a_known_author_cannot_be_countersigned() -> None:
    facts = up_to(K.ASSESSMENT_STARTED)
    facts.append(fact(20, K.ASSESSMENT_FINISHED, by_id=None, detail={"recommendation": "suitable"}))
    facts.append(fact(21, K.COUNTERSIGN_REQUESTED, by_id=CLERK))
    assert not can(K.COUNTERSIGNED, facts, TODAY, by_id=LEAD).allowed


def test_two_leads_at_once_leave_one_decision() -> None:
    facts = up_to(K.COUNTERSIGNED)
    assert not can(K.RETURNED, facts, TODAY, by_id=44).allowed
    assert not can(K.COUNTERSIGNED, facts, TODAY, by_id=44).allowed
    standing = fold([*facts, fact(20, K.RETURNED, by_id=44)], TODAY)
    assert standing.state is CaseState.COUNTERSIGNED


def test_a_returned_report_is_being_written_again() -> None:
    facts = [*up_to(K.COUNTERSIGN_REQUESTED), fact(20, K.RETURNED)]
    standing = fold(facts, TODAY)
    assert (standing.state, standing.report) == (CaseState.ASSESSING, ReportProgress.RETURNED)
    assert not can(K.COUNTERSIGNED, facts, TODAY, by_id=LEAD).allowed
    assert can(K.ASSESSMENT_FINISHED, facts, TODAY).allowed


def test_no_release_before_countersignature_or_before_he_heard_it() -> None:
    assert not can(K.RELEASED, up_to(K.COUNTERSIGN_REQUESTED), TODAY).allowed
    unheard = can(K.RELEASED, up_to(K.COUNTERSIGNED), TODAY)
    assert unheard.reasons == (
        "Record first that he read or heard the report, or why he could not.",
    )
    assert can(K.RELEASED, up_to(K.REPORT_HEARD), TODAY).allowed


def test_only_the_signed_content_is_released() -> None:
    facts = up_to(K.REPORT_HEARD)
    assert can(K.RELEASED, facts, TODAY, detail={"content_hash": "abc"}).allowed
    assert not can(K.RELEASED, facts, TODAY, detail={"content_hash": "other"}).allowed


def test_withdrawal_blocks_release_until_he_consents_again() -> None:
    facts = [*up_to(K.REPORT_HEARD), fact(20, K.CONSENT_WITHDRAWN)]
    assert can(K.RELEASED, facts, TODAY).reasons == ("He withdrew his consent on 21 October 2026.",)
    assert can(K.RELEASED, [*facts, fact(21, K.CONSENT_GIVEN)], TODAY).allowed


def test_a_withdrawal_told_late_does_not_undo_the_release_but_is_shown() -> None:
    facts = up_to(K.RELEASED)
    earlier = facts[-1].on - timedelta(hours=1)
    facts.append(fact(40, K.CONSENT_WITHDRAWN, on=earlier))
    standing = fold(facts, TODAY)
    assert standing.state is CaseState.RELEASED
    assert any("privacy officer" in reason for reason in standing.reasons)


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


def test_after_release_only_an_addendum() -> None:
    facts = up_to(K.RELEASED)
    for kind in (K.ASSESSMENT_REOPENED, K.ASSESSMENT_STARTED, K.COUNTERSIGNED, K.RETURNED):
        assert not can(kind, facts, TODAY, by_id=LEAD).allowed, kind
    facts.append(fact(20, K.ADDENDUM_WRITTEN, detail={"author_id": ASSESSOR}))
    assert not can(K.ADDENDUM_RELEASED, facts, TODAY).allowed
    assert not can(K.ADDENDUM_COUNTERSIGNED, facts, TODAY, by_id=ASSESSOR).allowed
    facts.append(fact(21, K.ADDENDUM_COUNTERSIGNED, by_id=LEAD))
    assert can(K.ADDENDUM_RELEASED, facts, TODAY).allowed
    assert not can(K.ADDENDUM_WRITTEN, up_to(K.COUNTERSIGNED), TODAY).allowed


def test_what_went_out_cannot_be_corrected_away() -> None:
    facts = up_to(K.RELEASED)
    for kind in (K.RELEASED, K.COUNTERSIGNED):
        number = PATH.index(kind) + 1
        assert not can(K.CORRECTED, facts, TODAY, detail={"fact_id": number}).allowed
    assert can(K.CORRECTED, facts, TODAY, detail={"fact_id": 3}).allowed
    assert not can(K.CORRECTED, facts, TODAY, detail={"fact_id": 99}).allowed


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


HISTORIES = st.lists(
    st.builds(
        lambda kind, on, by_id: (kind, on, by_id),
        st.sampled_from(list(FactKind)),
        st.integers(0, 60),
        st.sampled_from([ASSESSOR, LEAD, None]),
    ),
    max_size=14,
).map(
    lambda rows: [
        fact(number, kind, on=START + timedelta(days=on), by_id=by_id)
        for number, (kind, on, by_id) in enumerate(rows, start=1)
    ]
)
LIKELY = st.lists(st.sampled_from([*PATH, *FactKind]), max_size=25).map(lambda ks: path(*ks))


@given(HISTORIES | LIKELY, st.randoms(use_true_random=False))
def test_the_order_of_input_does_not_matter(facts: list[Fact], random: object) -> None:
    shuffled = list(facts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fold(shuffled, TODAY) == fold(facts, TODAY)


@given(HISTORIES, HISTORIES)
def test_closed_never_proceeds_unless_reopened(before: list[Fact], after: list[Fact]) -> None:
    closing = fact(500, K.CLOSED, on=START + timedelta(days=30))
    early = [
        replace(row, on=START)
        for row in before
        if row.kind not in (K.CLOSED, K.DECLINED_BY_SERVICE, K.CORRECTED)
    ]
    late = [
        replace(row, id=row.id + 1000, on=START + timedelta(days=31))
        for row in after
        if row.kind not in (K.REOPENED, K.CORRECTED)
    ]
    standing = fold([*early, closing, *late], TODAY)
    assert standing.state is CaseState.CLOSED
    assert set(standing.possible_next) <= {K.REOPENED, K.CORRECTED, K.ROUTED_ON}


SIGNED_PATHS = st.lists(
    st.sampled_from([ASSESSOR, LEAD, None]), min_size=len(PATH), max_size=len(PATH)
).map(
    lambda signers: [
        replace(row, by_id=by_id) for row, by_id in zip(path(*PATH), signers, strict=True)
    ]
)


@given(SIGNED_PATHS)
def test_released_exactly_when_another_person_countersigned(facts: list[Fact]) -> None:
    by = {row.kind: row.by_id for row in facts}
    another = by[K.COUNTERSIGNED] not in (None, ASSESSOR, by[K.COUNTERSIGN_REQUESTED])
    assert (fold(facts, TODAY).report is ReportProgress.RELEASED) is another


@given(HISTORIES | LIKELY)
def test_released_implies_countersigned_by_another(facts: list[Fact]) -> None:
    if fold(facts, TODAY).report is not ReportProgress.RELEASED:
        return
    signers = {row.by_id for row in facts if row.kind is K.COUNTERSIGNED}
    assert signers - {None, ASSESSOR}


@given(st.data())
def test_walking_only_allowed_steps_never_leaves_an_uncounted_record(data: st.DataObject) -> None:
    facts: list[Fact] = []
    for number in range(1, 19):
        kinds = [kind for kind in fold(facts, TODAY).possible_next if kind is not K.CORRECTED]
        kind = data.draw(st.sampled_from(kinds))
        by_id = LEAD if kind in LEADS_OWN | {K.ADDENDUM_COUNTERSIGNED} else ASSESSOR
        facts.append(fact(number, kind, by_id=by_id))
    assert not any("does not count" in reason for reason in fold(facts, TODAY).reasons)
