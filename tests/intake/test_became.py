"""What a referrer is told: milestones in plain words, and nothing clinical."""

from datetime import UTC, datetime, timedelta

import pytest

from mhtr.cases.facts import CaseState, CloseReason, Fact, FactKind
from mhtr.cases.wording import CLOSE_WORDS
from mhtr.intake.became import BEFORE_RELEASE, NO_REPORT, TOLD, Told, became, told

K, S = FactKind, CaseState
WRITTEN = "Assessed; the report is being finished"
GONE = "The report has gone to probation"


@pytest.mark.parametrize(
    ("state", "kinds", "line"),
    [
        (S.REFERRED, (), "Waiting for triage"),
        (S.SCREENED, (), "Waiting for triage"),
        (S.REFERRED, (K.ACCEPTED,), "Accepted; waiting for an assessor"),
        (S.SCREENED, (K.ACCEPTED, K.ALLOCATED), "With an assessor"),
        (S.ASSESSING, (K.ACCEPTED, K.ALLOCATED), "Being assessed"),
        *((state, (), WRITTEN) for state in (S.SUITABLE, S.SUITABLE_NOT_READY, S.UNSUITABLE)),
        *((state, (), WRITTEN) for state in (S.DECLINED, S.COUNTERSIGNED)),
        *((state, (), GONE) for state in (S.RELEASED, S.PROPOSED, S.NOT_PROPOSED)),
        (S.AWAITING_RESULT, (), "Waiting for the court’s result"),
        (S.SENTENCED_WITH_MHTR, (), "The court made a treatment requirement"),
        (S.SENTENCED_WITHOUT_MHTR, (), "The court made no treatment requirement"),
    ],
)
def test_one_line_for_each_state(state: CaseState, kinds: tuple[FactKind, ...], line: str) -> None:
    assert became(state, kinds, paused=False, closed=None) == line


@pytest.mark.parametrize("state", sorted(BEFORE_RELEASE))
def test_where_no_report_follows_none_is_said_to_be_written(state: CaseState) -> None:
    said = became(state, (), paused=False, closed=None, no_report=True)
    assert said == NO_REPORT
    assert not any(word in said.lower() for word in ("declin", "withdr", "consent", "finished"))


def test_after_release_what_he_said_changes_no_line() -> None:
    assert became(S.RELEASED, (), paused=False, closed=None, no_report=True) == GONE


@pytest.mark.parametrize("reason", list(CloseReason))
def test_a_clinical_reason_for_closing_is_not_told(reason: CloseReason) -> None:
    said = became(S.CLOSED, (), paused=True, closed=reason)
    hidden = reason in (
        CloseReason.NOT_SUITABLE,
        CloseReason.HE_WITHDREW,
        CloseReason.HE_DECLINED,
    )
    assert said == ("Closed" if hidden else f"Closed: {CLOSE_WORDS[reason]}")


def test_closed_without_a_reason_and_paused() -> None:
    assert became(S.CLOSED, (), paused=False, closed=None) == "Closed"
    assert became(S.ASSESSING, (), paused=True, closed=None) == "Paused"


def test_milestones_newest_first_and_no_others() -> None:
    start = datetime(2026, 11, 18, 12, tzinfo=UTC)
    kinds = (K.REFERRED, K.ACCEPTED, K.ASSESSMENT_FINISHED, K.RETURNED, K.RELEASED)
    facts = [
        Fact(n, kind, start + timedelta(days=n), start, "assessor") for n, kind in enumerate(kinds)
    ]
    assert told(facts) == [Told(facts[n].on, TOLD[kinds[n]]) for n in (4, 1, 0)]
