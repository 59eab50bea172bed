"""Before each step of a case: from where it is possible, and what it waits for."""

import pytest

from mhtr.cases.facts import (
    CaseState,
    CloseReason,
    FactKind,
    PauseReason,
    StageOfCase,
)
from mhtr.cases.wording import RESTS_WORDS
from tests.cases.refusals import (
    BEFORE,
    NO_PLEA,
    ORDER_RUNS,
    PAUSED,
    SENTENCED,
    WITHDREW,
    K,
    S,
    against,
)
from tests.cases.telling import WITHDRAWN_ON

CLOSED = "The case is closed: he was acquitted. Reopen it first."
TAKE_BACK = (
    "The court has already sentenced. If that is wrong, take the result back first: "
    "“Court result”, “No sentence yet”."
)


@pytest.mark.parametrize("kind", list(K))
def test_on_a_closed_case(kind: FactKind) -> None:
    found = against(kind, closed_reason=CloseReason.ACQUITTED, paused=PauseReason.REMANDED)
    if kind in {K.REOPENED, K.CORRECTED, K.ROUTED_ON}:
        assert found == ()
    else:
        assert found == (CLOSED,)


@pytest.mark.parametrize(
    ("closed", "kind", "reason", "refused"),
    [
        (CloseReason.ACQUITTED, K.CLOSED, CloseReason.DIED, False),
        (CloseReason.ACQUITTED, K.CLOSED, "died", False),
        (CloseReason.ACQUITTED, K.CLOSED, CloseReason.COMPLETED, True),
        (CloseReason.ACQUITTED, K.PAUSED, CloseReason.DIED, True),
        (CloseReason.DIED, K.CLOSED, CloseReason.DIED, True),
    ],
)
def test_a_death_is_recorded_on_a_closed_case_once(
    closed: CloseReason, kind: FactKind, reason: str, refused: bool
) -> None:
    found = against(kind, detail={"reason": reason}, closed_reason=closed)
    assert bool(found) is refused


@pytest.mark.parametrize("kind", list(K))
def test_while_it_is_paused(kind: FactKind) -> None:
    goes_on = {
        K.STAGE_RECORDED,
        K.HEARING_SET,
        K.HEARING_ADJOURNED,
        K.HEARING_ADVANCED,
        K.HEARING_TRANSFERRED,
        K.HEARING_PAST,
        K.SENTENCED_WITH_MHTR,
        K.SENTENCED_WITHOUT_MHTR,
        K.ROUTED_ON,
        K.CONSENT_WITHDRAWN,
        K.CONSENT_GIVEN,
        K.PAUSED,
        K.RESUMED,
        K.REOPENED,
        K.CLOSED,
        K.DECLINED_BY_SERVICE,
        K.CORRECTED,
    }
    found = against(kind, paused=PauseReason.FAILED_TO_APPEAR)
    assert (PAUSED in found) is (kind not in goes_on)
    assert PAUSED not in against(kind)


FINISHED = {S.SUITABLE, S.SUITABLE_NOT_READY, S.UNSUITABLE, S.DECLINED}
WITH_COURT = {S.RELEASED, S.PROPOSED, S.NOT_PROPOSED, S.AWAITING_RESULT}
FROM: dict[FactKind, set[CaseState]] = {
    K.SCREENED: {S.REFERRED},
    K.ASSESSMENT_STARTED: {S.REFERRED, S.SCREENED},
    K.ASSESSMENT_FINISHED: {S.ASSESSING},
    K.ASSESSMENT_REOPENED: FINISHED | {S.COUNTERSIGNED},
    K.COUNTERSIGN_REQUESTED: FINISHED,
    K.RETURNED: FINISHED,
    K.COUNTERSIGNED: FINISHED,
    K.RELEASED: {S.COUNTERSIGNED},
    K.PROPOSED: WITH_COURT,
    K.NOT_PROPOSED: WITH_COURT,
    K.SENTENCED_WITH_MHTR: BEFORE,
    K.SENTENCED_WITHOUT_MHTR: BEFORE,
    K.INDUCTION_STARTED: {S.SENTENCED_WITH_MHTR},
    K.TREATMENT_STARTED: {S.SENTENCED_WITH_MHTR, S.INDUCTION},
    K.TREATMENT_ENDED: ORDER_RUNS,
    K.ORDER_REVOKED: ORDER_RUNS,
    K.DISCHARGED: {S.ENDED},
}


@pytest.mark.parametrize("kind", list(K))
@pytest.mark.parametrize("state", list(S))
def test_from_where_a_step_is_possible(kind: FactKind, state: CaseState) -> None:
    found = against(kind, state=state)
    impossible = [words for words in found if words.startswith("This is not possible while")]
    assert bool(impossible) is (kind in FROM and state not in FROM[kind])


def test_the_state_is_named_in_words() -> None:
    assert against(K.SCREENED, state=S.UNSUITABLE) == (
        "This is not possible while the case is assessed as unsuitable.",
    )


@pytest.mark.parametrize("kind", list(K))
def test_what_belongs_before_the_sentence(kind: FactKind) -> None:
    before_only = {
        K.HEARING_SET,
        K.HEARING_ADJOURNED,
        K.HEARING_ADVANCED,
        K.HEARING_TRANSFERRED,
        K.HEARING_PAST,
        K.ACCEPTED,
        K.DECLINED_BY_SERVICE,
        K.SUITABILITY_REQUESTED,
        K.REPORT_HEARD,
    }
    for state in S:
        late = kind in before_only and state not in BEFORE
        if kind is K.ALLOCATED:
            continue  # see below
        late |= kind in {K.STAGE_RECORDED, K.PAUSED} and state not in BEFORE | {S.CLOSED}
        said = {SENTENCED, TAKE_BACK} & set(against(kind, state=state))
        assert bool(said) is late


@pytest.mark.parametrize("kind", list(K))
@pytest.mark.parametrize(
    ("stage", "found"),
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
def test_what_needs_a_plea_or_a_finding(
    kind: FactKind, stage: StageOfCase | None, found: bool
) -> None:
    needed = kind in {
        K.SUITABILITY_REQUESTED,
        K.ASSESSMENT_STARTED,
        K.COUNTERSIGN_REQUESTED,
        K.RELEASED,
        K.ADDENDUM_WRITTEN,
        K.ADDENDUM_COUNTERSIGNED,
        K.ADDENDUM_RELEASED,
    }
    assert (NO_PLEA in against(kind, stage=stage)) is (needed and not found)


@pytest.mark.parametrize("kind", list(K))
def test_what_is_not_done_while_the_work_rests(kind: FactKind) -> None:
    """His plea or finding was taken back after a report was asked for."""
    asked = {K.SUITABILITY_REQUESTED}
    needed = kind in {K.ASSESSMENT_FINISHED, K.COUNTERSIGNED, K.RETURNED, K.REPORT_HEARD}
    rests = against(kind, seen=asked, stage=StageOfCase.CHARGED)
    assert (RESTS_WORDS in rests) is needed
    for goes_on in ({"seen": asked, "stage": StageOfCase.GUILTY_PLEA}, {"stage": None}):
        assert RESTS_WORDS not in against(kind, **goes_on)


@pytest.mark.parametrize("kind", list(K))
def test_what_needs_his_consent(kind: FactKind) -> None:
    needed = kind in {
        K.ASSESSMENT_STARTED,
        K.COUNTERSIGN_REQUESTED,
        K.COUNTERSIGNED,
        K.RETURNED,
        K.RELEASED,
        K.ADDENDUM_WRITTEN,
        K.ADDENDUM_COUNTERSIGNED,
        K.ADDENDUM_RELEASED,
    }
    assert (WITHDREW in against(kind, withdrawn_on=WITHDRAWN_ON)) is needed
    assert WITHDREW not in against(kind)


BEFORE_SENTENCE_ONLY = [
    (K.STAGE_RECORDED, {"stage": StageOfCase.NOT_GUILTY_PLEA}),
    *((K.PAUSED, {"reason": reason}) for reason in PauseReason),
    (K.CLOSED, {"reason": CloseReason.NO_FURTHER_ACTION}),
    (K.CLOSED, {"reason": "discontinued"}),
    (K.CLOSED, {"reason": CloseReason.ACQUITTED}),
]


@pytest.mark.parametrize(("kind", "detail"), BEFORE_SENTENCE_ONLY)
@pytest.mark.parametrize("state", [S.SENTENCED_WITH_MHTR, S.SENTENCED_WITHOUT_MHTR, S.IN_TREATMENT])
def test_after_sentence_nothing_of_before_is_recorded(
    kind: FactKind, detail: dict[str, object], state: CaseState
) -> None:
    assert against(kind, detail=detail, state=state) == (TAKE_BACK,)
    assert against(kind, detail=detail, state=S.AWAITING_RESULT) == ()


@pytest.mark.parametrize("reason", [CloseReason.DIED, CloseReason.COMPLETED])
def test_after_sentence_a_case_still_closes_for_what_comes_later(reason: CloseReason) -> None:
    assert against(K.CLOSED, detail={"reason": reason}, state=S.SENTENCED_WITH_MHTR) == ()
