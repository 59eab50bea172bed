"""The classes of NHS Talking Therapies: every published consequence, and what always holds."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcome_measures import change
from outcome_measures.change import Change, Classes, NoRule, Totals, Tri
from outcome_measures.instruments.gad7 import GAD7
from outcome_measures.instruments.phq9 import PHQ9

CLASSES = (
    "case_at_start",
    "recovery",
    "reliable_improvement",
    "reliable_deterioration",
    "no_reliable_change",
    "reliable_recovery",
)
Y, N, NA = Tri.YES, Tri.NO, Tri.NA


def classified(phq: Totals | None, gad: Totals | None) -> Classes:
    return change.classes(phq, gad, treatment_contacts=6, episode_ended=True)


def letters(found: Classes) -> str:
    return " ".join(getattr(found, name).value for name in CLASSES)


# PHQ-9 first and last, GAD-7 first and last; then the six classes in the order above.
PUBLISHED = [
    ("recovery without reliable change", (10, 9), (5, 5), "Y Y N N Y N"),
    ("recovery with reliable deterioration", (12, 8), (2, 7), "Y Y N Y N N"),
    ("improved but never a case", (9, 2), (6, 1), "N N Y N N N"),
    ("recovered, the two in opposite directions", (16, 9), (3, 7), "Y Y N N Y N"),
    ("reliable recovery", (18, 6), (14, 5), "Y Y Y N N Y"),
    ("reliable improvement, still a case", (22, 16), (8, 8), "Y N Y N N N"),
    ("recovery needs the anxiety score as well", (18, 6), (14, 8), "Y N Y N N N"),
    ("recovery needs the depression score as well", (18, 10), (14, 5), "Y N Y N N N"),
    ("a case by anxiety alone", (4, 4), (8, 7), "Y Y N N Y N"),
    ("one below both cut-offs", (9, 9), (7, 7), "N N N N Y N"),
    ("PHQ-9 down by five", (15, 10), (7, 7), "Y N N N Y N"),
    ("PHQ-9 down by six", (15, 9), (7, 7), "Y Y Y N N Y"),
    ("GAD-7 down by three", (5, 5), (10, 7), "Y Y N N Y N"),
    ("GAD-7 down by four", (5, 5), (11, 7), "Y Y Y N N Y"),
    ("PHQ-9 up by five", (5, 10), (7, 7), "N N N N Y N"),
    ("PHQ-9 up by six", (5, 11), (7, 7), "N N N Y N N"),
    ("GAD-7 up by three", (5, 5), (5, 8), "N N N N Y N"),
    ("GAD-7 up by four", (5, 5), (5, 9), "N N N Y N N"),
    ("both got worse", (5, 20), (5, 20), "N N N Y N N"),
    ("better on GAD-7, worse on PHQ-9", (3, 9), (12, 8), "Y N N N Y N"),
    ("extremes", (27, 0), (21, 0), "Y Y Y N N Y"),
    ("nothing to be seen", (0, 0), (0, 0), "N N N N Y N"),
]


@pytest.mark.parametrize(
    ("phq", "gad", "expected"), [row[1:] for row in PUBLISHED], ids=[row[0] for row in PUBLISHED]
)
def test_published_consequences(phq: tuple[int, int], gad: tuple[int, int], expected: str) -> None:
    assert letters(classified(Totals(*phq), Totals(*gad))) == expected


@pytest.mark.parametrize(
    ("phq", "gad", "named"),
    [
        (None, Totals(14, 2), "PHQ-9"),
        (Totals(20, 2), None, "GAD-7"),
        (None, None, "PHQ-9 and GAD-7"),
    ],
)
def test_a_measure_without_a_pair_gives_no_classification(
    phq: Totals | None, gad: Totals | None, named: str
) -> None:
    found = classified(phq, gad)
    assert letters(found) == "NA NA NA NA NA NA"
    assert found.completed_course is Y
    assert f"Not classifiable: no two complete scores of {named}." in found.reasons


@pytest.mark.parametrize(
    ("contacts", "ended", "completed", "interim", "reason"),
    [
        (2, True, Y, False, "Completed course: ended, with 2 attended"),
        (12, True, Y, False, "Completed course: ended, with 12 attended"),
        (1, True, N, False, "fewer than 2 treatment contacts"),
        (0, True, N, False, "fewer than 2 treatment contacts"),
        (12, False, N, True, "the episode has not ended"),
        (1, None, N, True, "fewer than 2 treatment contacts"),
        (None, False, N, True, "the episode has not ended"),
        (2, None, NA, True, "whether it ended not known"),
        (None, True, NA, False, "its treatment contacts not known"),
        (None, None, NA, True, "its treatment contacts and whether it ended not known"),
    ],
)
def test_completed_course(
    contacts: int | None, ended: bool | None, completed: Tri, interim: bool, reason: str
) -> None:
    found = change.classes(
        Totals(15, 9), Totals(7, 7), treatment_contacts=contacts, episode_ended=ended
    )
    assert found.completed_course is completed
    assert found.interim is interim
    assert reason in found.reasons[0]
    assert any("interim" in line for line in found.reasons) is interim
    # What became of the scores does not depend on whether the course was completed.
    assert letters(found) == "Y Y Y N N Y"


@pytest.mark.parametrize(
    ("phq", "gad", "expected"),
    [
        (10, None, Y),
        (None, 8, Y),
        (9, None, NA),
        (None, 7, NA),
        (9, 7, N),
        (9, 8, Y),
        (None, None, NA),
    ],
)
def test_caseness_by_first_scores_alone(phq: int | None, gad: int | None, expected: Tri) -> None:
    assert change.at_caseness(phq, gad) is expected


def test_the_reasons_name_scores_rules_and_the_opposite_directions() -> None:
    reasons = classified(Totals(16, 9), Totals(3, 7)).reasons
    assert reasons == (
        "Completed course: ended, with 6 attended treatment contacts.",
        "A case at the start and below both cut-offs at the last scores: "
        "first PHQ-9 16 and GAD-7 3, last 9 and 7.",
        "PHQ-9 went from 16 to 9: a reliable improvement (6 points are needed).",
        "GAD-7 went from 3 to 7: a reliable deterioration (4 points are needed).",
        "One measure improved reliably and the other got reliably worse: no reliable change.",
    )


@pytest.mark.parametrize(
    ("phq", "gad", "sentence"),
    [
        ((20, 2), (5, 5), "At least one measure improved reliably and neither got reliably worse."),
        ((2, 20), (5, 5), "At least one measure got reliably worse and neither improved reliably."),
        ((5, 5), (5, 5), "Neither measure changed reliably."),
    ],
)
def test_the_last_reason_says_how_the_two_go_together(
    phq: tuple[int, int], gad: tuple[int, int], sentence: str
) -> None:
    assert classified(Totals(*phq), Totals(*gad)).reasons[-1] == sentence


def test_the_reasons_tell_never_a_case_from_still_a_case() -> None:
    assert "Not a case at the start" in classified(Totals(9, 2), Totals(6, 1)).reasons[1]
    assert "still at a cut-off" in classified(Totals(20, 12), Totals(6, 1)).reasons[1]


def test_without_a_verified_rule_nothing_is_classified() -> None:
    assert PHQ9.reliable_change is not None
    assert PHQ9.caseness is not None
    unread = replace(PHQ9.citation, verified=False)
    unsigned = replace(
        PHQ9,
        reliable_change=replace(PHQ9.reliable_change, source=unread),
        caseness=replace(PHQ9.caseness, source=unread),
    )
    absent = replace(PHQ9, reliable_change=None, caseness=None)
    for instrument in (unsigned, absent):
        with pytest.raises(NoRule, match="PHQ-9 has no verified reliable change"):
            change.reliable(instrument, Totals(20, 2))
        with pytest.raises(NoRule, match="PHQ-9 has no verified cut-off"):
            change.is_case(instrument, 20)


def test_where_a_higher_score_is_better_a_rise_is_an_improvement() -> None:
    other_way = replace(PHQ9, lower_is_better=False, caseness=None)
    assert change.reliable(other_way, Totals(4, 10)) is Change.IMPROVED
    assert change.reliable(other_way, Totals(4, 9)) is Change.NONE
    assert change.reliable(other_way, Totals(10, 4)) is Change.DETERIORATED


BETTER, WORSE, SAME = Change.IMPROVED, Change.DETERIORATED, Change.NONE


@pytest.mark.parametrize(
    ("count_of", "changes", "expected"),
    [
        (1, (BETTER, SAME, WORSE), Y),
        (1, (SAME, SAME, WORSE), N),
        (1, (SAME, None), NA),
        (1, (BETTER, None), Y),
        (1, (), N),
        (2, (BETTER, BETTER, WORSE), Y),
        (2, (BETTER, SAME, SAME), N),
        (2, (BETTER, SAME, None), NA),
        (2, (SAME, SAME, None), N),
        (2, (BETTER, BETTER, None), Y),
        (2, (None, None, None), NA),
    ],
)
def test_improved_on_so_many(
    count_of: int, changes: tuple[Change | None, ...], expected: Tri
) -> None:
    assert change.improved_on(count_of, changes) is expected


def test_every_answer_has_words() -> None:
    assert [answer.words for answer in Tri] == ["yes", "no", "not classifiable"]


PHQS = st.builds(Totals, st.integers(0, 27), st.integers(0, 27))
GADS = st.builds(Totals, st.integers(0, 21), st.integers(0, 21))
RELIABLE = ("reliable_improvement", "reliable_deterioration", "no_reliable_change")


@given(
    st.one_of(st.none(), PHQS),
    st.one_of(st.none(), GADS),
    st.one_of(st.none(), st.integers(0, 20)),
    st.sampled_from([True, False, None]),
)
def test_classification_is_total_and_exclusive(
    phq: Totals | None, gad: Totals | None, contacts: int | None, ended: bool | None
) -> None:
    found = change.classes(phq, gad, treatment_contacts=contacts, episode_ended=ended)
    assert all(found.reasons)
    unknown = {name for name in CLASSES if getattr(found, name) is NA}
    if phq is None or gad is None:
        assert unknown == set(CLASSES)
        return
    assert unknown == set()
    assert [getattr(found, name) for name in RELIABLE].count(Y) == 1
    if found.recovery is Y:
        assert found.case_at_start is Y
    both = found.recovery is Y and found.reliable_improvement is Y
    assert (found.reliable_recovery is Y) is both


@given(PHQS, GADS)
def test_turned_round_improvement_is_deterioration(phq: Totals, gad: Totals) -> None:
    there = classified(phq, gad)
    back = classified(Totals(phq.last, phq.first), Totals(gad.last, gad.first))
    assert there.reliable_improvement is back.reliable_deterioration
    assert there.no_reliable_change is back.no_reliable_change


@given(PHQS, GADS)
def test_the_thresholds_are_those_of_the_instruments(phq: Totals, gad: Totals) -> None:
    for instrument, totals in ((PHQ9, phq), (GAD7, gad)):
        assert instrument.reliable_change is not None
        assert instrument.caseness is not None
        points = instrument.reliable_change.points
        drop = totals.first - totals.last
        expected = BETTER if drop >= points else WORSE if drop <= -points else SAME
        assert change.reliable(instrument, totals) is expected
        at_least = instrument.caseness.at_least
        assert change.is_case(instrument, totals.first) is (totals.first >= at_least)


def test_all_classes_are_tested_above() -> None:
    others = {"completed_course", "interim", "reasons"}
    assert {field.name for field in fields(Classes)} == {*CLASSES, *others}
