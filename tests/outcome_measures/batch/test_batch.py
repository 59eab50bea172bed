"""Whole files: what is added to each row, and that no bad row stops a good one."""

import csv
import os
import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outcome_measures.batch.change import ChangeRows, classified
from outcome_measures.batch.convert import CannotStart, Report, Rows, convert
from outcome_measures.batch.scoring import ScoreRows, scored
from outcome_measures.change import Totals, Tri, classes
from outcome_measures.definitions import Answer, AnswerState, Instrument
from outcome_measures.instruments.registry import INSTRUMENTS
from outcome_measures.scores import scoring
from outcome_measures.scores.scoring import CaseStatus
from tests.outcome_measures.cases import NOT_APPLICABLE, evidence_of, published_cases

SCORABLE = [instrument for instrument in INSTRUMENTS.values() if instrument.scored_items]
ADDED = ("status", "total", "estimate", "band", "case", "flags", "problem")


class Heard(Report):
    """A report that keeps what it is told."""

    def __init__(self) -> None:
        self.lines: list[tuple[int, str]] = []
        self.positions: list[int] = []
        super().__init__(
            on_bad=lambda line, reason: self.lines.append((line, reason)),
            on_bytes=self.positions.append,
        )


def run(folder: Path, text: str | bytes, rows: Rows) -> tuple[list[dict[str, str]], Heard]:
    source, target, heard = folder / "in.csv", folder / "out.csv", Heard()
    source.write_bytes(text.encode() if isinstance(text, str) else text)
    convert(source, target, rows, heard)
    with target.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file)), heard


def score_one(folder: Path, measure: str, items: str) -> list[str]:
    rows, _ = run(folder, f"measure,items\n{measure},{items}\n", ScoreRows())
    return [rows[0][name] for name in ADDED]


PHQ_8 = "0;0;0;0;0;0;0;0"


@pytest.mark.parametrize(
    ("measure", "items", "expected"),
    [
        ("PHQ-9", f"{PHQ_8};0", "complete|0||minimal|N||"),
        ("phq9", f"{PHQ_8};3", "complete|3||minimal|N|risk:9=3|"),
        ("PHQ-9", "2;2;2;1;1;1;1;1;0", "complete|11||moderate|Y||"),
        ("GAD-7", "2;1;1;1;1;1;1", "complete|8||mild|Y||"),
        ("gad7", " 2 ; 1;1;1;1;1;1", "complete|8||mild|Y||"),
        ("PHQ-9", "3;3;3;3;3;3;3;;1", "incomplete||24.8|||risk:9=1;incomplete;estimate|"),
        ("PHQ-9", "3;3;3;3;3;3;;;", "incomplete|||||risk:9=blank;incomplete|"),
        ("PHQ-9", ";;;;;;;;", "incomplete|||||risk:9=blank;incomplete|"),
        ("GAD-7", "2;1;;1;1;1;1", "incomplete|||||incomplete|"),
        ("PHQ-9", f"{PHQ_8};4", "invalid|||||risk:9=unreadable|Question 9: choose 0, 1, 2 or 3."),
        (
            "PHQ-9",
            "7;0;0;0;0;0;0;0;2",
            "invalid|||||risk:9=2|Question 1: choose 0, 1, 2 or 3.",
        ),
        ("PHQ-9", "x;0;0;0;0;0;0;0;", "invalid|||||risk:9=blank|Not a whole number: question 1."),
        ("GAD-7", "1;1;1;1.0;1;1;-1", "invalid||||||Not a whole number: question 4."),
        ("GAD-7", "1;1;1;1;1;1;-1", "invalid||||||Question 7: choose 0, 1, 2 or 3."),
        ("GAD-7", "1;1;1;²;1;1;1", "invalid||||||Not a whole number: question 4."),
        (
            "PHQ-9",
            PHQ_8,
            "invalid|||||risk:9=unreadable|PHQ-9 has 9 scored questions; this row has 8 places.",
        ),
        ("GAD-7", "", "invalid||||||GAD-7 has 7 scored questions; this row has 1 place."),
        ("PHQ-15", "1", "invalid||||||No questionnaire has this name."),
        ("", "1", "invalid||||||No questionnaire has this name."),
    ],
)
def test_what_is_added(tmp_path: Path, measure: str, items: str, expected: str) -> None:
    assert "|".join(score_one(tmp_path, measure, items)) == expected


CASE = {"case": "Y", "not_a_case": "N", "not_classifiable": ""}
PLACES = st.one_of(st.integers(-1, 5).map(str), st.sampled_from(["", " ", "x", "1.0", " 2", "01"]))


def read_place(text: str) -> int | None:
    return int(text) if text.strip() else None


@pytest.mark.parametrize("instrument", SCORABLE, ids=lambda i: i.id)
def test_the_fast_way_gives_the_scores_of_scoring(instrument: Instrument) -> None:
    """The same reader sees many forms, so that what it remembers of one is used for others."""
    read = ScoreRows().reader((0, 1))
    numbers = [item.number for item in instrument.scored_items]
    values = sorted({value for item in instrument.scored_items for value in item.values})
    sound = st.one_of(st.none(), st.sampled_from(values), st.sampled_from(values))

    @given(st.lists(sound, min_size=len(numbers), max_size=len(numbers)))
    def same(given_values: list[int | None]) -> None:
        texts = ["" if value is None else str(value) for value in given_values]
        cells, problem = read([instrument.name, ";".join(texts)])
        assert tuple(cells) == scored.__wrapped__(instrument.id, ";".join(texts))
        answers = {
            number: Answer(AnswerState.NOT_REACHED)
            if value is None
            else Answer(AnswerState.ANSWERED, value)
            for number, value in zip(numbers, given_values, strict=True)
        }
        try:
            score = scoring.score(instrument, answers)
        except scoring.InvalidResponses as fault:
            assert (cells[0], problem) == ("invalid", str(fault))
            return
        assert cells[0] == ("complete" if score.complete else "incomplete")
        assert cells[1] == ("" if score.total is None else str(score.total))
        assert cells[2] == (str(score.estimate.value) if score.estimate else "")
        assert cells[3] == (score.band.label if score.band else "")
        assert cells[4] == CASE[score.caseness.value]
        flags = cells[5].split(";") if cells[5] else []
        signals = scoring.risk_signals(instrument, answers, submitted=True)
        assert [flag for flag in flags if flag.startswith("risk:")] == [
            f"risk:{s.item_number}={'blank' if s.value is None else s.value}" for s in signals
        ]
        assert ("incomplete" in flags) is (not score.complete)
        assert ("estimate" in flags) is (score.estimate is not None)

    same()


@given(st.sampled_from(SCORABLE), st.lists(PLACES, min_size=5, max_size=11))
def test_whatever_stands_in_the_places_both_ways_agree(
    instrument: Instrument, places: list[str]
) -> None:
    items = ";".join(places)
    read = ScoreRows().reader((0, 1))
    first, _ = read([instrument.name, items])
    again, _ = read([instrument.name, items])
    assert tuple(first) == tuple(again) == scored.__wrapped__(instrument.name, items)
    assert first[0] in ("complete", "incomplete", "invalid")
    assert (first[0] == "invalid") is bool(first[6])


@pytest.mark.parametrize("instrument", SCORABLE, ids=lambda i: i.id)
def test_the_published_cases_come_out_of_a_file(instrument: Instrument, tmp_path: Path) -> None:
    # Only scored answers stand in such a file, and none that says a question does not apply.
    cases = [
        case
        for case in published_cases(evidence_of(instrument).table)
        if NOT_APPLICABLE not in case.values and not (case.unscored and case.status == "invalid")
    ]
    lines = [
        f"{instrument.name},{';'.join('' if v is None else str(v) for v in case.values)}"
        for case in cases
    ]
    rows, heard = run(tmp_path, "measure,items\n" + "\n".join(lines) + "\n", ScoreRows())
    assert heard.rows == len(cases)
    for case, row in zip(cases, rows, strict=True):
        assert row["status"] == case.status, case.why
        assert row["total"] == ("" if case.total is None else str(case.total)), case.why
        assert (Decimal(row["estimate"]) if row["estimate"] else None) == case.estimate, case.why
        # Rules that nobody signed are not applied.
        bands = all(band.source.verified for band in instrument.bands)
        caseness = instrument.caseness is not None and instrument.caseness.source.verified
        expected = (case.band if bands else "", case.case if caseness else "")
        assert (row["band"], row["case"]) == expected, case.why


def test_good_rows_are_kept_beside_bad_ones_and_other_columns_carried_through(
    tmp_path: Path,
) -> None:
    text = (
        "id,Measure ,note,items\n"
        '1,GAD-7,"two\nlines, “quoted”",1;1;1;1;1;1;1\n'
        "2,GAD-7,,1;1\n"
        "\n"
        "3,GAD-7,\n"
        "4,GAD-7,,1;1;1;1;1;1;1,extra\n"
        "5,GAD-7,=1+1,1;1;1;1;1;1;2\n"
    )
    rows, heard = run(tmp_path, text, ScoreRows())
    assert list(rows[0]) == ["id", "Measure ", "note", "items", *ADDED]
    assert [row["id"] for row in rows] == ["1", "2", "3", "4", "5"]
    assert [row["status"] for row in rows] == [
        "complete",
        "invalid",
        "invalid",
        "invalid",
        "complete",
    ]
    assert rows[0]["note"] == "two\nlines, “quoted”"
    assert rows[4]["note"] == "=1+1"
    assert heard.lines == [
        (4, "GAD-7 has 7 scored questions; this row has 2 places."),
        (6, "The row has 3 cells, the first line has 4."),
        (7, "The row has 5 cells, the first line has 4."),
    ]
    assert (heard.rows, heard.bad) == (5, 3)


@pytest.mark.parametrize(
    "row",
    [
        "PHQ-9,1;1;1;1;1;1;1;1;3",  # a cell short
        "PHQ-9",
        "PHQ-9,1;1;1;1;1;1;1;1;3,,more",
        "a,comma,PHQ-9,1;1;1;1;1;1;1;1;3,",  # nothing is where it belongs
        'PHQ-9,1;1;1;1;1;1;1;1;3,"open',
        '"PHQ-9,1;1;1;1;1;1;1;1;3',  # the mark swallows the answers
    ],
)
def test_a_row_of_the_wrong_width_keeps_its_flag_of_risk(tmp_path: Path, row: str) -> None:
    rows, heard = run(tmp_path, f"measure,items,note\n{row}\n", ScoreRows())
    assert heard.bad == 1
    assert (rows[0]["status"], rows[0]["flags"]) == ("invalid", "risk:9=unreadable")


def test_a_row_of_the_wrong_width_without_a_question_about_risk_has_no_flag(tmp_path: Path) -> None:
    rows, _ = run(tmp_path, "measure,items,note\nGAD-7,1;1;1;1;1;1;1\nnothing\n", ScoreRows())
    assert [row["flags"] for row in rows] == ["", ""]


def test_the_line_of_a_bad_row_is_where_it_begins(tmp_path: Path) -> None:
    text = 'measure,items,note\nGAD-7,x,"one\ntwo\nthree"\nGAD-7,y,\n'
    _, heard = run(tmp_path, text, ScoreRows())
    assert [line for line, _ in heard.lines] == [2, 5]


def test_a_quotation_mark_left_open_spoils_its_own_row_only(tmp_path: Path) -> None:
    others = "GAD-7,1;1;1;1;1;1;1,\n" * 7000
    text = f'measure,items,note\nPHQ-9,1;1;1;1;1;1;1;1;1,"open\n{others}GAD-7,3;3;3;3;3;3;3,\n'
    rows, heard = run(tmp_path, text, ScoreRows())
    ((line, reason),) = heard.lines
    assert line == 2
    assert "up to line 102 one row" in reason, "no more lines than a row may have are looked at"
    assert (rows[0]["status"], rows[0]["flags"]) == ("invalid", "risk:9=unreadable")
    assert rows[0]["note"] == "open"
    assert [row["status"] for row in rows[1:]] == ["complete"] * 7001
    assert (rows[-1]["total"], heard.rows, heard.bad) == ("21", 7002, 1)


@pytest.mark.parametrize(
    ("first", "last", "statuses"),
    [
        ('"low', '"sad', ["complete", "invalid", "complete", "invalid", "complete"]),
        ('"low', 'sad"', ["complete", "invalid", "complete", "complete", "complete"]),
        ('"low', 'sad",more', ["complete", "invalid", "complete", "invalid", "complete"]),
    ],
)
def test_no_row_is_carried_through_within_the_cell_of_another(
    tmp_path: Path, first: str, last: str, statuses: list[str]
) -> None:
    good = "GAD-7,1;1;1;1;1;1;1"
    text = f"measure,items,note\n{good},one\n{good},{first}\n{good},two\n{good},{last}\n{good},x\n"
    rows, heard = run(tmp_path, text, ScoreRows())
    assert [row["status"] for row in rows] == statuses
    assert [row["note"] for row in rows[:3]] == ["one", "low", "two"]
    line, reason = heard.lines[0]
    assert line == 3
    assert "up to line 5" in reason
    assert len(heard.lines) == statuses.count("invalid")


_PLAIN = st.text("abc ,;", max_size=6).map(lambda text: f'"{text}"')
_SPOILT = st.sampled_from(['"open', 'a"b', '"shut"er', '"', '"a""'])


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(_PLAIN, _SPOILT), min_size=1, max_size=12))
def test_whatever_quotation_marks_stand_in_others_every_sound_line_has_its_score(
    tmp_path: Path, notes: list[str]
) -> None:
    lines = [f"{n % 4};1;1;1;1;1;1,{note}" for n, note in enumerate(notes)]
    text = "measure,items,note\n" + "".join(f"GAD-7,{line}\n" for line in lines)
    rows, heard = run(tmp_path, text, ScoreRows())
    assert len(rows) == len(notes)
    for number, (row, note) in enumerate(zip(rows, notes, strict=True)):
        told = [line for line, _ in heard.lines if line == number + 2]
        if re.fullmatch('"[^"]*"', note):
            assert (row["status"], row["total"]) == ("complete", str(number % 4 + 6))
            assert (row["note"], told) == (note.strip('"'), [])
        else:
            assert bool(told) == (row["status"] == "invalid")


def test_what_looks_like_rows_within_a_cell_is_read_as_rows(tmp_path: Path) -> None:
    """Nothing tells a note of several lines with commas from rows that a mark swallowed."""
    text = 'measure,items,note\nGAD-7,1;1;1;1;1;1;1,"so, he said,\nwell, fine, yes"\n'
    rows, heard = run(tmp_path, text, ScoreRows())
    assert [row["status"] for row in rows] == ["invalid", "invalid"]
    assert [line for line, _ in heard.lines] == [2, 3]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_utf8_is_read_with_and_without_its_mark(tmp_path: Path, mark: bytes) -> None:
    text = mark + "measure,items,who\nGAD-7,1;1;1;1;1;1;1,Zoë\n".encode()
    rows, _ = run(tmp_path, text, ScoreRows())
    assert rows[0]["who"] == "Zoë"
    assert (tmp_path / "out.csv").read_bytes().startswith(b"measure,")


def test_a_byte_that_is_no_utf8_goes_through_unchanged(tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(b"measure,items,who\nGAD-7,1;1;1;1;1;1;1,Zo\xeb\n")
    convert(source, target, ScoreRows(), Heard())
    assert b"Zo\xeb" in target.read_bytes()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The first line of the file lacks the columns measure, items."),
        (
            'measure,items,"note\nGAD-7,1;1;1;1;1;1;1,"\nGAD-7,1;1;1;1;1;1;1,\n',
            "A quotation mark in the first line of the file is not closed, or stands where none "
            "may.",
        ),
        ("measure,answers\n", "The first line of the file lacks the column items."),
        ("measure;items\n", "The first line of the file lacks the columns measure, items."),
        ("measure,items,items\n", "The column items is there twice."),
        (
            "measure,items,band\n",
            "The file has a column band already, which would be added: rename it first.",
        ),
    ],
)
def test_a_file_with_the_wrong_columns_is_refused_in_a_sentence(
    tmp_path: Path, text: str, sentence: str
) -> None:
    with pytest.raises(CannotStart) as refused:
        run(tmp_path, text, ScoreRows())
    assert str(refused.value) == sentence
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_no_rows_are_no_fault(tmp_path: Path) -> None:
    rows, heard = run(tmp_path, "measure,items\n", ScoreRows())
    assert (rows, heard.rows, heard.bad) == ([], 0, 0)


def test_the_input_is_never_overwritten(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("measure,items\n")
    link = tmp_path / "link.csv"
    link.symlink_to(source)
    for target in (source, link, tmp_path / "." / "in.csv"):
        with pytest.raises(CannotStart, match="overwrite the input"):
            convert(source, target, ScoreRows(), Heard())
    assert source.read_text() == "measure,items\n"


def test_a_device_or_a_pipe_is_not_replaced_by_the_output(tmp_path: Path) -> None:
    source, pipe = tmp_path / "in.csv", tmp_path / "out.pipe"
    source.write_text("measure,items\n")
    os.mkfifo(pipe)
    with pytest.raises(CannotStart, match="is a device or the like"):
        convert(source, pipe, ScoreRows(), Heard())
    assert pipe.is_fifo()
    assert sorted(tmp_path.iterdir()) == [source, pipe]


def test_a_link_stays_and_what_it_leads_to_is_written(tmp_path: Path) -> None:
    source, real, link = tmp_path / "in.csv", tmp_path / "real.csv", tmp_path / "link.csv"
    source.write_text("measure,items\nGAD-7,1;1;1;1;1;1;1\n")
    real.write_text("earlier")
    link.symlink_to(real)
    convert(source, link, ScoreRows(), Heard())
    assert link.is_symlink()
    assert "complete" in real.read_text()


def test_an_interrupted_run_leaves_the_earlier_output_as_it_was(tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("measure,items\nGAD-7,x\n")
    target.write_text("earlier")

    def interrupt(_line: int, _reason: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        convert(source, target, ScoreRows(), Report(interrupt, lambda _position: None))
    assert target.read_text() == "earlier"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "out.csv"]


def test_files_that_are_not_there_or_cannot_be_written(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    with pytest.raises(CannotStart, match="there is no such file"):
        convert(source, tmp_path / "out.csv", ScoreRows(), Heard())
    source.write_text("measure,items\n")
    with pytest.raises(CannotStart, match="is a folder"):
        convert(source, tmp_path, ScoreRows(), Heard())
    with pytest.raises(CannotStart, match="out.csv: No such file"):
        convert(source, tmp_path / "nowhere" / "out.csv", ScoreRows(), Heard())


def test_progress_is_told_in_bytes_of_the_input(tmp_path: Path) -> None:
    text = "measure,items\n" + "GAD-7,1;1;1;1;1;1;1\n" * 45_000
    _, heard = run(tmp_path, text, ScoreRows())
    assert heard.rows == 45_000
    assert len(heard.positions) == 3
    assert heard.positions == sorted(heard.positions)
    assert heard.positions[-1] == len(text)


def test_a_long_file_is_never_held_in_memory(tmp_path: Path) -> None:
    """Twenty times the rows take no more room, so what is held does not grow with the file."""
    import tracemalloc

    def most(rows: int) -> int:
        line = "GAD-7,1;1;1;1;1;1;1," + "x" * 200 + "\n"
        source = tmp_path / "in.csv"
        source.write_text("measure,items,note\n" + line * rows)
        tracemalloc.start()
        try:
            convert(source, tmp_path / "out.csv", ScoreRows(), Heard())
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    few = most(1_000)
    assert most(20_000) < few + 200_000


CHANGED = (
    "completed_course",
    "case_at_start",
    "recovery",
    "reliable_improvement",
    "reliable_deterioration",
    "no_reliable_change",
    "reliable_recovery",
)


def change_one(folder: Path, line: str) -> tuple[str, Heard]:
    rows, heard = run(folder, ",".join(ChangeRows.needs) + f",ward\n{line},east\n", ChangeRows())
    assert list(rows[0]) == [*ChangeRows.needs, "ward", *CHANGED]
    assert rows[0]["ward"] == "east"
    return " ".join(rows[0][name] for name in CHANGED), heard


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("10,9,5,5,6,Y", "Y Y Y N N Y N"),
        ("12,8,2,7,6,Y", "Y Y Y N Y N N"),
        ("16,9,3,7,6,Y", "Y Y Y N N Y N"),
        ("9,2,6,1,6,Y", "Y N N Y N N N"),
        ("18,6,14,5,6,n", "N Y Y Y N N Y"),
        ("18,6,14,5,1,yes", "N Y Y Y N N Y"),
        ("18,6,14,5,,TRUE", "NA Y Y Y N N Y"),
        ("18,6,14,5,6,", "NA Y Y Y N N Y"),
        ("18, 6 ,14,5,6,1", "Y Y Y Y N N Y"),
        ("18,,14,5,6,Y", "Y Y NA NA NA NA NA"),
        ("18,6,,5,6,0", "N Y NA NA NA NA NA"),
        ("9,,7,,6,Y", "Y N NA NA NA NA NA"),
        ("9,4,,,6,Y", "Y NA NA NA NA NA NA"),
        (",,,,,", "NA NA NA NA NA NA NA"),
    ],
)
def test_classes_of_a_row(tmp_path: Path, line: str, expected: str) -> None:
    letters, heard = change_one(tmp_path, line)
    assert letters == expected
    assert heard.bad == 0


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("28,6,14,5,6,Y", "phq_first: give a whole number from 0 to 27."),
        ("18,-1,14,5,6,Y", "phq_last: give a whole number from 0 to 27."),
        ("18,6,22,5,6,Y", "gad_first: give a whole number from 0 to 21."),
        ("18,6,14,5.0,6,Y", "gad_last: give a whole number from 0 to 21."),
        ("18,6,14,5,x,Y", "treatment_contacts: give a whole number, 0 or more."),
        ("18,6,14,5,6,perhaps", "episode_ended: give Y or N."),
        (
            "x,6,14,5,-2,Y",
            "phq_first: give a whole number from 0 to 27. "
            "treatment_contacts: give a whole number, 0 or more.",
        ),
    ],
)
def test_a_row_with_a_fault_is_reported_and_not_classified(
    tmp_path: Path, line: str, reason: str
) -> None:
    letters, heard = change_one(tmp_path, line)
    assert letters == "NA NA NA NA NA NA NA"
    assert heard.lines == [(2, reason)]


@given(
    st.tuples(st.integers(0, 27), st.integers(0, 27), st.integers(0, 21), st.integers(0, 21)),
    st.integers(0, 20),
    st.sampled_from("YN"),
)
def test_rows_are_classified_as_episodes_are(
    totals: tuple[int, int, int, int], contacts: int, ended: str
) -> None:
    cells, problem = classified(*map(str, totals), str(contacts), ended)
    found = classes(
        Totals(*totals[:2]),
        Totals(*totals[2:]),
        treatment_contacts=contacts,
        episode_ended=ended == "Y",
    )
    assert problem == ""
    assert cells == tuple(getattr(found, name).value for name in CHANGED)
    assert set(cells) <= {Tri.YES.value, Tri.NO.value}


def test_the_words_of_caseness_are_all_known() -> None:
    assert set(CASE) == {status.value for status in CaseStatus}
