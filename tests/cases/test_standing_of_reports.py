"""What a case's facts say of its report: written, signed, heard, released, added to."""

import pytest

from mhtr.cases.facts import (
    Recommendation,
    ReportProgress,
)
from mhtr.cases.signers import is_another_person
from tests.cases.telling import (
    ASKED,
    ASSESSOR,
    CLERK,
    FINISHED,
    LEAD,
    SIGNED,
    WRITTEN,
    K,
    P,
    S,
    Told,
    told,
)


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


def test_a_release_after_he_withdrew() -> None:
    account = told(*SIGNED[:4], K.CONSENT_WITHDRAWN, *SIGNED[4:], K.RELEASED)
    assert account.state is S.RELEASED
    assert account.notes == [
        "The report was released on 17 October 2026, but he had withdrawn his consent on "
        "15 October 2026. Tell the privacy officer."
    ]


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
