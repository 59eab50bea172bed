"""What a case's facts add up to, read one after the other."""

from datetime import date

import pytest

from mhtr.cases.facts import (
    CloseReason,
    FactKind,
    PauseReason,
    Recommendation,
    StageOfCase,
)
from mhtr.cases.standing import Account, read
from tests.cases.telling import ASKED, ASSESSOR, SIGNED, TODAY, WITHDRAWN_ON, WRITTEN, K, P, S, told


def test_nothing_is_known_of_a_case_without_facts() -> None:
    account = read([], TODAY)
    assert account == Account()
    assert (account.state, account.report, account.addendum) == (
        S.REFERRED,
        P.NOT_STARTED,
        P.NOT_STARTED,
    )
    assert (account.since, account.author_known, account.heard) == (None, False, False)
    assert (account.recommendation, account.closed_reason, account.paused) == (None, None, None)
    assert (account.content_hash, account.addendum_hash, account.hearing_past) == (
        None,
        None,
        False,
    )


def test_the_first_referral_begins_the_case() -> None:
    account = told(K.REFERRED, K.REFERRED)
    assert (account.state, account.since, account.moved_by) == (
        S.REFERRED,
        date(2026, 10, 11),
        K.REFERRED,
    )
    assert (account.seen, account.kinds) == ({K.REFERRED}, {1: K.REFERRED, 2: K.REFERRED})
    moved = told(K.SCREENED, K.REFERRED)
    assert (moved.since, moved.moved_by) == (date(2026, 10, 11), K.SCREENED)


def test_what_is_taken_in_whatever_the_state() -> None:
    account = told(
        K.REFERRED,
        (K.STAGE_RECORDED, {"stage": "charged"}),
        (K.STAGE_RECORDED, {"stage": "guilty_plea"}),
        K.CONSENT_WITHDRAWN,
        K.REPORT_HEARD,
        (K.PAUSED, {"reason": "remanded"}),
        (K.HEARING_SET, {"hearing_on": date(2026, 12, 4)}),
        K.HEARING_PAST,
    )
    assert account.stage is StageOfCase.GUILTY_PLEA
    assert (account.withdrawn_on, account.heard) == (WITHDRAWN_ON, True)
    assert account.paused is PauseReason.REMANDED
    assert (account.hearing_on, account.hearing_past) == (date(2026, 12, 4), True)
    assert (account.state, account.notes) == (S.REFERRED, [])


def test_what_is_taken_back() -> None:
    account = told(
        K.REFERRED,
        K.CONSENT_WITHDRAWN,
        K.CONSENT_GIVEN,
        (K.PAUSED, {"reason": "remanded"}),
        K.RESUMED,
        (K.HEARING_SET, {"hearing_on": date(2026, 12, 4)}),
        K.HEARING_PAST,
        K.HEARING_ADJOURNED,
    )
    assert (account.withdrawn_on, account.paused) == (None, None)
    assert (account.hearing_on, account.hearing_past) == (None, False)


def test_an_assessment_from_start_to_signature() -> None:
    started = told(K.REFERRED, K.ASSESSMENT_STARTED)
    assert (started.state, started.report) == (S.ASSESSING, P.BEING_WRITTEN)
    written = told(*WRITTEN)
    assert (written.state, written.report) == (S.SUITABLE, P.FINISHED)
    assert (written.recommendation, written.authors) == (Recommendation.SUITABLE, {ASSESSOR})
    assert written.author_known
    asked = told(*ASKED)
    assert (asked.state, asked.report) == (S.SUITABLE, P.WITH_CLINICAL_LEAD)
    assert asked.since == written.since == date(2026, 10, 13)
    signed = told(*SIGNED)
    assert (signed.state, signed.report) == (S.COUNTERSIGNED, P.COUNTERSIGNED)
    assert (signed.content_hash, signed.since) == ("abc", date(2026, 10, 15))
    out = told(*SIGNED, K.REPORT_HEARD, K.RELEASED)
    assert (out.state, out.report, out.heard) == (S.RELEASED, P.RELEASED, True)
    assert out.notes == []


@pytest.mark.parametrize("recommendation", list(Recommendation))
def test_the_recommendation_is_the_state(recommendation: Recommendation) -> None:
    account = told(
        K.REFERRED,
        K.ASSESSMENT_STARTED,
        (K.ASSESSMENT_FINISHED, {"recommendation": recommendation}),
    )
    assert account.state == S(recommendation.value)
    assert (account.recommendation, account.moved_by) == (recommendation, K.ASSESSMENT_FINISHED)


def test_a_step_from_another_state_does_not_count() -> None:
    account = told(K.REFERRED, K.RELEASED)
    assert account.notes == [
        "“Report released”, 12 October 2026, does not count: the case was referred then."
    ]
    assert (account.state, account.report) == (S.REFERRED, P.NOT_STARTED)
    # Told twice is no contradiction.
    assert told(K.REFERRED, K.SCREENED, K.SCREENED).notes == []


@pytest.mark.parametrize("result", [K.SENTENCED_WITH_MHTR, K.SENTENCED_WITHOUT_MHTR])
def test_a_sentence_ends_a_pause(result: FactKind) -> None:
    paused = (K.PAUSED, {"reason": "remanded"})
    assert told(K.REFERRED, paused, result).paused is None
    assert told(K.REFERRED, paused, K.SCREENED).paused is PauseReason.REMANDED


def test_closing_and_reopening() -> None:
    closed = told(K.REFERRED, K.SCREENED, (K.CLOSED, {"reason": "acquitted"}))
    assert (closed.state, closed.closed_reason) == (S.CLOSED, CloseReason.ACQUITTED)
    assert (closed.state_before_close, closed.since) == (S.SCREENED, date(2026, 10, 13))
    paused = (K.PAUSED, {"reason": "remanded"})
    opened = told(K.REFERRED, K.SCREENED, paused, (K.CLOSED, {"reason": "died"}), K.REOPENED)
    assert (opened.state, opened.closed_reason, opened.paused) == (S.SCREENED, None, None)
    assert (opened.since, opened.moved_by) == (date(2026, 10, 15), K.REOPENED)
    open_already = told(K.REFERRED, K.SCREENED, paused, K.REOPENED)
    assert (open_already.paused, open_already.moved_by) == (PauseReason.REMANDED, K.SCREENED)


def test_a_case_is_closed_for_its_first_reason_and_for_a_death() -> None:
    first = (K.CLOSED, {"reason": "acquitted"})
    twice = told(K.REFERRED, first, (K.CLOSED, {"reason": "completed"}))
    assert (twice.closed_reason, twice.since) == (CloseReason.ACQUITTED, date(2026, 10, 12))
    died = told(K.REFERRED, K.SCREENED, first, (K.CLOSED, {"reason": "died"}))
    assert (died.closed_reason, died.since) == (CloseReason.DIED, date(2026, 10, 14))
    assert died.state_before_close is S.SCREENED
    declined = told(K.REFERRED, K.DECLINED_BY_SERVICE)
    assert declined.closed_reason is CloseReason.DECLINED_BY_SERVICE
    assert told(K.REFERRED, first, K.DECLINED_BY_SERVICE).closed_reason is CloseReason.ACQUITTED
