"""What each step of a case needs of its own, every reason in its words."""

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
from tests.cases.refusals import (
    BEFORE,
    NO_PLEA,
    ORDER_RUNS,
    PAUSED,
    SENTENCED,
    WITHDREW,
    K,
    P,
    S,
    against,
)
from tests.cases.telling import ASSESSOR, LEAD, WITHDRAWN_ON

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
    assert against(kind, by, detail, **{**PLEA, **is_}) == expected


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
