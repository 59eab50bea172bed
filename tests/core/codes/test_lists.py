"""Code lists: the format refuses what is ambiguous, and every shipped list is sound."""

import re
from datetime import date, timedelta
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.core.codes import lists
from mhtr.core.codes.lists import CodeListError, load, names, parse

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


REQUIRED = {
    "administrative_gender",
    "communication_support",
    "contact_method",
    "courts",
    "custody_suites",
    "disability",
    "ethnic_category",
    "ethnicity_ndelius",
    "gender_identity",
    "gender_reassignment",
    "gp_practice_default",
    "information_format",
    "languages",
    "marital_status",
    "onward_services",
    "police_forces",
    "pregnancy_maternity",
    "professional_required",
    "religion",
    "sex_at_birth",
    "sexual_orientation",
    "source_of_referral",
    "trusts",
    "vulnerabilities",
}


def test_the_shipped_lists_are_the_expected_ones() -> None:
    assert set(names()) == REQUIRED


@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_every_shipped_list_is_sound(name: str) -> None:
    shipped = load(name)
    assert shipped.current(TODAY)
    labels = [entry.label for entry in shipped.current(TODAY)]
    duplicates = {label for label in labels if labels.count(label) > 1}
    # nDelius itself has two codes for Gypsy or Irish Traveller.
    assert duplicates <= {"White: Gypsy or Irish Traveller"}
    for entry in shipped.entries:
        assert len(entry.code) <= 20, "the columns that store codes are 20 characters wide"
        assert re.fullmatch(r"[A-Za-z0-9-]+", entry.code)
        assert "offender" not in entry.label.casefold()
        assert entry.extras.get("absence", "") in ("", "declined", "unknown")


def test_the_files_lie_inside_the_package() -> None:
    folder = resources.files("mhtr.core.codes").joinpath("data")
    assert {file.name for file in folder.iterdir()} == {f"{name}.csv" for name in REQUIRED}


def test_courts() -> None:
    courts = load("courts")
    kinds = [entry.extras["kind"] for entry in courts.entries]
    assert (kinds.count("magistrates"), kinds.count("crown")) == (17, 11)
    for entry in courts.entries:
        expected = "magistrates" if entry.code[0] == "B" else "crown"
        assert re.fullmatch(r"[BC]01[A-Z]{2}", entry.code)
        assert entry.extras["kind"] == expected
        assert entry.extras["area"] in ("north", "south")
    closed = courts.get("C01BL")
    assert closed is not None and closed.label == "Blackfriars Crown Court"
    assert "C01BL" not in dict(courts.choices(TODAY))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("B01IX", "B01IX"),
        ("B01IX00", "B01IX"),
        ("WESTMC", "B01IX"),
        ("THMSMC", "B01ND"),
        ("snarcc", "C01SN"),
    ],
)
def test_a_court_is_found_by_either_scheme(text: str, code: str) -> None:
    entry = load("courts").find(text)
    assert entry is not None and entry.code == code


@pytest.mark.parametrize(
    ("name", "column", "target"),
    [
        ("custody_suites", "force", "police_forces"),
        ("ethnicity_ndelius", "nhs_code", "ethnic_category"),
        ("trusts", "successor", "trusts"),
    ],
)
def test_references_between_lists_hold(name: str, column: str, target: str) -> None:
    for entry in load(name).entries:
        if value := entry.extras[column]:
            assert load(target).get(value) is not None


def test_every_force_has_a_custody_place_and_none_is_called_verified() -> None:
    suites = load("custody_suites").entries
    assert {entry.extras["force"] for entry in suites} == {"01", "48", "93"}
    assert any("Marine" in entry.label and entry.extras["force"] == "01" for entry in suites)
    assert not any(entry.verified for entry in suites)


@pytest.mark.parametrize(
    ("ndelius", "nhs"), [("W1", "A"), ("W3", "C"), ("W5", "C"), ("O2", "S"), ("A4", "R")]
)
def test_ethnicity_crosswalk(ndelius: str, nhs: str) -> None:
    entry = load("ethnicity_ndelius").get(ndelius)
    assert entry is not None and entry.extras["nhs_code"] == nhs


def test_the_national_ethnic_category_has_sixteen_and_not_stated_and_unknown() -> None:
    entries = load("ethnic_category").entries
    assert "".join(e.code for e in entries if not e.extras["absence"]) == "ABCDEFGHJKLMNPRS"
    absent = {e.extras["absence"]: e.code for e in entries if e.extras["absence"]}
    assert absent == {"declined": "Z", "unknown": "99"}


def test_languages() -> None:
    languages = load("languages")
    assert sum(len(entry.code) == 2 and entry.code[0] != "q" for entry in languages.entries) >= 183
    sign = languages.get("q4")
    assert sign is not None and sign.label == "British Sign Language"
    right_to_left = {e.code for e in languages.entries if e.extras["direction"] == "rtl"}
    assert {"ar", "fa", "he", "ur", "ps"} <= right_to_left
    assert not {"en", "so", "pl"} & right_to_left
    assert sum(entry.extras["common_in_london"] == "true" for entry in languages.entries) >= 60


@pytest.mark.parametrize(
    "name",
    ["communication_support", "contact_method", "professional_required", "information_format"],
)
def test_accessibility_lists_wait_for_their_snomed_codes(name: str) -> None:
    assert {entry.extras["snomed"] for entry in load(name).entries} == {""}


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)))
def test_what_is_offered_can_be_read_back(day: date) -> None:
    for name in ("courts", "trusts"):
        shipped = load(name)
        for code, label in shipped.choices(day):
            entry = shipped.get(code, on=day)
            assert entry is not None and entry.label == label
            assert entry.valid_to is None or day < entry.valid_to + timedelta(days=1)
