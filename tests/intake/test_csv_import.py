"""Reading a file of referrals: every bad row named with line, column and reason."""

import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhtr.intake import queries
from mhtr.intake.csv_rows import FileReading, RefusedCell, decode, read_file, template
from mhtr.intake.referral import FIELDS
from mhtr.intake.referral_columns import columns
from tests.intake.referral_files import GOOD, HEAD, KEY, practitioner
from tests.pages import PageClient

TODAY = date(2026, 11, 18)


def reading(*rows: str, head: str = HEAD, encoding: str = "utf-8") -> FileReading:
    content = "\r\n".join([head, *rows, ""]).encode(encoding)
    return read_file(content, TODAY, queries.code_lists(fictional=True))


def test_a_good_row_is_read() -> None:
    (row,) = reading(GOOD).good
    assert row.line == 2
    assert row.submission.given_name == "Kwame"
    assert row.submission.born == date(1991, 4, 2)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (GOOD.replace("1991-04-02", "31/02/1991"), "born"),
        (GOOD.replace("1991-04-02", "2031-01-01"), "born"),
        (GOOD.replace("safe", "perhaps"), "safety"),
        (GOOD.replace("B01IX", "B99ZZ"), "place"),
        (GOOD.replace("Mensah", ""), "family_name"),
        (GOOD.replace("face_to_face", ""), "agreed_how"),
        (GOOD + ",extra", ""),
        ("LD-1,safe", ""),
    ],
)
def test_a_bad_row_is_refused_with_line_column_and_reason(row: str, column: str) -> None:
    read = reading(GOOD.replace("LD-1", "LD-0"), "", row)
    assert len(read.good) == 1
    assert [(cell.line, cell.column) for cell in read.refused] == [(4, column)]
    assert read.refused[0].reason


def test_lines_are_those_of_the_file_where_cells_hold_line_breaks() -> None:
    read = reading(GOOD + '"two\nlines"', GOOD.replace("safe", "x"))
    assert [cell.line for cell in read.refused] == [4]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("closing", ['"sleeps badly', 'sleeps badly"', "sleeps badly"])
def test_a_stray_quotation_mark_names_every_man_it_took_in(end: str, closing: str) -> None:
    men = ["One", "Two", "Three", "Four", "Five", "Six"]
    notes = {"Two": '"low mood', "Five": closing}
    rows = [
        GOOD.replace("LD-1", f"LD-{man}").replace("Kwame", man) + notes.get(man, "") for man in men
    ]
    content = end.join([HEAD, *rows, ""]).encode()
    read = read_file(content, TODAY, queries.code_lists(fictional=True))
    unclosed = '"' not in closing
    taken = [row.submission.given_name for row in read.good]
    assert taken == (["One"] if unclosed else ["One", "Six"])
    assert not any(row.submission.notes for row in read.good)
    assert [cell.line for cell in read.refused] == [3, 4, 5, 6, *([7] if unclosed else [])]
    assert read.refused[0].column == "notes"
    assert read.refused_lines == len(read.refused)
    assert all("line 3" in cell.reason for cell in read.refused[1:])


def test_a_repeated_reference_is_refused_the_second_time() -> None:
    read = reading(GOOD, GOOD.replace("Kwame", "Kofi"))
    assert len(read.good) == 1
    assert read.refused == (
        RefusedCell(3, "external_reference", "The same reference is on line 2"),
    )


@pytest.mark.parametrize(
    ("born", "wanted"), [("2/4/1991", date(1991, 4, 2)), ("02/04/1991", date(1991, 4, 2))]
)
def test_british_dates_are_read(born: str, wanted: date) -> None:
    (row,) = reading(GOOD.replace("1991-04-02", born)).good
    assert row.submission.born == wanted


@pytest.mark.parametrize("born", ["31/02/1991", "1991.04.02", "4 Feb 1991", "19910402"])
def test_the_refusal_names_both_ways_of_writing_a_date(born: str) -> None:
    (cell,) = reading(GOOD.replace("1991-04-02", born)).refused
    assert (cell.column, cell.reason) == (
        "born",
        "Enter a real date as YYYY-MM-DD or DD/MM/YYYY",
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_names_survive_every_usual_encoding(encoding: str) -> None:
    (row,) = reading(GOOD.replace("Kwame", "José"), encoding=encoding).good
    assert row.submission.given_name == "José"


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_are_found(delimiter: str) -> None:
    read = reading(GOOD.replace(",", delimiter), head=HEAD.replace(",", delimiter))
    assert len(read.good) == 1


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (HEAD + ",shoe_size", "shoe_size"),
        (HEAD + ",born", "twice"),
        (HEAD.replace("safety,", ""), "safety is missing"),
        (HEAD + ",offence", "offence"),
    ],
)
def test_a_wrong_first_line_refuses_the_file(head: str, words: str) -> None:
    read = reading(GOOD, head=head)
    assert not read.good
    assert any(words in fault for fault in read.faults)


def test_an_empty_and_a_too_long_file_are_refused() -> None:
    assert reading().faults
    assert reading(*[GOOD] * 501).faults
    assert read_file(b"x" * 2_000_000, TODAY, queries.code_lists(fictional=True)).faults


@pytest.mark.parametrize(
    "named",
    ["Westminster Magistrates' Court", "WESTMINSTER  magistrates’ court", " b01ix "],
)
def test_a_court_may_be_named_as_the_program_names_it(named: str) -> None:
    (row,) = reading(GOOD.replace("B01IX", named)).good
    assert row.submission.place == "B01IX"


def test_the_values_of_every_column_are_told_and_each_is_taken(client: PageClient) -> None:
    client.sign_in(practitioner())
    page = client.page("/referrals/import/columns")
    codes = queries.code_lists(fictional=True)
    told = columns(codes, TODAY)
    assert [column.name for column in told] == list(FIELDS)
    for column in told:
        assert f"<code>{column.name}</code>" in page
        assert column.values or column.words or column.name in ("given_name", "family_name")
        for code, _ in column.values:
            assert f"<code>{code}</code>" in page
            read = (
                reading(f"{GOOD},{code}", head=f"{HEAD},{column.name}")
                if (column.name not in HEAD.split(","))
                else None
            )
            assert read is None or not [r for r in read.refused if r.column == column.name]


def test_the_example_row_of_the_template_is_known_and_never_taken() -> None:
    codes = queries.code_lists(fictional=True)
    read = read_file(template(TODAY).encode(), TODAY, codes)
    assert read == FileReading(examples=(2,))
    # As a spreadsheet gives it back.
    changed = template(TODAY).replace("1985-04-23", "23/04/1985").replace("07700 900123", "7.7E+9")
    assert read_file(changed.encode(), TODAY, codes).examples == (2,)


def test_the_example_row_shows_a_row_that_would_be_taken() -> None:
    own = template(TODAY).replace("EXAMPLE", "LD-1")
    (row,) = read_file(own.encode(), TODAY, queries.code_lists(fictional=True)).good
    assert row.submission.notes == "Sleeps badly, would rather be seen in the morning."


@pytest.mark.parametrize("reference", ["EXAMPLE", "example"])
def test_a_man_written_over_the_example_row_is_not_left_out_silently(reference: str) -> None:
    over = template(TODAY).replace("EXAMPLE", reference).replace("Person", "Okafor")
    read = read_file(over.encode(), TODAY, queries.code_lists(fictional=True))
    assert not read.good
    assert not read.examples
    assert [(cell.line, cell.column) for cell in read.refused] == [(2, "external_reference")]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_refused_with_what_to_do(encoding: str) -> None:
    read = reading(GOOD, encoding=encoding)
    (fault,) = read.faults
    assert "UTF-8" in fault


def test_a_text_file_with_tabs_is_taken(client: PageClient) -> None:
    client.sign_in(practitioner())
    content = f"{HEAD}\r\n{GOOD}\r\n".replace(",", "\t").encode()
    answer = client.post(
        "/referrals/import",
        data={"submission_key": KEY, "file": (io.BytesIO(content), "Week.TXT")},
    )
    assert "1 will be taken" in client.page(str(answer.headers["Location"]))


def test_the_template_can_be_sent_as_it_is(client: PageClient) -> None:
    client.sign_in(practitioner())
    sent = client.get("/referrals/import/template.csv").get_data()
    answer = client.post(
        "/referrals/import", data={"submission_key": KEY, "file": (io.BytesIO(sent), "t.csv")}
    )
    preview = client.page(str(answer.headers["Location"]))
    assert "example row of the template (line 2) is left out" in preview
    assert "0 will be taken" in preview


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_in_words(content: bytes) -> None:
    decode(content)
    read = read_file(HEAD.encode() + b"\n" + content, TODAY, queries.code_lists(fictional=True))
    assert read.good or read.refused or read.faults


@given(st.text(max_size=60))
def test_a_message_never_repeats_a_whole_value(value: str) -> None:
    canary = "canary-" + "".join(c for c in value if c.isalnum())
    read = reading(GOOD.replace("1991-04-02", canary))
    assert all(canary not in cell.reason for cell in read.refused)
