"""A file of past scores is read: sound rows kept, the others refused with line, column, reason."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.core.csv_files import MOST_BYTES, RefusedCell
from outcome_measures.definitions import Answer, AnswerState
from outcome_measures.past_scores.rows import COLUMNS, PastReading, read_past_scores, template
from outcome_measures.time_points import MeasureMode, TimePoint

TODAY = date(2026, 11, 18)
HEAD = "nhs_number,crn,born,date,measure,items,total,point,session_number,mode"
NHS = "9990000018"
GOOD = {
    "nhs_number": NHS,
    "date": "2026-03-02",
    "measure": "GAD-7",
    "items": "1;1;1;1;1;1;2",
}


def line(**changes: str) -> str:
    cells = {**GOOD, **changes}
    return ",".join(cells.get(name, "") for name in HEAD.split(","))


def reading(*lines: str, head: str = HEAD) -> PastReading:
    return read_past_scores("\r\n".join([head, *lines, ""]).encode(), TODAY)


def test_a_sound_row_is_read() -> None:
    (row,) = reading(line()).good
    assert (row.line, row.nhs_number, row.on) == (2, NHS, date(2026, 3, 2))
    assert (row.instrument, row.answers, row.typed_total) == ("gad7", (1, 1, 1, 1, 1, 1, 2), None)
    assert (row.point, row.session_number) == (TimePoint.BETWEEN, None)
    assert row.mode is MeasureMode.PAPER
    assert row.responses()[7] == Answer(AnswerState.ANSWERED, 2)


def test_a_missing_answer_is_a_skipped_one_and_never_zero() -> None:
    (row,) = reading(line(measure="phq9", items="0;0;;0;0;0;0;0;")).good
    assert row.responses()[3] == Answer(AnswerState.SKIPPED)
    assert row.responses()[9] == Answer(AnswerState.SKIPPED)
    assert row.responses()[1] == Answer(AnswerState.ANSWERED, 0)


def test_a_total_alone_is_kept_as_typed_in() -> None:
    (row,) = reading(line(items="", total="14")).good
    assert (row.answers, row.typed_total, row.responses()) == ((), 14, {})


def test_a_stray_quotation_mark_takes_in_no_other_row() -> None:
    head = f"{HEAD},note"
    notes = ["", '"low', "", 'sad"', ""]
    days = [f"2026-03-{n:02}" for n in range(1, 6)]
    read = reading(
        *(f"{line(date=day)},{note}" for day, note in zip(days, notes, strict=True)), head=head
    )
    assert [row.on.day for row in read.good] == [1, 5]
    assert [(cell.line, cell.column) for cell in read.refused] == [(3, "note"), (4, ""), (5, "")]


def test_a_total_beside_answers_must_be_theirs() -> None:
    read = reading(line(total="8"), line(total="9", date="2026-03-03"))
    assert [row.typed_total for row in read.good] == [None]
    assert read.refused == (
        RefusedCell(3, "total", "This is not the total of the answers beside it"),
    )


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"nhs_number": "9990000019"}, "nhs_number"),
        ({"nhs_number": ""}, "nhs_number"),
        ({"nhs_number": "", "born": "1990-02-03"}, "nhs_number"),
        ({"nhs_number": "", "crn": "X123456"}, "born"),
        ({"crn": "123"}, "crn"),
        ({"born": "1990-02-30"}, "born"),
        ({"born": "2027-02-03"}, "born"),
        ({"date": ""}, "date"),
        ({"date": "yesterday"}, "date"),
        ({"date": "2026-11-19"}, "date"),
        ({"date": "1990-02-03", "born": "1990-02-03"}, "date"),
        ({"measure": ""}, "measure"),
        ({"measure": "PHQ-15"}, "measure"),
        ({"items": ""}, "items"),
        ({"items": "1;1;1"}, "items"),
        ({"items": ";;;;;;"}, "items"),
        ({"items": "1;1;1;1;1;1;4"}, "items"),
        ({"items": "1;1;1;1;1;1;x"}, "items"),
        ({"items": "1;1;1;1;1;1;-1"}, "items"),
        ({"items": "1;1;1;1;1;1;1.5"}, "items"),
        ({"items": "", "total": "22"}, "total"),
        ({"items": "", "total": "ten"}, "total"),
        ({"measure": "WSAS", "items": "1;1;1;1;1"}, "items"),
        ({"point": "later"}, "point"),
        ({"session_number": "0"}, "session_number"),
        ({"session_number": "x"}, "session_number"),
        ({"session_number": "3", "point": "between"}, "session_number"),
        ({"mode": "pigeon"}, "mode"),
    ],
)
def test_a_row_with_a_fault_is_refused_with_line_column_and_reason(
    changes: dict[str, str], column: str
) -> None:
    read = reading(line(), "", line(**changes))
    assert len(read.good) == 1
    assert [(cell.line, cell.column) for cell in read.refused] == [(4, column)]
    assert read.refused[0].reason


@pytest.mark.parametrize(
    ("changes", "point", "number"),
    [
        ({"point": "pre_sentence"}, TimePoint.PRE_SENTENCE, None),
        ({"point": "Before sentence"}, TimePoint.PRE_SENTENCE, None),
        ({"point": "session"}, TimePoint.SESSION, None),
        ({"point": "session", "session_number": "4"}, TimePoint.SESSION, 4),
        ({"session_number": "4"}, TimePoint.SESSION, 4),
        ({"point": "follow-up"}, TimePoint.FOLLOW_UP, None),
    ],
)
def test_where_in_his_way_it_was_taken(
    changes: dict[str, str], point: TimePoint, number: int | None
) -> None:
    (row,) = reading(line(**changes)).good
    assert (row.point, row.session_number) == (point, number)


def test_a_crn_with_a_birth_date_and_british_dates_are_read() -> None:
    (row,) = reading(line(nhs_number="", crn="x 123456", born="3/2/1990", date="2/3/2026")).good
    assert (row.crn, row.born, row.on) == ("X123456", date(1990, 2, 3), date(2026, 3, 2))


def test_columns_of_a_scored_file_are_left_out_and_named() -> None:
    head = "nhs_number,date,measure,items,status,total,estimate"
    read = reading(f"{NHS},2026-03-02,GAD-7,1;1;1;1;1;1;2,complete,8,", head=head)
    assert len(read.good) == 1
    assert read.ignored == ("status", "estimate")


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("crn,born,measure,items", "The column date is missing."),
        ("crn,born,date,items", "The column measure is missing."),
        ("born,date,measure,items", "One of the columns nhs_number and crn is needed."),
        ("crn,born,date,measure", "One of the columns items and total is needed."),
        ("crn,born,date,date,measure,items", "The column date comes twice."),
    ],
)
def test_a_wrong_first_line_refuses_the_file(head: str, words: str) -> None:
    read = reading(line(), head=head)
    assert words in read.faults
    assert not read.good


def test_a_row_of_the_wrong_length_is_refused_alone() -> None:
    read = reading(line(), f"{NHS},x")
    assert len(read.good) == 1
    assert (read.refused[0].line, read.refused[0].column) == (3, "")


def test_an_empty_a_long_and_a_large_file_are_refused() -> None:
    assert reading().faults
    assert reading(*[line()] * 501).faults
    assert read_past_scores(b"x" * (MOST_BYTES + 1), TODAY).faults
    assert read_past_scores(b"", TODAY).faults


def test_the_template_has_the_columns_and_no_fault_but_its_emptiness() -> None:
    parts = ["box_no_job", "subscale_clarity", "subscale_goals", "subscale_impulse"]
    parts += ["subscale_strategies", "subscale_nonacceptance"]
    assert template().strip().split(",") == [*COLUMNS, *parts]
    read = read_past_scores(template().encode(), TODAY)
    assert read.faults == ("The file has no rows below its first line.",)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_in_words(content: bytes) -> None:
    read = read_past_scores(HEAD.encode() + b"\n" + content, TODAY)
    assert read.good or read.refused or read.faults


@given(st.sampled_from(COLUMNS), st.text(max_size=40))
def test_a_reason_never_repeats_a_value(column: str, value: str) -> None:
    canary = "canary-" + "".join(c for c in value if c.isalnum())
    read = reading(line(**{column: canary}))
    assert all(canary not in cell.reason for cell in read.refused)


DERS = {"clarity": 4, "goals": 9, "impulse": 6, "strategies": 15, "nonacceptance": 11}


def ders(total: int, **parts: int | str) -> PastReading:
    """A total of DERS-16 with subscales beside it."""
    names = [f"subscale_{name}" for name in parts]
    row = line(measure="DERS-16", items="", total=str(total))
    return reading(
        ",".join([row, *(str(points) for points in parts.values())]), head=",".join([HEAD, *names])
    )


def test_subscales_are_read_beside_their_total() -> None:
    (row,) = ders(45, **DERS).good
    assert (row.typed_total, dict(row.parts)) == (45, DERS)
    (row,) = ders(45, clarity=4, goals="").good
    assert dict(row.parts) == {"clarity": 4}
    assert reading(line(items="", total="14")).good[0].parts == ()


@pytest.mark.parametrize(
    ("total", "parts", "column"),
    [
        (44, DERS, "total"),
        (46, DERS, "total"),
        (20, {"clarity": 10}, "total"),
        (80, {"clarity": 2}, "total"),
        (45, {"clarity": 11}, "subscale_clarity"),
        (45, {"goals": 2}, "subscale_goals"),
        (45, {"clarity": "four"}, "subscale_clarity"),
        (45, {"clarity": "-1"}, "subscale_clarity"),
        (45, {"clarity": "4.0"}, "subscale_clarity"),
        (45, {"intrusion": 4}, "subscale_intrusion"),
    ],
)
def test_subscales_that_do_not_fit_the_total_are_refused(
    total: int, parts: dict[str, int | str], column: str
) -> None:
    read = ders(total, **parts)
    assert (read.good, [cell.column for cell in read.refused]) == ((), [column])
    assert all(str(points) not in read.refused[0].reason for points in ("four", "4.0"))


@pytest.mark.parametrize(("total", "clarity"), [(24, 10), (72, 2), (45, 4), (16, 2), (80, 10)])
def test_some_subscales_only_have_to_leave_room(total: int, clarity: int) -> None:
    assert len(ders(total, clarity=clarity).good) == 1


def test_a_subscale_of_another_name_is_a_column_that_is_not_read() -> None:
    read = ders(45, wisdom=3)
    assert (len(read.good), read.ignored) == (1, ("subscale_wisdom",))


def test_a_ticked_box_lowers_the_most_the_total_can_be() -> None:
    head = f"{HEAD},box_no_job"
    ticked, left, over, odd = (
        reading(f"{line(measure='WSAS', items='', total=total)},{box}", head=head)
        for total, box in (("32", "1"), ("33", "0"), ("33", "1"), ("20", "2"))
    )
    assert dict(ticked.good[0].parts) == {"no_job": 1}
    assert left.good[0].parts == ()
    assert over.refused[0].column == "total"
    assert odd.refused[0].column == "box_no_job"


def test_a_subscale_beside_answers_is_what_they_come_to() -> None:
    head = f"{HEAD},subscale_avoidance,subscale_dso"

    def pcl(sixth: str, avoidance: str, dso: str = "") -> PastReading:
        items = ";".join(["1"] * 5 + [sixth, "3"] + ["0"] * 13)
        return reading(f"{line(measure='PCL-5', items=items)},{avoidance},{dso}", head=head)

    (row,) = pcl("2", "5").good
    assert (row.parts, row.typed_total) == ((), None), "they follow from the answers"
    for bad, column in (
        (pcl("2", "4"), "subscale_avoidance"),
        (pcl("", "3"), "subscale_avoidance"),
        (pcl("2", "5", "1"), "subscale_dso"),
    ):
        assert (bad.good, [cell.column for cell in bad.refused]) == ((), [column])
