"""Who may sign a report, and what may be released."""

from datetime import timedelta

from mhtr.cases.rules import (
    CaseState,
    Recommendation,
    ReportProgress,
    can,
    fold,
)
from tests.cases.paths import ASSESSOR, CLERK, LEAD, PATH, TODAY, K, fact, up_to


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
