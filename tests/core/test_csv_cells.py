"""Quotation marks that stand wrong: nobody is lost, and nobody is read as part of another."""

import csv
import io
import re
from typing import Literal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mhtr.core import csv_cells
from mhtr.core.csv_cells import Row, Unread
from mhtr.core.csv_files import Sheet, read_sheet

ENDS = st.sampled_from(["\r\n", "\n", "\r"])
CELLS = st.text(st.sampled_from('ab ,;"\n\r'), max_size=6)


HOW = st.sampled_from([("\r\n", csv.QUOTE_MINIMAL), ("\r\n", csv.QUOTE_ALL), ("\n", csv.QUOTE_ALL)])


@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=5), HOW)
def test_what_is_written_well_is_read_as_it_was(
    table: list[list[str]], how: tuple[str, Literal[0, 1]]
) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=how[0], quoting=how[1]).writerows(table)
    read = list(csv_cells.rows(out.getvalue(), ","))
    assert [row.cells for row in read if isinstance(row, Row)] == table
    assert read[0].first == 1
    assert all(one.last + 1 == two.first for one, two in zip(read, read[1:], strict=False))


@pytest.mark.parametrize(
    ("text", "column", "lines", "reason"),
    [
        ('1,"low\n2,ok\n3,ok', 1, (1, 3), csv_cells.UNCLOSED),
        ('1,"low" mood\n2,ok', 1, (1, 1), csv_cells.NOT_AT_ENDS),
        ('1,"low mood\n2,"sleeps\n3,ok', 1, (1, 2), csv_cells.NOT_AT_ENDS),
        ('1,low "mood"\n2,ok', 1, (1, 1), csv_cells.STRAY),
        ('1, "low mood"\n2,ok', 1, (1, 1), csv_cells.STRAY),
        ('"1,low\n2,ok', 0, (1, 2), csv_cells.UNCLOSED),
    ],
)
def test_a_wrong_mark_is_told_with_where_it_led(
    text: str, column: int, lines: tuple[int, int], reason: str
) -> None:
    found = next(csv_cells.rows(text, ","))
    assert isinstance(found, Unread)
    assert (found.column, found.opened, found.reason) == (column, 1, reason)
    assert (found.first, found.last) == lines


def test_the_line_told_is_the_one_where_the_mark_stands() -> None:
    found = next(csv_cells.rows('1,"two\nlines","low\n', ","))
    assert isinstance(found, Unread)
    assert (found.first, found.opened, found.last) == (1, 2, 3)


@pytest.mark.parametrize(
    ("cells", "taken_in"),
    [
        (["1", "low mood\nsleeps badly", "x"], None),
        (["1", "x", "low\nsad,\nsleeps badly"], None),
        (["1", "x", "low, sad, tired\nsleeps badly, eats"], None),
        (["1", "x", "low\n2,y,sad"], 2),
        (["1", "low,x\n2,sad", "y"], 1),
        (["1", "x", "low\n2,y,sad\nthat is all"], 2),
        (["1", "x", "low\n2,two\nlines,sad"], 2),
        (["low\nsad", "x", "y"], 0),
    ],
)
def test_a_cell_of_several_lines_is_one_cell_or_several_rows(
    cells: list[str], taken_in: int | None
) -> None:
    assert csv_cells.cell_with_rows(cells, ",") == taken_in


def told(sheet: Sheet) -> dict[int, str]:
    return {cell.line: cell.column for cell in sheet.refused}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_two_stray_marks_refuse_every_line_between_them(end: str) -> None:
    rows = ["id,notes", "1,a", '2,"low mood', "3,b", "", "4,c", '5,"sleeps badly', "6,d", ""]
    sheet = read_sheet(end.join(rows).encode())
    assert [cells[0] for _, cells in sheet.rows] == ["1", "6"]
    assert told(sheet) == {3: "notes", 4: "", 6: "", 7: ""}


def test_marks_that_pair_up_over_rows_refuse_them() -> None:
    sheet = read_sheet(b'id,notes,to\n1,a,x\n2,"low,x\n3,b,x\n4,sad",x\n5,c,x\n')
    assert [cells[0] for _, cells in sheet.rows] == ["1", "5"]
    assert told(sheet) == {3: "notes", 4: "", 5: ""}


def test_a_row_of_wrong_length_tells_every_line_it_took_in() -> None:
    sheet = read_sheet(b'id,notes\n1,"low\n2,b",x\n3,c\n')
    assert [cells[0] for _, cells in sheet.rows] == ["3"]
    assert told(sheet) == {2: "", 3: ""}


@pytest.mark.parametrize("head", [b'id,"notes\n1,a\n', b'id,"notes\n1",a\n', b'id,no"tes\n1,a\n'])
def test_a_wrong_mark_in_the_first_line_refuses_the_file(head: bytes) -> None:
    sheet = read_sheet(head)
    assert not sheet.rows
    assert any("first line" in fault for fault in sheet.faults)


@st.composite
def spoilt_files(draw: st.DrawFn) -> str:
    """Men with their names in every cell; some cells quoted as they should be, then marks
    put in and taken out anywhere."""
    width, men = draw(st.integers(2, 5)), draw(st.integers(2, 6))
    end, separator = draw(ENDS), draw(st.sampled_from(",;\t"))
    shapes = st.sampled_from(["{}", "{}", '"{}"', '"{}\n{}"', '"{},{}"', '"{} ""x"" {}"', '""'])
    lines = [
        separator.join(draw(shapes).replace("{}", f"<{man}>") for _ in range(width))
        for man in range(men)
    ]
    body = end.join([*lines, ""])
    for _ in range(draw(st.integers(0, 5))):
        marks = [match.start() for match in re.finditer('"', body)]
        away: bool = draw(st.booleans())
        if marks and away:
            at: int = draw(st.sampled_from(marks))
            body = body[:at] + body[at + 1 :]
        else:
            starts = [m.start() for m in re.finditer(f"<|>|{separator}|{end}", body)]
            at = draw(st.one_of(st.sampled_from(starts), st.integers(0, len(body))))
            body = body[:at] + '"' + body[at:]
    return separator.join(f"c{n}" for n in range(width)) + end + body


# Rarely hit on by chance: two marks in one column make one row of the right length of two men's.
@example('c0,c1,c2\n<0>,<0>,<0>\n<1>,"<1>,<1>\n<2>,<2>",<2>\n')
@settings(max_examples=400)
@given(spoilt_files())
def test_no_row_of_one_man_is_ever_within_anothers(text: str) -> None:
    sheet = read_sheet(text.encode())
    in_rows: dict[int, set[str]] = {}
    for line, cells in sheet.rows:
        in_rows[line] = set(re.findall(r"<(\d+)>", "".join(cells)))
        assert len(in_rows[line]) <= 1
    if sheet.faults:
        return
    taken = set().union(*in_rows.values())
    refused = {cell.line for cell in sheet.refused}
    for number, physical in enumerate(csv_cells.lines_of(text), 1):
        here = set(re.findall(r"<(\d+)>", physical))
        assert not here or number in refused or here <= taken
