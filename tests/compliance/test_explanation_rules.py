"""What he says of a missed session: what may be recorded by whom, and what it opens again."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.compliance.attendance import ReasonGiven as R
from mhtr.compliance.contact_rules import Way
from mhtr.compliance.explanations import (
    AGAINST_HIM,
    DAYS_WRONG,
    FUTURE,
    KIND_FIRST,
    NOT_SHOWN,
    NOTHING_SAID,
    NOTHING_SEEN,
    REASONS,
    SHOWS_WHAT,
    TOLD_FIRST,
    WHO_SAW,
    WHOSE_EYES,
    BearsOut,
    Explanation,
    GivenBy,
    Paper,
    SeenBy,
    Shown,
    Side,
    covers,
    objections,
    offered,
    reason_now,
    reopens,
)
from mhtr.compliance.standing.facts import Opinion
from tests.conftest import NOON

DAY = date(2026, 11, 18)
NOTE = Shown(Paper.FIT_NOTE, SeenBy.CLINICIAN, BearsOut.YES)
SAID = Explanation(
    at=NOON, way=Way.TELEPHONE, given_by=GivenBy.HIMSELF, reason=R.ILLNESS, knew_readers=True
)


def faults(said: Explanation, *, clinician: bool = True, side: Side = Side.SERVICE) -> list[str]:
    return [words for _, words in objections(said, clinician=clinician, side=side, now=NOON)]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (SAID, []),
        (replace(SAID, reason=R.NOT_SAID), []),
        (replace(SAID, for_probation="Flu", for_clinicians="A relapse"), []),
        (replace(SAID, shown=Shown(Paper.PROMISED)), []),
        (replace(SAID, shown=NOTE), []),
        (replace(SAID, at=NOON + timedelta(minutes=1)), [FUTURE]),
        (replace(SAID, knew_readers=False), [TOLD_FIRST]),
        (replace(SAID, reason=R.NOT_SAID, for_probation="Flu"), [KIND_FIRST]),
        (replace(SAID, reason=R.NOT_SAID, for_clinicians="A relapse"), [KIND_FIRST]),
        (replace(SAID, shown=replace(NOTE, paper=Paper.NONE)), [NOTHING_SEEN]),
        (replace(SAID, shown=replace(NOTE, paper=Paper.PROMISED)), [NOTHING_SEEN]),
        (replace(SAID, shown=Shown(Paper.NONE, first_day=DAY)), [NOTHING_SEEN]),
        (replace(SAID, shown=Shown(Paper.FIT_NOTE)), [WHO_SAW, SHOWS_WHAT]),
        (replace(SAID, shown=replace(NOTE, seen_by=None)), [WHO_SAW]),
        (replace(SAID, shown=replace(NOTE, bears_out=None)), [SHOWS_WHAT]),
        (
            replace(SAID, shown=replace(NOTE, first_day=DAY, last_day=DAY - timedelta(days=1))),
            [DAYS_WRONG],
        ),
        (
            replace(SAID, shown=replace(NOTE, seen_by=SeenBy.PROBATION)),
            [WHOSE_EYES[SeenBy.PROBATION]],
        ),
    ],
)
def test_what_is_wrong_with_it(said: Explanation, expected: list[str]) -> None:
    assert faults(said) == expected


@pytest.mark.parametrize(
    ("clinician", "side", "may"),
    [
        (True, Side.SERVICE, {SeenBy.CLINICIAN, SeenBy.PASSED_ON}),
        (False, Side.SERVICE, {SeenBy.PASSED_ON}),
        (False, Side.PROBATION, {SeenBy.PROBATION}),
        # Whoever is of probation never speaks as a clinician, whatever else he is.
        (True, Side.PROBATION, {SeenBy.PROBATION}),
    ],
)
def test_a_paper_is_spoken_for_by_who_saw_it(clinician: bool, side: Side, may: set[SeenBy]) -> None:
    assert set(offered(clinician=clinician, side=side)) == may
    for seen_by in SeenBy:
        said = replace(SAID, shown=replace(NOTE, seen_by=seen_by))
        wrong = faults(said, clinician=clinician, side=side)
        assert wrong == ([] if seen_by in may else [WHOSE_EYES[seen_by]])


@pytest.mark.parametrize(
    ("first", "last", "on", "expected"),
    [
        (None, None, DAY, None),
        (DAY, None, DAY, True),
        (None, DAY, DAY, True),
        (DAY, None, DAY + timedelta(days=1), False),
        (DAY - timedelta(days=2), DAY, DAY, True),
        (DAY - timedelta(days=2), DAY, DAY - timedelta(days=2), True),
        (DAY - timedelta(days=2), DAY - timedelta(days=1), DAY, False),
        (DAY + timedelta(days=1), DAY + timedelta(days=2), DAY, False),
    ],
)
def test_the_days_that_a_paper_covers(
    first: date | None, last: date | None, on: date, expected: bool | None
) -> None:
    assert covers(replace(NOTE, first_day=first, last_day=last), on) is expected


@pytest.mark.parametrize(
    ("recorded", "said", "expected"),
    [
        (R.NONE_YET, [], R.NONE_YET),
        (R.WORK, [], R.WORK),
        (R.NONE_YET, [R.ILLNESS], R.ILLNESS),
        (R.WORK, [R.ILLNESS], R.ILLNESS),
        (R.NONE_YET, [R.ILLNESS, R.CARING], R.CARING),
        (R.NONE_YET, [R.NOT_SAID], R.NOT_SAID),
        (R.NOT_SAID, [], R.NOT_SAID),
        (R.WORK, [R.NOT_SAID], R.WORK),
        (R.NONE_YET, [R.ILLNESS, R.NOT_SAID], R.ILLNESS),
    ],
)
def test_the_reason_that_stands(recorded: R, said: list[R], expected: R) -> None:
    assert reason_now(recorded, said) is expected


@given(st.sampled_from(R), st.lists(st.sampled_from(sorted(REASONS)), max_size=5))
def test_that_he_said_nothing_more_takes_no_reason_back(recorded: R, said: list[R]) -> None:
    before = reason_now(recorded, said)
    if before not in NOTHING_SAID:
        assert reason_now(recorded, [*said, R.NOT_SAID]) is before


def test_he_is_prompted_with_every_kind_of_the_guidance() -> None:
    wanted = {
        R.ILLNESS, R.DISABILITY, R.CARING, R.WORK, R.SAFETY, R.HOUSING, R.COURT, R.CUSTODY,
        R.TRANSPORT, R.FORGOT, R.OTHER, R.NOT_SAID,
    }  # fmt: skip
    assert set(REASONS) == wanted


@pytest.mark.parametrize("opinion", Opinion)
@pytest.mark.parametrize(("known", "latest"), [(0, 0), (0, 1), (1, 1), (1, 2), (2, 1)])
def test_only_what_went_against_him_is_opened_again_by_what_is_new(
    opinion: Opinion, known: int, latest: int
) -> None:
    expected = opinion in {Opinion.NO_EXCUSE, Opinion.UNACCEPTABLE} and latest > known
    assert reopens(opinion, known=known, latest=latest) is expected
    assert AGAINST_HIM == {Opinion.NO_EXCUSE, Opinion.UNACCEPTABLE}
    assert NOT_SHOWN == {Paper.NONE, Paper.PROMISED}
