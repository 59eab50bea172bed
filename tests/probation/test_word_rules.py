"""What probation tells the service: what it must say, and where it stands after each step."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.probation import word_rules as rules
from mhtr.probation.word_rules import (
    Said,
    Source,
    State,
    StepKind,
    Subject,
    may,
    objections,
    state_of,
)
from tests.sessions.seen import TODAY

K = StepKind


def said(subject: Subject, **more: object) -> Said:
    wanted = {"fact": "What", "why": "Why"} | more
    if subject is Subject.REQUIREMENT:
        wanted = {
            "weekday": 2, "starts": time(9), "ends": time(16), "first_day": TODAY,
        } | wanted  # fmt: skip
    return Said(subject, Source.COURT, False, **wanted)  # type: ignore[arg-type]


@pytest.mark.parametrize("subject", [*Subject])
def test_what_says_enough_is_taken(subject: Subject) -> None:
    assert objections(said(subject), TODAY) == ()


@pytest.mark.parametrize(
    ("given_", "field", "words"),
    [
        (said(Subject.RISK, why=" "), "why", rules.WHY),
        (said(Subject.STAFF_SAFETY, fact=""), "fact", rules.FACT),
        (said(Subject.NO_CONTACT, fact=" "), "fact", rules.FACT),
        (said(Subject.ADDRESS, fact=""), "fact", rules.FACT),
        (said(Subject.REQUIREMENT, weekday=None), "weekday", rules.DAY),
        (said(Subject.REQUIREMENT, starts=None), "starts", rules.TIMES),
        (said(Subject.REQUIREMENT, ends=time(9)), "ends", rules.SAME_TIME),
        (said(Subject.REQUIREMENT, first_day=None), "first_day", rules.NO_FIRST),
        (said(Subject.RISK, first_day=TODAY + timedelta(days=400)), "first_day", rules.IN_FUTURE),
        (
            said(Subject.RISK, first_day=TODAY, last_day=TODAY - timedelta(days=1)),
            "last_day",
            rules.LAST_BEFORE,
        ),
        (said(Subject.RISK, last_day=TODAY - timedelta(days=1)), "last_day", rules.PAST),
        (said(Subject.RISK, last_day=date(2062, 11, 18)), "last_day", rules.TOO_FAR),
    ],
)
def test_what_is_missing_or_cannot_be(given_: Said, field: str, words: str) -> None:
    assert (field, words) in objections(given_, TODAY)


def test_a_concern_needs_no_fact_for_all() -> None:
    assert objections(said(Subject.RISK, fact=""), TODAY) == ()


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ((), State.WAITS),
        ((K.RECEIVED,), State.RECEIVED),
        ((K.RECEIVED, K.CHANGED), State.CHANGED),
        ((K.RECEIVED, K.NOTHING), State.NOTHING),
        ((K.WITHDRAWN,), State.WITHDRAWN),
        ((K.RECEIVED, K.CHANGED, K.WITHDRAWN), State.WITHDRAWN),
        ((K.REPLACED,), State.REPLACED),
    ],
)
def test_where_it_stands(steps: tuple[K, ...], expected: State) -> None:
    assert state_of(steps) is expected


_STEPS = st.lists(st.sampled_from([*K]), max_size=8)


@given(tried=_STEPS)
def test_nothing_is_done_twice_and_nothing_with_what_was_taken_back(tried: list[K]) -> None:
    made: list[K] = []
    for one in tried:
        if may(one, state_of(made)):
            made.append(one)
    assert made.count(K.RECEIVED) <= 1
    assert made.count(K.CHANGED) + made.count(K.NOTHING) <= 1
    ends = [n for n, one in enumerate(made) if one in (K.WITHDRAWN, K.REPLACED)]
    assert ends in ([], [len(made) - 1])
