"""Before each step of a case: every reason against it, in its words."""

from typing import Any

import pytest

from mhtr.cases.facts import (
    CaseState,
    CloseReason,
    FactKind,
    PauseReason,
    ReportProgress,
    StageOfCase,
)
from mhtr.cases.standing import Account
from mhtr.cases.steps import objections
from tests.cases.test_standing import ASSESSOR, LEAD, WITHDRAWN_ON

K, S, P = FactKind, CaseState, ReportProgress
CLOSED = "The case is closed: he was acquitted. Reopen it first."
PAUSED = "The case is paused: he did not come to court. Resume it first."
SENTENCED = "The court has already sentenced."
TAKE_BACK = (
    "The court has already sentenced. If that is wrong, take the result back first: "
    "“Court result”, “No sentence yet”."
)
NO_PLEA = "No guilty plea or finding is recorded yet. Until then: referral only."
WITHDREW = "He withdrew his consent on 14 October 2026."


def against(
    kind: FactKind, by: int | None = LEAD, detail: dict[str, object] | None = None, **is_: Any
) -> tuple[str, ...]:
    return objections(kind, Account(**is_), by, detail or {})


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


BEFORE = {
    S.REFERRED,
    S.SCREENED,
    S.ASSESSING,
    S.SUITABLE,
    S.SUITABLE_NOT_READY,
    S.UNSUITABLE,
    S.DECLINED,
    S.COUNTERSIGNED,
    S.RELEASED,
    S.PROPOSED,
    S.NOT_PROPOSED,
    S.AWAITING_RESULT,
}
FINISHED = {S.SUITABLE, S.SUITABLE_NOT_READY, S.UNSUITABLE, S.DECLINED}
WITH_COURT = {S.RELEASED, S.PROPOSED, S.NOT_PROPOSED, S.AWAITING_RESULT}
ORDER_RUNS = {S.SENTENCED_WITH_MHTR, S.INDUCTION, S.IN_TREATMENT}
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
    }
    assert (NO_PLEA in against(kind, stage=stage)) is (needed and not found)


@pytest.mark.parametrize("kind", list(K))
def test_what_needs_his_consent(kind: FactKind) -> None:
    needed = kind in {K.ASSESSMENT_STARTED, K.RELEASED, K.ADDENDUM_RELEASED}
    assert (WITHDREW in against(kind, withdrawn_on=WITHDRAWN_ON)) is needed
    assert WITHDREW not in against(kind)


PLEA = {"stage": StageOfCase.GUILTY_PLEA}
WAITING = {"state": S.SUITABLE, "report": P.WITH_CLINICAL_LEAD}
SIGNED = {
    **PLEA,
    "state": S.COUNTERSIGNED,
    "report": P.COUNTERSIGNED,
    "heard": True,
    "content_hash": "abc",
}
CHANGED = "The report has changed since it was countersigned. It needs a new signature."
UNHEARD = "Record first that he read or heard the report, or why he could not."
NOT_WAITING = "The report is not waiting for a countersignature."
GONE_OUT = "The report has gone out and cannot be called back. Write an addendum."
OUT = {"report": P.RELEASED, "seen": {K.RELEASED}}
ADDED = {"addendum": P.WITH_CLINICAL_LEAD, "addendum_authors": {ASSESSOR}}


@pytest.mark.parametrize(
    ("kind", "by", "detail", "is_", "expected"),
    [
        (K.REFERRED, LEAD, {}, {}, ()),
        (K.REFERRED, LEAD, {}, {"seen": {K.REFERRED}}, ("This case has its referral already.",)),
        (K.ALLOCATED, LEAD, {}, {"seen": {K.ACCEPTED}}, ()),
        (K.ALLOCATED, LEAD, {}, {}, ("The referral is not accepted yet.",)),
        (K.ASSESSMENT_STARTED, LEAD, {}, {**PLEA, "seen": {K.ALLOCATED}}, ()),
        (
            K.ASSESSMENT_STARTED,
            LEAD,
            {},
            {**PLEA, "seen": {K.ACCEPTED}},
            ("The case is not allocated to an assessor yet.",),
        ),
        (K.COUNTERSIGN_REQUESTED, LEAD, {}, {**PLEA, "state": S.SUITABLE}, ()),
        (
            K.COUNTERSIGN_REQUESTED,
            LEAD,
            {},
            {**PLEA, **WAITING},
            ("The report is with a clinical lead already.",),
        ),
        (K.RETURNED, LEAD, {}, WAITING, ()),
        (K.RETURNED, LEAD, {}, {"state": S.SUITABLE, "report": P.FINISHED}, (NOT_WAITING,)),
        (
            K.COUNTERSIGNED,
            LEAD,
            {},
            {**WAITING, "author_known": True, "authors": {ASSESSOR}},
            (),
        ),
        (
            K.COUNTERSIGNED,
            ASSESSOR,
            {},
            {**WAITING, "author_known": True, "authors": {ASSESSOR}},
            ("You wrote this report. Somebody else must countersign it.",),
        ),
        # Who signs is not known yet where a page only asks what comes next.
        (
            K.COUNTERSIGNED,
            None,
            {},
            {**WAITING, "author_known": True, "authors": {ASSESSOR}},
            (),
        ),
        (
            K.COUNTERSIGNED,
            LEAD,
            {},
            {**WAITING, "author_known": False, "authors": {ASSESSOR}},
            ("The record does not say who wrote the report.",),
        ),
        # What it waits for is said first, and by itself.
        (
            K.COUNTERSIGNED,
            LEAD,
            {},
            {"state": S.SUITABLE, "author_known": False},
            (NOT_WAITING,),
        ),
        (
            K.COUNTERSIGNED,
            ASSESSOR,
            {},
            {"state": S.SUITABLE, "author_known": True, "authors": {ASSESSOR}},
            (NOT_WAITING, "You wrote this report. Somebody else must countersign it."),
        ),
        (K.RELEASED, LEAD, {}, SIGNED, ()),
        (K.RELEASED, LEAD, {"content_hash": "abc"}, SIGNED, ()),
        (K.RELEASED, LEAD, {"content_hash": "abd"}, SIGNED, (CHANGED,)),
        (K.RELEASED, LEAD, {"content_hash": "abd"}, {**SIGNED, "content_hash": None}, ()),
        (K.RELEASED, LEAD, {}, {**SIGNED, "heard": False}, (UNHEARD,)),
        (
            K.RELEASED,
            LEAD,
            {"content_hash": "abd"},
            {**SIGNED, "heard": False, "report": P.WITH_CLINICAL_LEAD},
            ("The report is not countersigned.", UNHEARD, CHANGED),
        ),
        (K.ADDENDUM_WRITTEN, LEAD, {}, OUT, ()),
        (
            K.ADDENDUM_WRITTEN,
            LEAD,
            {},
            {"report": P.RELEASED},
            ("There is no released report to add to.",),
        ),
        (
            K.ADDENDUM_WRITTEN,
            LEAD,
            {},
            {"report": P.BEING_WRITTEN, "seen": {K.RELEASED}},
            ("There is no released report to add to.",),
        ),
        (K.ADDENDUM_COUNTERSIGNED, LEAD, {}, ADDED, ()),
        (K.ADDENDUM_COUNTERSIGNED, None, {}, ADDED, ()),
        (
            K.ADDENDUM_COUNTERSIGNED,
            ASSESSOR,
            {},
            ADDED,
            ("Somebody other than the author must countersign the addendum.",),
        ),
        (
            K.ADDENDUM_COUNTERSIGNED,
            LEAD,
            {},
            {**ADDED, "addendum_authors": set()},
            ("Somebody other than the author must countersign the addendum.",),
        ),
        (
            K.ADDENDUM_COUNTERSIGNED,
            ASSESSOR,
            {},
            {**ADDED, "addendum": P.COUNTERSIGNED},
            ("No addendum is waiting for a countersignature.",),
        ),
        (K.ADDENDUM_RELEASED, LEAD, {}, {"addendum": P.COUNTERSIGNED}, ()),
        (K.ADDENDUM_RELEASED, LEAD, {}, ADDED, ("The addendum is not countersigned.",)),
        (
            K.ADDENDUM_RELEASED,
            LEAD,
            {"content_hash": "b"},
            {"addendum": P.COUNTERSIGNED, "addendum_hash": "a", "content_hash": "b"},
            (CHANGED,),
        ),
        (K.RESUMED, LEAD, {}, {"paused": PauseReason.REMANDED}, ()),
        (K.RESUMED, LEAD, {}, {}, ("The case is not paused.",)),
        (K.REOPENED, LEAD, {}, {}, ("The case is open.",)),
        (K.REOPENED, LEAD, {}, {"closed_reason": CloseReason.COMPLETED}, ()),
        (
            K.REOPENED,
            LEAD,
            {},
            {"closed_reason": CloseReason.DIED},
            ("Correct the record that closed it instead of reopening the case.",),
        ),
        (
            K.REOPENED,
            LEAD,
            {},
            {"closed_reason": CloseReason.MERGED},
            ("Correct the record that closed it instead of reopening the case.",),
        ),
        (K.CONSENT_WITHDRAWN, LEAD, {}, {}, ()),
        (
            K.CONSENT_WITHDRAWN,
            LEAD,
            {},
            {"withdrawn_on": WITHDRAWN_ON},
            ("His withdrawal is recorded already.",),
        ),
        (K.CONSENT_GIVEN, LEAD, {}, {}, ()),
        (K.HEARING_SET, LEAD, {}, {}, ()),
    ],
)
def test_what_a_step_needs_of_its_own(
    kind: FactKind,
    by: int | None,
    detail: dict[str, object],
    is_: dict[str, Any],
    expected: tuple[str, ...],
) -> None:
    assert against(kind, by, detail, **is_) == expected


@pytest.mark.parametrize("state", list(S))
def test_whom_an_assessor_is_given(state: CaseState) -> None:
    if state in ORDER_RUNS:
        expected: tuple[str, ...] = ()
    else:
        expected = ("The referral is not accepted yet.",) if state in BEFORE else (SENTENCED,)
    assert against(K.ALLOCATED, state=state) == expected
    accepted = against(K.ALLOCATED, state=state, seen={K.ACCEPTED})
    assert accepted == (() if state in BEFORE else expected)


@pytest.mark.parametrize("kind", [K.HEARING_ADJOURNED, K.HEARING_ADVANCED, K.HEARING_TRANSFERRED])
def test_a_hearing_is_moved_once_there_is_one(kind: FactKind) -> None:
    assert against(kind) == ("No hearing is recorded yet.",)
    for known in (K.HEARING_SET, K.HEARING_TRANSFERRED):
        assert against(kind, seen={known}) == ()
    assert against(kind, seen={K.HEARING_PAST}) == ("No hearing is recorded yet.",)


NOT_OF_THIS_CASE = ("The record to correct is not part of this case.",)


@pytest.mark.parametrize(
    ("target", "kinds", "report", "expected"),
    [
        (None, {}, P.NOT_STARTED, ()),
        (3, {3: K.SCREENED}, P.NOT_STARTED, ()),
        (4, {3: K.SCREENED}, P.NOT_STARTED, NOT_OF_THIS_CASE),
        ("3", {3: K.SCREENED}, P.NOT_STARTED, NOT_OF_THIS_CASE),
        (3, {3: K.SCREENED}, P.RELEASED, ()),
        (3, {3: K.RELEASED}, P.RELEASED, (GONE_OUT,)),
        (3, {3: K.RELEASED}, P.BEING_WRITTEN, (GONE_OUT,)),
        (3, {3: K.ADDENDUM_RELEASED}, P.RELEASED, (GONE_OUT,)),
        (3, {3: K.COUNTERSIGNED}, P.RELEASED, (GONE_OUT,)),
        (3, {3: K.COUNTERSIGNED}, P.COUNTERSIGNED, ()),
    ],
)
def test_what_can_be_corrected(
    target: object,
    kinds: dict[int, FactKind],
    report: ReportProgress,
    expected: tuple[str, ...],
) -> None:
    detail = {"fact_id": target}
    assert against(K.CORRECTED, detail=detail, kinds=kinds, report=report) == expected


def test_every_reason_is_given_in_its_order() -> None:
    found = against(
        K.ASSESSMENT_STARTED,
        state=S.SENTENCED_WITH_MHTR,
        paused=PauseReason.FAILED_TO_APPEAR,
        withdrawn_on=WITHDRAWN_ON,
    )
    assert found == (
        PAUSED,
        "This is not possible while the case is sentenced with the requirement.",
        NO_PLEA,
        WITHDREW,
        "The case is not allocated to an assessor yet.",
    )


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
