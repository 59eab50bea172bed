"""Code lists: the format refuses what is ambiguous."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.core.codes import lists
from mhtr.core.codes.lists import CodeListError, load, parse

TODAY = date(2026, 11, 21)
HEADER = "code,label,valid_from,valid_to,source,verified,aliases\n"


def one_list(*rows: str) -> lists.CodeList:
    return parse("sample", HEADER + "\n".join(rows) + "\n")


def test_a_code_is_offered_on_its_days_and_keeps_its_label_after_them() -> None:
    sample = one_list(
        "A,Always,,,here,true,",
        "B,Between,2020-01-01,2020-12-31,here,false,",
    )
    offered = {
        "2019-12-31": ["A"],
        "2020-01-01": ["A", "B"],
        "2020-12-31": ["A", "B"],
        "2021-01-01": ["A"],
    }
    for day, codes in offered.items():
        assert [code for code, _ in sample.choices(date.fromisoformat(day))] == codes
        assert [e.code for e in sample.current(date.fromisoformat(day))] == codes
    retired = sample.get("B")
    assert retired is not None
    assert (retired.label, retired.verified, retired.is_current(TODAY)) == ("Between", False, False)
    assert sample.get("b") is None


def test_a_relabelled_code_gives_the_label_of_the_day() -> None:
    sample = one_list("A,Old,,2020-12-31,here,true,", "A,New,2021-01-01,,here,true,")
    labels = {on: sample.get("A", on=on) for on in (date(2020, 1, 1), date(2021, 1, 1), None)}
    assert [entry.label for entry in labels.values() if entry] == ["Old", "New", "New"]
    assert sample.choices(TODAY) == [("A", "New")]


def test_a_code_asked_for_outside_its_days_still_has_a_label() -> None:
    sample = one_list("A,Old,,2020-12-31,here,true,")
    entry = sample.get("A", on=TODAY)
    assert entry is not None and entry.label == "Old"


def test_find_reads_codes_and_aliases_in_either_case() -> None:
    sample = one_list("A1,One,,,here,true,XA1 YA1", "B1,Two,,,here,true,")
    for text in ("A1", "a1", " ya1 "):
        entry = sample.find(text)
        assert entry is not None and entry.code == "A1"
    assert sample.find("Z") is None
    assert sample.find("") is None


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        (["A,One,,,here,true,", "A,Two,,,here,true,"], "line 3: code A appears twice"),
        (
            ["A,One,,2020-12-31,here,true,", "A,Two,2020-12-31,,here,true,"],
            "line 3: code A appears twice",
        ),
        (["A,One,01/02/2020,,here,true,"], "line 2: valid_from is not a date"),
        (["A,One,20200201,,here,true,"], "line 2: valid_from is not a date"),
        (["A,One,2020-W01-1,,here,true,"], "line 2: valid_from is not a date"),
        (["A,One,,2020-02-30,here,true,"], "line 2: valid_to is not a date"),
        (["A,One,2021-01-01,2020-01-01,here,true,"], "line 2: valid_to lies before valid_from"),
        (["A,One,,,,true,"], "line 2: no source"),
        (["A,,,,here,true,"], "line 2: no label"),
        ([",One,,,here,true,"], "line 2: no code"),
        (["A,One,,,here,,"], "line 2: verified is neither true nor false"),
        (["A,One,,,here,true"], "line 2: 6 cells instead of 7"),
        (["A,One,,,here,true,X", "B,Two,,,here,true,x"], "alias x belongs to more than one code"),
        (["A,One,,,here,true,B", "B,Two,,,here,true,"], "alias B belongs to more than one code"),
        (["A,One,,,here,true,", "a,Two,,,here,true,"], "two codes differ only in case"),
        ([], "the list is empty"),
        (['A,"One,,,here,true,'], "not a CSV file"),
    ],
)
def test_refused_rows_are_named_by_line(rows: list[str], problem: str) -> None:
    with pytest.raises(CodeListError) as caught:
        one_list(*rows)
    assert any(problem in said for said in caught.value.problems)


def test_every_bad_row_is_listed_at_once() -> None:
    with pytest.raises(CodeListError) as caught:
        one_list("A,One,,,,true,", "B,Two,,,here,true,", "C,Three,x,y,here,maybe,")
    assert [problem[:6] for problem in caught.value.problems] == ["line 2", *["line 4"] * 3]


@pytest.mark.parametrize(
    "text",
    ["", "code,label\nA,One\n", HEADER.replace("aliases", "code") + "A,One,,,here,true,A\n"],
)
def test_a_header_must_hold_every_column_once(text: str) -> None:
    with pytest.raises(CodeListError, match="line 1"):
        parse("sample", text)


@given(st.text(max_size=200))
def test_any_text_is_a_list_or_refused(text: str) -> None:
    for candidate in (text, HEADER + text):
        try:
            assert parse("sample", candidate).entries
        except CodeListError as refused:
            assert refused.problems


def test_a_list_that_is_not_shipped_is_a_key_error() -> None:
    for name in ("nothing", "../lists", "courts.csv"):
        with pytest.raises(KeyError):
            load(name)
