"""What may be recorded, and what each fact is called elsewhere: tables and invariants."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.compliance import crosswalk
from mhtr.compliance.attendance import (
    BEFOREHAND,
    HAPPENED_WORDS,
    MISSED,
    NEVER_HIS,
    REASON_WORDS,
    TOOK_PLACE,
    Happened,
    ReasonGiven,
    Told,
    in_words,
    is_unexplained,
    needs_call,
    objections,
)
from mhtr.compliance.contact_rules import Attempt, Reached, Wanted, Way, is_enough
from mhtr.compliance.contact_rules import objections as contact_objections
from mhtr.compliance.crosswalk import ABSENT, ABSENT_NHS, NEVER_HERE, codes_of, faults
from mhtr.core.codes.lists import load, parse

STARTS = datetime(2026, 11, 18, 10, tzinfo=UTC)
AFTER = STARTS + timedelta(hours=1)
DAY = date(2026, 11, 18)
H = Happened


def fields(told: Told, now: datetime = AFTER) -> list[str]:
    return [field for field, _ in objections(told, starts_at=STARTS, now=now)]


def test_each_fact_is_one_of_three_kinds_and_has_words() -> None:
    assert TOOK_PLACE | MISSED | NEVER_HIS == set(Happened)
    assert not (TOOK_PLACE & MISSED or TOOK_PLACE & NEVER_HIS or MISSED & NEVER_HIS)
    assert set(HAPPENED_WORDS) == set(Happened)
    assert set(REASON_WORDS) == set(ReasonGiven)
    assert in_words(H.SEEN_LATE, 1) == "Came 1 minute late and was still seen"
    assert in_words(H.SEEN_LATE, 12) == "Came 12 minutes late and was still seen"


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        (Told(H.SEEN), []),
        (Told(H.SEEN, described="Shouted at the receptionist", concern="Low"), []),
        (Told(H.SEEN_LATE, 12), []),
        (Told(H.SEEN_LATE), ["minutes_late"]),
        (Told(H.SEEN_LATE, 0), ["minutes_late"]),
        (Told(H.SEEN_LATE, 241), ["minutes_late"]),
        (Told(H.TOO_LATE, 30), ["minutes_late"]),
        (Told(H.DID_NOT_COME), []),
        (Told(H.DID_NOT_COME, reason=ReasonGiven.ILLNESS, reason_detail="Flu"), []),
        (Told(H.DID_NOT_COME, reason_detail="Flu"), ["reason"]),
        (Told(H.SEEN, reason=ReasonGiven.WORK), ["reason"]),
        (Told(H.WE_CANCELLED, reason=ReasonGiven.WORK), ["reason"]),
        (Told(H.NOT_SEEN_BY_US, 5), ["minutes_late"]),
    ],
)
def test_what_may_be_told(told: Told, wrong: list[str]) -> None:
    assert fields(told) == wrong


@pytest.mark.parametrize("happened", list(Happened))
def test_nothing_happens_before_the_session_but_cancelling(happened: Happened) -> None:
    told = Told(happened, 5 if happened is H.SEEN_LATE else None)
    early = fields(told, STARTS - timedelta(seconds=1))
    assert early == ([] if happened in BEFOREHAND else ["happened"])
    assert fields(told, STARTS) == []


@pytest.mark.parametrize(
    ("happened", "nhs", "suggested"),
    [
        (H.SEEN, "5", "ATTC"),
        (H.SEEN_LATE, "6", "ATTC"),
        (H.TOO_LATE, "7", "AFTA"),
        (H.DID_NOT_COME, "3", "AFTA"),
        (H.HE_CANCELLED, "2", "AFTA"),
        (H.NOT_SEEN_BY_US, "4", "ATSS"),
        (H.WE_CANCELLED, "4", "RSSR"),
        (H.OTHERS_CANCELLED, "4", "RSSR"),
    ],
)
def test_both_codes_follow_from_one_entry(happened: Happened, nhs: str, suggested: str) -> None:
    found = codes_of(happened, DAY)
    assert (found.nhs, found.suggested) == (nhs, suggested)
    assert found.nhs_words and found.suggested_words


def test_no_row_of_either_table_says_what_is_probations_to_say() -> None:
    nhs, probation = load("attendance_nhs"), load("attendance_probation")
    assert faults(nhs, probation) == ()
    for entry in probation.entries:
        assert entry.extras["ndelius"] not in NEVER_HERE, entry.code
        if H(entry.code) in NEVER_HIS:
            assert entry.extras["ndelius"] not in ABSENT, entry.code
    for entry in nhs.entries:
        if H(entry.code) in NEVER_HIS:
            assert entry.extras["nhs"] not in ABSENT_NHS, entry.code


HEAD = "code,label,valid_from,valid_to,source,verified,"


@pytest.mark.parametrize(
    ("nhs", "probation", "words"),
    [
        ("we_cancelled,2", "seen,ATTC", "no absence"),
        ("seen,5", "others_cancelled,AFTA", "no absence"),
        ("seen,5", "did_not_come,UAAB", "decision only"),
        ("seen,5", "seen,AFTC", "decision only"),
        ("seen,5", "he_cancelled,AAME", "decision only"),
        ("engaged,5", "seen,ATTC", "no fact"),
    ],
)
def test_a_table_that_says_it_is_not_used(
    monkeypatch: pytest.MonkeyPatch, nhs: str, probation: str, words: str
) -> None:
    tables = {
        "attendance_nhs": parse("a", HEAD + "nhs\n" + _row(nhs)),
        "attendance_probation": parse("b", HEAD + "ndelius\n" + _row(probation)),
    }
    monkeypatch.setattr(crosswalk, "load", tables.__getitem__)
    with pytest.raises(crosswalk.Unfit, match=words):
        codes_of(H.SEEN, DAY)


def _row(said: str) -> str:
    code, value = said.split(",")
    return f"{code},Words,,,A source,true,{value}\n"


def test_a_code_is_the_one_of_its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = (
        "seen,Before,,2026-11-17,A source,true,5\nseen,After,2026-11-18,2026-11-18,A source,true,15"
    )
    tables = {
        "attendance_nhs": parse("a", f"{HEAD}nhs\n{rows}\n"),
        "attendance_probation": load("attendance_probation"),
    }
    monkeypatch.setattr(crosswalk, "load", tables.__getitem__)
    assert [codes_of(H.SEEN, date(2026, 11, day)).nhs for day in (17, 18, 19)] == ["5", "15", ""]


@given(
    happened=st.sampled_from(Happened),
    reason=st.sampled_from(ReasonGiven),
    worse=st.booleans(),
    risk=st.booleans(),
)
def test_what_is_not_his_doing_asks_nothing_of_him(
    happened: Happened, reason: ReasonGiven, worse: bool, risk: bool
) -> None:
    asks = is_unexplained(happened, reason) or needs_call(happened, worse=worse, risk_open=risk)
    if happened not in MISSED:
        assert not asks
    if happened in NEVER_HIS:
        assert codes_of(happened, DAY).suggested in {"ATSS", "RSSR"}


@pytest.mark.parametrize(
    ("made", "enough"),
    [
        ([], False),
        ([("telephone", "no_answer")], False),
        ([("telephone", "no_answer"), ("telephone", "no_answer")], False),
        ([("telephone", "no_answer"), ("text", "sent")], True),
        ([("telephone", "spoke")], True),
        ([("telephone", "wrong_number"), ("letter", "sent")], True),
    ],
)
def test_when_he_was_tried_often_enough(made: list[tuple[str, str]], enough: bool) -> None:
    attempts = [Attempt(Way(way), Reached(reached)) for way, reached in made]
    assert is_enough(attempts, Wanted(2, 2)) is enough


@pytest.mark.parametrize(
    ("way", "reached", "minutes", "wrong"),
    [
        (Way.TELEPHONE, Reached.NO_ANSWER, 60, []),
        (Way.TELEPHONE, Reached.SENT, 60, ["reached"]),
        (Way.LETTER, Reached.SPOKE, 60, ["reached"]),
        (Way.TELEPHONE, Reached.SPOKE, -1, ["on"]),
        (Way.TELEPHONE, Reached.SPOKE, 121, ["on"]),
        (Way.THROUGH_SOMEBODY, Reached.MESSAGE_LEFT, 60, []),
    ],
)
def test_what_an_attempt_may_be(way: Way, reached: Reached, minutes: int, wrong: list[str]) -> None:
    at = STARTS + timedelta(minutes=minutes)
    now = STARTS + timedelta(minutes=120)
    found = contact_objections(Attempt(way, reached), at=at, starts_at=STARTS, now=now)
    assert [field for field, _ in found] == wrong
