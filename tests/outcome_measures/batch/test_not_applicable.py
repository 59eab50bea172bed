"""In files `n/a` says that a question does not apply, where the form allows it."""

from datetime import date

import pytest

from outcome_measures.batch.scoring import ScoreRows, scored
from outcome_measures.definitions import AnswerState
from outcome_measures.past_scores.rows import PastReading, read_past_scores

TODAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("items", "status", "total"),
    [
        ("7;4;n/a", "complete", "11"),
        ("7; N/A ;n/a", "complete", "7"),
        ("7;4;2", "complete", "13"),
        ("7;4;", "incomplete", ""),
        ("7;;n/a", "incomplete", ""),
        ("n/a;n/a;n/a", "incomplete", ""),
        ("7;4;none", "invalid", ""),
    ],
)
def test_goals_of_a_man_with_one_or_two(items: str, status: str, total: str) -> None:
    assert scored("GBO", items)[:2] == (status, total)


def test_the_quick_way_says_the_same_whatever_came_before() -> None:
    read = ScoreRows().reader([0, 1])
    rows = ["7;4;0", "7;4;n/a", "7;4;", "7;n/a;4", "7;4;n/a", "7;4;0"]
    for items in (*rows, *reversed(rows)):
        assert read(["GBO", items])[0] == scored("GBO", items), items


def test_no_question_of_other_forms_can_be_left_out_so() -> None:
    for measure, items in (("PHQ-9", "1;1;1;1;1;1;1;1;n/a"), ("GAD-7", "n/a;1;1;1;1;1;1")):
        assert scored(measure, items)[0] == "invalid"
    assert "risk:9=unreadable" in scored("PHQ-9", "1;1;1;1;1;1;1;1;n/a")[5]


def past(items: str, measure: str = "GBO", total: str = "") -> PastReading:
    text = f"nhs_number,date,measure,items,total\n9990000018,2026-03-02,{measure},{items},{total}"
    return read_past_scores(text.encode(), TODAY)


def test_an_import_takes_the_goals_of_a_man_with_two() -> None:
    (row,) = past("7;4;n/a", total="11").good
    assert [answer.state for answer in row.responses().values()] == [
        AnswerState.ANSWERED,
        AnswerState.ANSWERED,
        AnswerState.NOT_APPLICABLE,
    ]
    (missing,) = past("7;4;").good
    assert missing.responses()[3].state is AnswerState.SKIPPED


@pytest.mark.parametrize(
    ("items", "measure", "words"),
    [
        ("n/a;n/a;n/a", "GBO", "Not one question is answered"),
        ("1;1;1;1;1;1;1;1;n/a", "PHQ-9", "applies to everybody"),
    ],
)
def test_an_import_refuses_it_elsewhere(items: str, measure: str, words: str) -> None:
    (cell,) = past(items, measure).refused
    assert (cell.line, cell.column) == (2, "items")
    assert words in cell.reason
