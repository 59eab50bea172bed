"""What a case's facts add up to, read one after the other."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from mhtr.cases.facts import (
    CaseState,
    CloseReason,
    Fact,
    FactKind,
    PauseReason,
    Recommendation,
    ReportProgress,
    StageOfCase,
)
from mhtr.cases.standing import Account, is_another_person, read

K, S, P = FactKind, CaseState, ReportProgress
TODAY = date(2026, 11, 21)
START = datetime(2026, 10, 10, 9, tzinfo=UTC)
ASSESSOR, LEAD, CLERK = 11, 22, 33
WITHDRAWN_ON = date(2026, 10, 14)

Told = FactKind | tuple[Any, ...]
"""A kind; or the kind, its details and, unless the clerk told it, who did."""
FINISHED = (K.ASSESSMENT_FINISHED, {"recommendation": "suitable", "author_id": ASSESSOR}, CLERK)
WRITTEN: tuple[Told, ...] = (K.REFERRED, K.ASSESSMENT_STARTED, FINISHED)
ASKED: tuple[Told, ...] = (*WRITTEN, (K.COUNTERSIGN_REQUESTED, {}, ASSESSOR))
SIGNED: tuple[Told, ...] = (*ASKED, (K.COUNTERSIGNED, {"content_hash": "abc"}, LEAD))


def told(*facts: Told) -> Account:
    """The account of facts a day apart, the first on 11 October."""
    made = []
    for number, one in enumerate(facts, start=1):
        kind, detail, by_id = (*(one if isinstance(one, tuple) else (one, {})), CLERK)[:3]
        at = START + timedelta(days=number)
        made.append(Fact(number, kind, at, at, "staff", by_id, detail))
    return read(made, TODAY)


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


@pytest.mark.parametrize(
    ("detail", "by", "authors"),
    [
        ({"author_id": ASSESSOR}, CLERK, {ASSESSOR}),
        ({}, CLERK, {CLERK}),
        ({"author_id": "11"}, CLERK, {CLERK}),
        ({}, None, set()),
    ],
)
def test_who_wrote_it(detail: dict[str, object], by: int | None, authors: set[int]) -> None:
    finished = (K.ASSESSMENT_FINISHED, {"recommendation": "suitable", **detail}, by)
    account = told(K.REFERRED, K.ASSESSMENT_STARTED, finished)
    assert (account.authors, account.author_known) == (authors, bool(authors))


def test_everybody_who_wrote_or_sent_it_is_an_author() -> None:
    again = (K.ASSESSMENT_FINISHED, {"recommendation": "unsuitable", "author_id": 44})
    account = told(
        *WRITTEN,
        (K.COUNTERSIGN_REQUESTED, {}, 55),
        (K.RETURNED, {}, LEAD),
        again,
        (K.COUNTERSIGN_REQUESTED, {}, None),
    )
    assert account.authors == {ASSESSOR, 55, 44}
    assert account.recommendation is Recommendation.UNSUITABLE


def test_a_new_version_has_not_been_heard_and_is_not_signed() -> None:
    reopened = told(*SIGNED, K.REPORT_HEARD, K.ASSESSMENT_REOPENED)
    assert (reopened.state, reopened.report) == (S.ASSESSING, P.BEING_WRITTEN)
    assert (reopened.content_hash, reopened.heard) == (None, True)
    again = told(*SIGNED, K.REPORT_HEARD, K.ASSESSMENT_REOPENED, FINISHED)
    assert (again.report, again.heard) == (P.FINISHED, False)


def test_a_lead_returns_it() -> None:
    account = told(*ASKED, (K.RETURNED, {}, LEAD))
    assert (account.state, account.report) == (S.ASSESSING, P.RETURNED)
    assert (account.moved_by, account.content_hash) == (K.RETURNED, None)


NOT_ANOTHER = "it was not signed by somebody other than the author."


@pytest.mark.parametrize(
    ("facts", "note"),
    [
        (
            (*WRITTEN, (K.COUNTERSIGNED, {}, LEAD)),
            "“Report countersigned”, 14 October 2026, does not count: "
            "the report was not with a clinical lead.",
        ),
        (
            (*WRITTEN, (K.RETURNED, {}, LEAD)),
            "“Returned to the assessor with comments”, 14 October 2026, does not count: "
            "the report was not with a clinical lead.",
        ),
        (
            (*ASKED, (K.COUNTERSIGNED, {}, ASSESSOR)),
            f"“Report countersigned”, 15 October 2026, does not count: {NOT_ANOTHER}",
        ),
        (
            (*ASKED, (K.COUNTERSIGNED, {}, None)),
            f"“Report countersigned”, 15 October 2026, does not count: {NOT_ANOTHER}",
        ),
        (
            (
                K.REFERRED,
                K.ASSESSMENT_STARTED,
                (K.ASSESSMENT_FINISHED, {"recommendation": "suitable"}, None),
                (K.COUNTERSIGN_REQUESTED, {}, CLERK),
                (K.COUNTERSIGNED, {}, LEAD),
            ),
            f"“Report countersigned”, 15 October 2026, does not count: {NOT_ANOTHER}",
        ),
    ],
)
def test_a_decision_of_a_lead_that_does_not_count(facts: tuple[Told, ...], note: str) -> None:
    account = told(*facts)
    assert (account.state, account.notes) == (S.SUITABLE, [note])


def test_a_step_from_another_state_does_not_count() -> None:
    account = told(K.REFERRED, K.RELEASED)
    assert account.notes == [
        "“Report released”, 12 October 2026, does not count: the case was referred then."
    ]
    assert (account.state, account.report) == (S.REFERRED, P.NOT_STARTED)
    # Told twice is no contradiction.
    assert told(K.REFERRED, K.SCREENED, K.SCREENED).notes == []


def test_a_release_after_he_withdrew() -> None:
    account = told(*SIGNED[:4], K.CONSENT_WITHDRAWN, *SIGNED[4:], K.RELEASED)
    assert account.state is S.RELEASED
    assert account.notes == [
        "The report was released on 17 October 2026, but he had withdrawn his consent on "
        "15 October 2026. Tell the privacy officer."
    ]


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


OUT: tuple[Told, ...] = (*SIGNED, K.RELEASED)
ADDED = (K.ADDENDUM_WRITTEN, {"author_id": ASSESSOR})


def test_an_addendum_is_written_signed_and_released() -> None:
    written = told(*OUT, ADDED)
    assert (written.addendum, written.addendum_authors) == (P.WITH_CLINICAL_LEAD, {ASSESSOR})
    signed = told(*OUT, ADDED, (K.ADDENDUM_COUNTERSIGNED, {"content_hash": "add"}, LEAD))
    assert (signed.addendum, signed.addendum_hash) == (P.COUNTERSIGNED, "add")
    assert (signed.content_hash, signed.report) == ("abc", P.RELEASED)
    out = told(*OUT, ADDED, (K.ADDENDUM_COUNTERSIGNED, {}, LEAD), K.ADDENDUM_RELEASED)
    assert (out.addendum, out.addendum_hash, out.notes) == (P.RELEASED, None, [])
    another = told(*OUT, ADDED, (K.ADDENDUM_WRITTEN, {}, LEAD))
    assert another.addendum_authors == {LEAD}
    unknown = told(*OUT, ADDED, (K.ADDENDUM_WRITTEN, {}, None))
    assert unknown.addendum_authors == set()


ADDENDUM_SIGNED = (
    "“Addendum countersigned”, {} October 2026, does not count: "
    "it was not signed by somebody other than its author."
)


@pytest.mark.parametrize(
    ("facts", "addendum", "note"),
    [
        ((ADDED, (K.ADDENDUM_COUNTERSIGNED, {}, ASSESSOR)), P.WITH_CLINICAL_LEAD, 18),
        ((ADDED, (K.ADDENDUM_COUNTERSIGNED, {}, None)), P.WITH_CLINICAL_LEAD, 18),
        (((K.ADDENDUM_COUNTERSIGNED, {}, LEAD),), P.NOT_STARTED, 17),
        (
            ((K.ADDENDUM_WRITTEN, {}, None), (K.ADDENDUM_COUNTERSIGNED, {}, LEAD)),
            P.WITH_CLINICAL_LEAD,
            18,
        ),
    ],
)
def test_a_signature_of_an_addendum_that_does_not_count(
    facts: tuple[Told, ...], addendum: ReportProgress, note: int
) -> None:
    account = told(*OUT, *facts)
    assert (account.addendum, account.notes) == (addendum, [ADDENDUM_SIGNED.format(note)])


def test_an_addendum_is_released_only_when_signed() -> None:
    account = told(*OUT, ADDED, K.ADDENDUM_RELEASED)
    assert account.addendum is P.WITH_CLINICAL_LEAD
    assert account.notes == [
        "“Addendum released”, 18 October 2026, does not count: it was not countersigned."
    ]


@pytest.mark.parametrize(
    ("signer", "authors", "another"),
    [
        (LEAD, {ASSESSOR}, True),
        (ASSESSOR, {ASSESSOR}, False),
        (ASSESSOR, {ASSESSOR, CLERK}, False),
        (None, {ASSESSOR}, False),
        (LEAD, set(), False),
        (None, set(), False),
    ],
)
def test_who_is_another_person(signer: int | None, authors: set[int], another: bool) -> None:
    assert is_another_person(signer, authors) is another
