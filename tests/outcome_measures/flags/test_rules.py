"""Each flag at the edges of its rule; that order never matters; what a key stands for."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcome_measures.flag_kinds import FlagKind
from outcome_measures.flags.due import Schedule
from outcome_measures.flags.standing import flags
from outcome_measures.flags.state import CaseMeasures, Flag, Thresholds
from outcome_measures.flags.words import KIND_WORDS, LOCAL
from outcome_measures.time_points import Origin, TimePoint
from tests.outcome_measures.flags.cases import TODAY, at, man, met, on, said

K = FlagKind


def kinds(state: CaseMeasures) -> set[tuple[FlagKind, str | None]]:
    return {(flag.kind, flag.instrument) for flag in flags(state)}


def only(state: CaseMeasures, kind: FlagKind) -> Flag:
    (flag,) = [flag for flag in flags(state) if flag.kind is kind]
    return flag


@pytest.mark.parametrize(
    ("answers", "raised"),
    [
        ([said(1, 0)], 0),
        ([said(1, 1)], 1),
        ([said(1, 3)], 1),
        ([said(1, None)], 1),
        ([said(1, 2), said(2, 0)], 0),
        ([said(1, 0), said(2, 1)], 1),
        ([said(1, 2), said(2, 2)], 1),
        ([said(1, 2), said(2, 1)], 1),
        ([said(1, 1), said(2, 2)], 2),
        ([said(1, 1), said(2, None)], 1),
        ([said(1, 1), said(2, None), said(3, 2)], 2),
        ([said(1, 3, historic=True)], 0),
        ([said(1, 1, historic=True), said(2, 2)], 2),
        ([said(1, 2), said(2, 3, historic=True)], 1),
        ([said(1, 2), said(2, 0, historic=True)], 1),
        ([said(1, 0), said(2, 3, historic=True)], 0),
    ],
)
def test_risk_is_the_latest_answer_above_zero_or_silent_and_a_rise_has_its_own(
    answers: list[object], raised: int
) -> None:
    found = flags(man(risk=answers, sessions=0))  # type: ignore[arg-type]
    assert [flag.kind for flag in found] == [K.RISK] * raised
    assert sum("higher than the time before" in flag.rule for flag in found) == (raised == 2)


@pytest.mark.parametrize("before", [[], [said(1, 0)], [said(1, 3)]])
def test_an_answer_after_silence_is_told_anew(before: list[object]) -> None:
    """Whoever responded to the silence has not seen it."""
    risk = [*before, said(2, None), said(3, 3)]
    found = flags(man(risk=risk, sessions=0))  # type: ignore[arg-type]
    assert [flag.kind for flag in found] == [K.RISK] * 2
    assert len({flag.key for flag in found}) == 2
    assert any(
        "was not answered on 9 March 2026, and was answered 3 on 16 March 2026" in flag.reason
        for flag in found
    )


def test_the_reason_of_a_risk_flag_says_what_was_answered_and_when() -> None:
    assert only(man(risk=[said(1, None)]), K.RISK).reason == (
        "Question 9 of PHQ-9 (harm to himself) was not answered on 2 March 2026."
    )
    reason = only(man(risk=[said(1, 0), said(2, 2)]), K.RISK).reason
    assert (
        reason == "Question 9 of PHQ-9 (harm to himself) was answered 2 on 9 March 2026, up from "
        "0 the time before."
    )


@pytest.mark.parametrize(
    ("phq", "gad", "worse"),
    [
        ([10, 15], [8, 8], set()),
        ([10, 16], [8, 8], {"phq9"}),
        ([10, 10], [8, 11], set()),
        ([10, 10], [8, 12], {"gad7"}),
        ([10, 17], [8, 13], {"phq9", "gad7"}),
        ([10, 16, 15], [8, 8, 8], set()),
        ([16, 10], [12, 8], set()),
        ([10, None], [8, 8], set()),
    ],
)
def test_worse_is_a_reliable_rise_from_the_first_score_and_says_which(
    phq: list[int | None], gad: list[int | None], worse: set[str]
) -> None:
    found = [flag for flag in flags(man(phq, gad)) if flag.kind is K.WORSE]
    assert {flag.instrument for flag in found} == worse


def test_worse_says_the_score_changed_and_never_that_he_did() -> None:
    flag = only(man([10, 16], [8, 8]), K.WORSE)
    assert flag.reason == "PHQ-9 score changed from 10 to 16 (up 6), 2 March 2026 to 9 March 2026."
    assert "at least 6 points" in flag.rule


def test_a_further_rise_by_as_much_again_is_told_anew() -> None:
    first, further = man([3, 9], [1, 1]), man([3, 9, 15], [1, 1, 1])
    again = man([3, 9, 10], [1, 1, 1])
    assert only(first, K.WORSE).key == only(again, K.WORSE).key
    assert only(first, K.WORSE).key != only(further, K.WORSE).key


@pytest.mark.parametrize(
    ("phq", "gad", "mixed"),
    [
        ([16, 10], [4, 8], True),
        ([16, 11], [4, 8], False),
        ([16, 10], [4, 7], False),
        ([10, 16], [12, 8], True),
        ([16, 10], [12, 8], False),
        ([16, 10], [4], False),
    ],
)
def test_mixed_is_one_reliably_down_and_another_reliably_up(
    phq: list[int | None], gad: list[int | None], mixed: bool
) -> None:
    assert ((K.MIXED, None) in kinds(man(phq, gad))) is mixed


@pytest.mark.parametrize(
    ("phq", "gad", "sessions", "raised"),
    [
        ([15, 14, 13, 12], [10] * 4, 4, False),
        ([15, 14, 13, 12, 10], [10] * 5, 5, True),
        ([15, 14, 13, 12, 9], [10] * 5, 5, False),
        ([15, 14, 13, 12, 12], [10, 10, 10, 10, 6], 5, False),
        ([15, 14, 13, 12, 21], [10] * 5, 5, False),
        ([15], [10], 5, False),
        ([15, 14, 13, 12, 10], [10], 5, True),
        ([15, 14], [10, 10], 5, True),
    ],
)
def test_no_reliable_change_is_judged_from_the_session_of_the_policy_on(
    phq: list[int | None], gad: list[int | None], sessions: int, raised: bool
) -> None:
    state = man(phq, gad, sessions=sessions)
    assert ((K.NO_RELIABLE_CHANGE, None) in kinds(state)) is raised


def test_the_policy_moves_the_session_and_is_named_as_local() -> None:
    state = man([15, 14, 13], [10, 10, 10], thresholds=Thresholds(no_change_from=3))
    rule = only(state, K.NO_RELIABLE_CHANGE).rule
    assert "session 3" in rule and LOCAL in rule


def test_past_scores_that_were_imported_count_as_sessions_he_had() -> None:
    state = man([15, 14, 13, 12, 10], [10] * 5, sessions=0)
    assert kinds(state) == {(K.NO_RELIABLE_CHANGE, None)}


def test_a_first_score_without_room_to_fall_is_said() -> None:
    state = man([5, 5, 5, 5, 5], [9, 9, 9, 9, 9])
    said_so = "The first score left no room for 6 points fewer."
    assert said_so in only(state, K.NO_RELIABLE_CHANGE).reason
    roomy = man([6, 5, 5, 5, 5], [9, 9, 9, 9, 9])
    assert said_so not in only(roomy, K.NO_RELIABLE_CHANGE).reason


@pytest.mark.parametrize(
    ("phq", "gad", "planned", "raised"),
    [
        ([12] * 9, [3] * 9, 12, False),
        ([12] * 10, [3] * 10, 12, True),
        ([12] * 9 + [10], [3] * 10, 12, True),
        ([12] * 9 + [9], [3] * 10, 12, False),
        ([12] * 9 + [9], [3] * 9 + [8], 12, True),
        ([12] * 9 + [9], [3] * 9 + [7], 12, False),
        ([12] * 10, [3] * 10, None, False),
        ([12] * 14, [3] * 14, 12, True),
        ([12] * 9 + [None], [3] * 10, 12, True),
    ],
)
def test_above_the_cut_off_is_judged_only_near_a_planned_end(
    phq: list[int | None], gad: list[int | None], planned: int | None, raised: bool
) -> None:
    state = man(phq, gad, planned=planned)
    assert ((K.ABOVE_CUT_OFF, None) in kinds(state)) is raised


def test_a_score_before_sentence_says_nothing_about_the_end() -> None:
    before = replace(at(1, 20), point=TimePoint.PRE_SENTENCE, session_number=None)
    state = replace(man(sessions=2, planned=2), points=(before,))
    assert (K.ABOVE_CUT_OFF, None) not in kinds(state)


@pytest.mark.parametrize(
    ("phq", "sessions", "raised"),
    [
        ([12, 11], 2, False),
        ([12], 1, False),
        ([12, None], 2, True),
        ([12], 2, True),
        ([None, None], 2, True),
        ([None], 1, True),
        ([], 1, True),
        ([12, None, 10], 3, False),
        ([12, 11, None], 3, True),
    ],
)
def test_not_measured_is_a_session_without_a_score_or_no_pair_in_time(
    phq: list[int | None], sessions: int, raised: bool
) -> None:
    state = man(phq, [5] * sessions, sessions=sessions)
    assert ((K.NOT_MEASURED, "phq9") in kinds(state)) is raised
    assert (K.NOT_MEASURED, "gad7") not in kinds(state)


def test_a_session_held_today_is_judged_when_it_is_closed_or_over() -> None:
    open_today = replace(man(sessions=0, today=on(1)), contacts=(met(1, closed=False),))
    assert kinds(open_today) == set()
    assert (K.NOT_MEASURED, "phq9") in kinds(replace(open_today, contacts=(met(1),)))
    next_day = replace(open_today, today=on(1) + timedelta(days=1))
    assert (K.NOT_MEASURED, "phq9") in kinds(next_day)


def test_a_measure_not_asked_at_each_session_is_not_missed() -> None:
    schedules = {"phq9": Schedule.START_AND_END, "gad7": Schedule.NEVER}
    state = man([12], sessions=3, planned=12, schedules=schedules)
    assert kinds(state) == set()
    assert (K.NOT_MEASURED, "phq9") in kinds(man([], sessions=1, schedules=schedules))


def test_a_typed_total_is_a_score() -> None:
    typed = replace(at(2, 12), origin=Origin.TOTAL)
    state = replace(man([12], [5, 5], sessions=2), points=(at(1, 12), typed, at(1, 5, "gad7"),
                                                           at(2, 5, "gad7")))  # fmt: skip
    assert (K.NOT_MEASURED, "phq9") not in kinds(state)


@pytest.mark.parametrize(
    ("phq", "gad", "raised"),
    [
        ([10, 9], [7, 7], True),
        ([9, 8], [7, 6], False),
        ([9, 9], [8, 7], True),
        ([10, 10], [8, 7], False),
        ([10, 9], [8, 8], False),
        ([10, 9], [8], False),
    ],
)
def test_crossed_needs_a_start_at_a_cut_off_and_every_score_below_now(
    phq: list[int | None], gad: list[int | None], raised: bool
) -> None:
    assert ((K.CROSSED, None) in kinds(man(phq, gad))) is raised


def test_crossed_says_whether_the_change_is_reliable() -> None:
    assert "No score has changed reliably." in only(man([10, 9], [7, 7]), K.CROSSED).reason
    assert "Reliable improvement on PHQ-9." in only(man([15, 9], [7, 7]), K.CROSSED).reason
    opposed = only(man([16, 9], [3, 7]), K.CROSSED).reason
    assert "Reliable improvement on PHQ-9. GAD-7 went up reliably." in opposed


def test_follow_up_changes_nothing() -> None:
    after = replace(at(9, 27), point=TimePoint.FOLLOW_UP, session_number=None)
    state = man([15, 9], [9, 5])
    assert flags(replace(state, points=(*state.points, after))) == flags(state)


def test_a_flag_keeps_its_key_while_its_rule_holds_and_gets_another_when_it_comes_back() -> None:
    up, still, down = man([10, 16], [8, 8]), man([10, 16, 17], [8] * 3), man([10, 16, 12], [8] * 3)
    back = man([10, 16, 12, 16], [8] * 4)
    assert only(up, K.WORSE).key == only(still, K.WORSE).key
    assert only(up, K.WORSE).since == on(2)
    assert (K.WORSE, "phq9") not in kinds(down)
    assert only(back, K.WORSE).key != only(up, K.WORSE).key


TOTALS = st.lists(st.none() | st.integers(0, 27), max_size=12)
ANXIOUS = st.lists(st.none() | st.integers(0, 21), max_size=12)
ITEM_9 = st.lists(st.none() | st.integers(0, 3), max_size=6)


@given(TOTALS, ANXIOUS, ITEM_9, st.none() | st.integers(1, 12), st.randoms(use_true_random=False))
def test_the_order_of_recording_never_matters(
    phq: list[int | None],
    gad: list[int | None],
    item_9: list[int | None],
    planned: int | None,
    chance: object,
) -> None:
    answers = [said(n, value) for n, value in enumerate(item_9, 1)]
    state = man(phq, gad, planned=planned, risk=answers)
    points, contacts, risk = list(state.points), list(state.contacts), list(state.risk_answers)
    for rows in (points, contacts, risk):
        chance.shuffle(rows)  # type: ignore[attr-defined]
    mixed = replace(state, points=tuple(points), contacts=tuple(contacts), risk_answers=tuple(risk))
    assert flags(mixed) == flags(state)


@given(TOTALS, ANXIOUS, ITEM_9, st.none() | st.integers(1, 12))
def test_keys_are_distinct_and_say_no_more_than_kind_instrument_and_day(
    phq: list[int | None], gad: list[int | None], item_9: list[int | None], planned: int | None
) -> None:
    found = flags(
        man(phq, gad, planned=planned, risk=[said(n, v) for n, v in enumerate(item_9, 1)])
    )
    assert len({flag.key for flag in found}) == len(found)
    for flag in found:
        assert len(flag.key) <= 100
        assert flag.since <= TODAY
        assert flag.rule.endswith(".") and flag.reason.endswith(".")
        said_of_him = f"{flag.rule} {flag.reason} {KIND_WORDS[flag.kind]}".casefold()
        assert not {"patient", "deteriorated", "risk level"} & set(said_of_him.split())
        assert "deteriorat" not in said_of_him


@given(TOTALS, ANXIOUS)
def test_better_and_worse_exclude_each_other_and_no_change(
    phq: list[int | None], gad: list[int | None]
) -> None:
    found = kinds(man(phq, gad))
    changed = {(K.WORSE, "phq9"), (K.WORSE, "gad7"), (K.MIXED, None)}
    if (K.NO_RELIABLE_CHANGE, None) in found:
        assert not found & changed
    if (K.MIXED, None) in found:
        assert found & {(K.WORSE, "phq9"), (K.WORSE, "gad7")}


def test_nothing_recorded_raises_nothing() -> None:
    assert flags(man()) == ()
    assert flags(replace(man(), today=date(2030, 1, 1))) == ()
