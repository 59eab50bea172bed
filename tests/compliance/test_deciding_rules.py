"""What a decision on an absence has to say: the rules alone."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.compliance.attendance import MISSED, Happened
from mhtr.compliance.deciding import (
    NOTHING_TO_TAKE_BACK,
    NOTICE,
    OFFERED,
    UNTIL,
    UNTIL_PAST,
    WHY_AGAIN,
    Decision,
    Known,
    early,
    evidence_until,
    is_to_decide,
    objections,
)
from mhtr.compliance.standing.facts import Notice, Opinion

N = Notice
TODAY = date(2026, 11, 18)
OPEN, OVER = TODAY, TODAY - timedelta(days=1)
"""Last days for his evidence: one that is not over, and one that is."""


def known(until: date = OVER, notice: Notice = N.PROVEN, before: Decision | None = None) -> Known:
    return Known(notice, until, before)


AGAINST = Decision(Opinion.NO_EXCUSE)
EXCUSED = Decision(Opinion.EXCUSED)


@pytest.mark.parametrize(
    ("decision", "on_record", "expected"),
    [
        (EXCUSED, known(), ()),
        (EXCUSED, known(OPEN), ()),
        (EXCUSED, known(OPEN, N.NOT_PROVEN), ()),
        (AGAINST, known(), ()),
        # Before his evidence is due it needs a reason; the last day is his.
        (AGAINST, known(OPEN), (("why", early(known(OPEN))),)),
        (Decision(Opinion.NO_EXCUSE, why="He said that he will send none"), known(OPEN), ()),
        (Decision(Opinion.NO_EXCUSE, why="   "), known(OPEN), (("why", early(known(OPEN))),)),
        # A notice that is not proven never counts by itself.
        (AGAINST, known(notice=N.NOT_PROVEN), (("notice_why", NOTICE),)),
        (AGAINST, known(notice=N.NOT_USABLE), (("notice_why", NOTICE),)),
        (Decision(Opinion.NO_EXCUSE, notice_why="He told me"), known(notice=N.NOT_PROVEN), ()),
        (
            AGAINST,
            known(OPEN, N.NOT_PROVEN),
            (("notice_why", NOTICE), ("why", early(known(OPEN)))),
        ),
        (Decision(Opinion.MORE_WANTED), known(), (("until", UNTIL),)),
        (Decision(Opinion.MORE_WANTED, TODAY), known(), (("until", UNTIL_PAST),)),
        (Decision(Opinion.MORE_WANTED, TODAY + timedelta(days=1)), known(), ()),
        # What was decided is changed only with words.
        (AGAINST, known(before=EXCUSED), (("why", WHY_AGAIN),)),
        (EXCUSED, known(before=AGAINST), (("why", WHY_AGAIN),)),
        (Decision(Opinion.EXCUSED, why="A letter of the hospital"), known(before=AGAINST), ()),
        (Decision(Opinion.TAKEN_BACK, why="Wrong man"), known(before=AGAINST), ()),
        (Decision(Opinion.TAKEN_BACK), known(before=AGAINST), (("why", WHY_AGAIN),)),
        (Decision(Opinion.TAKEN_BACK, why="x"), known(), (("opinion", NOTHING_TO_TAKE_BACK),)),
    ],
)
def test_what_is_missing(
    decision: Decision, on_record: Known, expected: tuple[tuple[str, str], ...]
) -> None:
    assert objections(decision, on_record, TODAY) == expected


@pytest.mark.parametrize(
    ("asked", "put_off", "expected"),
    [
        (date(2026, 11, 18), None, date(2026, 11, 25)),
        (date(2028, 2, 25), None, date(2028, 3, 3)),  # over a leap day
        (date(2026, 11, 18), date(2026, 12, 2), date(2026, 12, 2)),
        (date(2026, 11, 18), date(2026, 11, 20), date(2026, 11, 25)),  # never less than his days
    ],
)
def test_until_when_his_evidence_may_come(
    asked: date, put_off: date | None, expected: date
) -> None:
    assert evidence_until(asked, 7, put_off) == expected


@pytest.mark.parametrize("happened", Happened)
def test_only_a_miss_or_what_was_described_is_decided(happened: Happened) -> None:
    assert is_to_decide(happened, required=True, described=False) is (happened in MISSED)
    assert is_to_decide(happened, required=True, described=True)
    assert not is_to_decide(happened, required=False, described=True)


def test_nothing_against_him_comes_first_or_alone() -> None:
    assert set(OFFERED) == {Opinion.EXCUSED, Opinion.NO_EXCUSE, Opinion.MORE_WANTED}


@given(
    st.sampled_from(N),
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.text(max_size=3),
    st.text(max_size=3),
)
def test_against_him_needs_proof_and_time_or_words(
    notice: Notice, until: date, why: str, notice_why: str
) -> None:
    decision = Decision(Opinion.NO_EXCUSE, why=why, notice_why=notice_why)
    if not objections(decision, known(until, notice), TODAY):
        assert notice is N.PROVEN or notice_why.strip()
        assert until < TODAY or why.strip()
