"""What a clinician reads about scores: the finding, band and cut-off apart, where it began."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcome_measures.change import Totals, Tri, classes, improved_on
from outcome_measures.charts.content import Mark
from outcome_measures.charts.key import key_entries
from outcome_measures.definitions import Instrument
from outcome_measures.instruments.gad7 import GAD7
from outcome_measures.instruments.pcl5 import PCL5
from outcome_measures.instruments.phq9 import PHQ9
from outcome_measures.reading import class_words, words
from outcome_measures.reading.alt_words import alt
from outcome_measures.reading.rules import Held, Reading, chart_of, read
from outcome_measures.series import BaselineRule, ScorePoint
from outcome_measures.signing.rules import with_signed
from outcome_measures.time_points import Origin, TimePoint
from tests.outcome_measures.points import FIRST_SESSION, apart, course, session

RULE = BaselineRule.LAST_BEFORE_OR_AT_FIRST_SESSION


def reading(
    points: list[ScorePoint],
    instrument: Instrument = PHQ9,
    rule: BaselineRule = RULE,
    began: date | None = FIRST_SESSION,
) -> Reading:
    return read(instrument, points, rule, began)


def said(shown: Reading) -> dict[str, str]:
    return {fact.about: fact.words for fact in words.facts(shown)}


HEADLINES = [
    ((21, 12), "down 9 points since the start: reliable improvement; still above the cut-off."),
    ((21, 10), "down 11 points since the start: reliable improvement; still at the cut-off."),
    ((21, 9), "down 12 points since the start: reliable improvement; now below the cut-off."),
    ((15, 10), "down 5 points since the start: no reliable change; still at the cut-off."),
    ((16, 10), "down 6 points since the start: reliable improvement; still at the cut-off."),
    ((10, 9), "down 1 point since the start: no reliable change; now below the cut-off."),
    ((12, 12), "unchanged since the start: no reliable change; still above the cut-off."),
    (
        (8, 14),
        "up 6 points since the start: reliable deterioration of the score; now above the cut-off.",
    ),
    ((4, 9), "up 5 points since the start: no reliable change; still below the cut-off."),
]


@pytest.mark.parametrize(("totals", "expected"), HEADLINES)
def test_the_finding_in_one_sentence(totals: tuple[int, int], expected: str) -> None:
    assert words.headline(reading(course(*totals))) == f"PHQ-9 {expected}"


@pytest.mark.parametrize(
    ("totals", "expected"),
    [
        ((12, 8), "down 4 points since the start: reliable improvement; still at the cut-off."),
        ((12, 9), "down 3 points since the start: no reliable change; still above the cut-off."),
        (
            (3, 7),
            "up 4 points since the start: reliable deterioration of the score; "
            "still below the cut-off.",
        ),
    ],
)
def test_another_measure_has_its_own_numbers(totals: tuple[int, int], expected: str) -> None:
    shown = reading(course(*totals, instrument="gad7"), GAD7)
    assert words.headline(shown) == f"GAD-7 {expected}"


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ([], "PHQ-9 was not asked yet."),
        (course(None), "PHQ-9 has no complete score yet."),
        (
            [apart(18)],
            "PHQ-9 was 18 before sentence, above the cut-off; there is no score since sentence.",
        ),
        (
            course(16),
            "PHQ-9 is 16, above the cut-off: one score so far, so there is no change to tell.",
        ),
        (
            [apart(6, TimePoint.FOLLOW_UP, date(2027, 3, 1))],
            "PHQ-9 was 6 at follow-up; there is no score before it.",
        ),
    ],
)
def test_without_two_scores_no_change_is_told(points: list[ScorePoint], expected: str) -> None:
    assert words.headline(reading(points)) == expected


def test_band_and_cut_off_are_separate_facts() -> None:
    mild_and_a_case = {fact.about: fact.words for fact in words.standing(GAD7, 8)}
    assert mild_and_a_case == {
        "Severity band": "Mild (5 to 9)",
        "Cut-off": "At or above the cut-off of 8: a case",
    }
    assert words.standing(GAD7, 7)[1].words == "Below the cut-off of 8: not a case"


def test_every_fact_stands_by_itself() -> None:
    points = [apart(22), *course(21, 19, None, 13, 15)]
    assert said(reading(points)) == {
        "Last score": "15 out of 27, on 31 August 2026, session 5",
        "Severity band": "Moderately severe (15 to 19)",
        "Cut-off": "At or above the cut-off of 10: a case",
        "Since the start": "Down 6 points, from 21: reliable improvement (6 points or more counts)",
        "Since last time": "Up 2 points, from 13 on 24 August 2026, session 4",
        "First score": "21, on 3 August 2026, session 1: the last complete score by the first "
        "treatment session, on 3 August 2026",
        "Before sentence": "22, on 4 May 2026",
        "Severity band before sentence": "Severe (20 to 27)",
        "Cut-off before sentence": "At or above the cut-off of 10: a case",
        "Asked, not complete": "17 August 2026: no score, and a gap in the chart",
    }


def test_the_first_score_says_which_rule_made_it_so() -> None:
    late = course(None, 20, 12)
    assert "there was none by the first treatment session" in said(reading(late))["First score"]
    first = reading([apart(22), *course(21, 12)], rule=BaselineRule.FIRST_OF_CASE)
    assert said(first)["First score"] == (
        "22, on 4 May 2026, before sentence: the first complete score of the case"
    )
    assert said(first)["Before sentence"].endswith("also the first score above")
    waiting = reading([apart(22)], began=None)
    assert "treatment has not begun" in said(waiting)["First score"]


def test_a_score_after_discharge_is_part_of_no_outcome() -> None:
    points = [*course(21, 12), apart(4, TimePoint.FOLLOW_UP, date(2027, 3, 1))]
    shown = reading(points)
    assert words.headline(shown) == (
        "PHQ-9 down 9 points from the start to the end of treatment: reliable improvement; above "
        "the cut-off then. At follow-up on 1 March 2027: 4, below the cut-off."
    )
    assert words.brief(shown) == (
        "at follow-up, below the cut-off; in treatment down 9 points: reliable improvement"
    )
    assert words.headline(shown) in alt(shown)
    facts = said(shown)
    assert facts["Follow-up"] == "4, on 1 March 2027: part of no outcome"
    assert facts["Severity band at follow-up"] == "Minimal (0 to 4)"
    assert facts["Cut-off at follow-up"] == "Below the cut-off of 10: not a case"
    assert facts["Last score in treatment"].startswith("12 out of 27")


def test_one_score_of_treatment_and_follow_up_tell_no_change() -> None:
    shown = reading([*course(21), apart(4, TimePoint.FOLLOW_UP, date(2027, 3, 1))])
    assert words.headline(shown) == (
        "PHQ-9 was 21, above the cut-off, in treatment: one score, so there is no change to tell. "
        "At follow-up on 1 March 2027: 4, below the cut-off."
    )
    assert words.brief(shown) == "at follow-up, below the cut-off"


def test_a_change_counted_from_before_sentence_says_so() -> None:
    shown = reading([apart(11), *course(14, 5)], rule=BaselineRule.FIRST_OF_CASE)
    assert words.headline(shown).startswith("PHQ-9 down 6 points since before sentence: reliable")
    assert "2 scores since sentence, from 14 on" in alt(shown)


def test_a_typed_total_is_told_wherever_it_is_named() -> None:
    points = [session(1, 20, origin=Origin.TOTAL), session(2, 12, origin=Origin.TOTAL)]
    shown = said(reading(points))
    for about in ("Last score", "First score", "Since last time"):
        assert "(total typed in)" in shown[about], about


def test_what_stands_for_the_chart_tells_the_finding_and_its_gaps() -> None:
    told = alt(reading(course(21, None, 12)), [date(2026, 8, 24)])
    assert told == (
        "Chart: PHQ-9 down 9 points since the start: reliable improvement; still above the "
        "cut-off. 2 scores since sentence, from 21 on 3 August 2026 to 12 on 17 August 2026. "
        "Gaps: 1 not complete, 1 session missed. The numbers are in the table."
    )


def test_the_classes_are_yes_no_or_not_classifiable() -> None:
    found = classes(Totals(21, 9), Totals(15, 6), treatment_contacts=4, episode_ended=True)
    rows = {row.about: row.words for row in class_words.class_rows(found)}
    assert rows["Reliable recovery"] == "Yes"
    assert rows["No reliable change"] == "No"
    unknown = classes(None, Totals(15, 6), treatment_contacts=4, episode_ended=False)
    rows = {row.about: row.words for row in class_words.class_rows(unknown)}
    assert rows["Recovery"] == "Not classifiable"
    counted = class_words.improved_rows(
        improved_on(1, [None]), Tri.NO, ["PHQ-9", "GAD-7", "CORE-10"]
    )
    assert counted[0].about == "Improved on at least one of PHQ-9 and GAD-7"
    assert counted[1].about == "Improved on at least two of PHQ-9, GAD-7 and CORE-10"


totals = st.lists(st.none() | st.integers(0, 27), max_size=8)


@given(totals, st.none() | st.integers(0, 27), st.sampled_from(list(BaselineRule)))
def test_the_score_changes_and_never_the_man(
    given_totals: list[int | None], before: int | None, rule: BaselineRule
) -> None:
    shown = reading([apart(before), *course(*given_totals)], rule=rule)
    everything = [words.headline(shown), alt(shown), *said(shown).values()]
    for text in everything:
        assert "patient" not in text.lower()
        assert "None" not in text
        assert "deteriorated" not in text


@pytest.mark.parametrize(
    ("last", "words_of_it"),
    [
        (40, "Down 10 points, from 50: meaningful improvement (10 points or more counts)"),
        (
            45,
            "Down 5 points, from 50: no meaningful change (10 points or more counts); a response "
            "(5 points or more)",
        ),
        (46, "Down 4 points, from 50: no meaningful change (10 points or more counts)"),
        (
            60,
            "Up 10 points, from 50: meaningful deterioration of the score (10 points or more "
            "counts)",
        ),
    ],
)
def test_a_change_is_called_what_its_source_calls_it(last: int, words_of_it: str) -> None:
    """PCL-5: its source calls 10 points meaningful and 5 a response, and neither reliable."""
    shown = reading(course(50, last, instrument="pcl5"), with_signed(PCL5, {"reliable_change"}))
    assert said(shown)["Since the start"] == words_of_it
    everything = " ".join([words.headline(shown), words.brief(shown), *said(shown).values()])
    assert "reliabl" not in everything
    key = {entry.name: entry.words for entry in key_entries(chart_of(shown))}
    assert key["reliable"].startswith("meaningfully better 40")


def held(number: int, *, wanted: bool = True) -> Held:
    return Held(FIRST_SESSION + timedelta(days=7 * (number - 1)), number, wanted)


def test_sessions_without_the_measure_are_on_the_chart_and_told() -> None:
    points = [session(1, 21), session(4, 12)]
    found = read(PHQ9, points, RULE, FIRST_SESSION, every_session=True, held=[held(3), held(2)])
    assert "Gaps: 2 sessions without PHQ-9." in alt(found)
    assert said(found)["Sessions without it"] == (
        "10 August 2026, 17 August 2026: no score, and a gap in the chart"
    )
    shown = chart_of(found, [held(2).on])
    assert [(dot.session, dot.mark) for dot in shown.dots] == [
        (1, Mark.SCORED), (2, Mark.WITHOUT), (3, Mark.WITHOUT), (4, Mark.SCORED),
    ]  # fmt: skip
    assert "session without it: no score" in {entry.words for entry in key_entries(shown)}
    once = read(GAD7, [session(1, 9, instrument="gad7")], RULE, FIRST_SESSION, held=[held(2)])
    assert "one score so far" in alt(once) and "Gaps: 1 session without GAD-7." in alt(once)


def test_a_session_that_need_not_have_it_is_no_gap() -> None:
    sparse = read(PHQ9, [session(1, 21), session(4, 12)], RULE, FIRST_SESSION,
                  held=[held(2, wanted=False)])  # fmt: skip
    assert sparse.without == () and "Gaps" not in alt(sparse)
    in_a_row = read(PHQ9, [session(1, 21), session(2, 20), session(4, 12)], RULE, FIRST_SESSION,
                    held=[held(3, wanted=False), held(5, wanted=False)])  # fmt: skip
    assert [one.number for one in in_a_row.without] == [3], "between those that have it"


def test_what_stands_for_the_chart_of_a_screen_tells_its_finding_first() -> None:
    told = alt(reading(course(21)), screened="Screen on 3 August 2026: probable complex PTSD. ")
    assert told.startswith("Chart: Screen on 3 August 2026: probable complex PTSD. PHQ-9 is 21")
