"""What a compliance report says: its figures are those of its rows, and its list is all it is."""

import csv
import io
import json
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from mhtr.compliance.attendance import MISSED, Happened
from mhtr.compliance.standing.facts import Opinion
from mhtr.core.clock import LONDON
from mhtr.probation.reports import stored
from mhtr.probation.reports.content import (
    LEFT_OUT,
    MEANS,
    Man,
    Met,
    Report,
    decisions_of,
    sessions_of,
    told,
)
from mhtr.probation.reports.files import to_csv, to_json, to_pdf
from mhtr.probation.reports.terms import DEFAULT, LISTED, Item, Terms
from mhtr.wall.agreement_rules import carried
from tests.suitability.pdf_structure import faults

AT = datetime(2026, 11, 4, 10, tzinfo=LONDON)
H, O = Happened, Opinion  # noqa: E741  (short names for a table)


def man(*met: Met, name: str = "Martin Example") -> Man:
    return Man(
        name, "X777001", "Ola Officer", 12, date(2027, 5, 1), "9 sessions left.", AT,
        ("No live warning, as last confirmed by Ola on 3 November 2026.",), met,
    )  # fmt: skip


def report(*men: Man) -> Report:
    return Report("Compliance report", "A unit", date(2026, 11, 18), men)


@pytest.mark.parametrize(
    ("met", "sessions", "decisions"),
    [
        (Met(AT, H.SEEN), (1, 1, 0, 0), (0, 0, 0)),
        (Met(AT, H.SEEN_LATE, 10), (1, 1, 0, 0), (0, 0, 0)),
        (Met(AT, H.TOO_LATE), (1, 0, 1, 0), (0, 0, 1)),
        (Met(AT, H.DID_NOT_COME), (1, 0, 1, 0), (0, 0, 1)),
        (Met(AT, H.HE_CANCELLED, None, O.EXCUSED), (1, 0, 1, 0), (1, 0, 0)),
        (Met(AT, H.DID_NOT_COME, None, O.NO_EXCUSE), (1, 0, 1, 0), (0, 1, 0)),
        (Met(AT, H.DID_NOT_COME, None, O.UNACCEPTABLE), (1, 0, 1, 0), (0, 1, 0)),
        (Met(AT, H.DID_NOT_COME, None, O.MORE_WANTED), (1, 0, 1, 0), (0, 0, 1)),
        (Met(AT, H.NOT_SEEN_BY_US), (1, 0, 0, 1), (0, 0, 0)),
        (Met(AT, H.WE_CANCELLED), (1, 0, 0, 1), (0, 0, 0)),
        (Met(AT, H.OTHERS_CANCELLED), (1, 0, 0, 1), (0, 0, 0)),
    ],
)
def test_each_session_counts_once(
    met: Met, sessions: tuple[int, ...], decisions: tuple[int, ...]
) -> None:
    assert tuple(sessions_of([met]).values()) == sessions
    assert tuple(decisions_of([met]).values()) == decisions


MET = st.builds(
    Met,
    st.just(AT),
    st.sampled_from(Happened),
    st.none(),
    st.none() | st.sampled_from(Opinion),
    st.booleans(),
)


@given(st.lists(MET, max_size=12))
def test_the_parts_make_the_whole(met: list[Met]) -> None:
    found, decided = sessions_of(met), decisions_of(met)
    assert found["Offered"] == found["Attended"] + found["Missed"] + found["Not his doing"]
    assert sum(decided.values()) == found["Missed"]
    assert len(told(man(*met), set(Item))[Item.EACH]) == len(met)


@given(st.lists(MET, max_size=12), st.sampled_from(sorted(set(Happened) - MISSED)))
def test_what_was_not_his_doing_changes_no_miss(met: list[Met], how: Happened) -> None:
    more = [*met, Met(AT, how)]
    assert sessions_of(more)["Missed"] == sessions_of(met)["Missed"]
    assert decisions_of(more) == decisions_of(met)


def test_every_item_has_a_basis_and_every_figure_a_meaning_that_is_shown() -> None:
    assert [one.item for one in LISTED] == list(Item)
    assert all(one.basis and one.label for one in LISTED)
    assert {one.row for one in LISTED} == {one.key for one in carried()}
    assert set(MEANS) <= set(report(man()).line(man()))


@pytest.mark.parametrize(
    ("item", "gone"),
    [
        ("warning_issued", "live warning"),
        ("decision", "Not decided"),
        ("next_session", "Next session"),
        ("progress", "9 sessions left"),
        ("reason_kind", "No reason yet"),
        ("attendance_codes", "AFTX"),
    ],
)
def test_what_is_not_on_the_list_leaves_every_file(item: str, gone: str) -> None:
    both = (man(Met(AT, H.DID_NOT_COME, code="AFTX")), man(name="Second Example"))
    whole, less = (
        report(*(replace(one, terms=Terms("A trust", 1, AT.date(), held)) for one in both))
        for held in (DEFAULT | {item}, DEFAULT - {item})
    )
    kept = json.dumps(stored.to_json(whole))
    assert gone in kept and gone not in json.dumps(stored.to_json(less))
    for make in (to_json, to_csv, pdf_words):
        assert gone.encode() in make(whole), make
        assert gone.encode() not in make(less), make


def pdf_words(one: Report) -> bytes:
    pages = PdfReader(io.BytesIO(to_pdf(one))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split()).encode()


def test_a_spreadsheet_calculates_nothing() -> None:
    said = to_csv(report(man(Met(AT, H.SEEN), name='=HYPERLINK("x")'))).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(said)))
    assert rows[1][0] == "Name" and rows[2][0] == '\'=HYPERLINK("x")'
    assert len({len(row) for row in rows[1:]}) == 1


def test_a_man_without_sessions_has_a_row_and_each_session_one() -> None:
    nobody, two = man(name="Nobody Seen"), man(Met(AT, H.SEEN), Met(AT, H.SEEN), name="Two")
    said = to_csv(report(nobody, two)).decode("utf-8-sig")
    assert [row[0] for row in csv.reader(io.StringIO(said))][2:] == ["Nobody Seen", "Two", "Two"]


def test_the_file_is_accessible_and_says_what_is_so() -> None:
    pdf = to_pdf(report(man(Met(AT, H.DID_NOT_COME)), man(name="Second Example")))
    assert not faults(pdf)
    said = " ".join(
        " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split()
    )
    for words in ("All of them together", "Martin Example", "Did not come", "Not decided"):
        assert words in said
    assert "As on record on 18 November 2026" in said


def test_nobody_at_all_is_a_report_as_well() -> None:
    assert not faults(to_pdf(report()))
    assert json.loads(to_json(report()))["men"] == []


def test_each_man_is_told_of_by_the_agreement_of_his_own_trust() -> None:
    less = Terms("B trust", 2, AT.date(), DEFAULT - {"decision"}, (("decision", AT.date()),))
    more = Terms("C trust", 1, AT.date(), DEFAULT | {"reason_kind"}, (("reason_kind", AT.date()),))
    first = replace(man(Met(AT, H.DID_NOT_COME)), terms=less)
    both = report(first, replace(man(Met(AT, H.DID_NOT_COME), name="Second"), terms=more))
    assert Item.DECISIONS not in both.said(both.men[0]) and "Not decided" not in both.totals
    assert both.totals["Missed"] == 2
    assert "Left out: Decisions on absences, since 4 November 2026." in less.words
    assert "Added: Kind of reason for a missed session, since 4 November 2026." in more.words
    rows = list(csv.reader(io.StringIO(to_csv(both).decode("utf-8-sig"))))
    assert [rows[1], rows[2]] == [[less.words], [more.words]]
    table = [dict(zip(rows[3], row, strict=True)) for row in rows[4:]]
    assert [row["Decision"] for row in table] == [LEFT_OUT, "Not decided"]
    assert [row["Kind of reason"] for row in table] == [LEFT_OUT, "No reason yet"]
    for make in (to_json, to_csv, pdf_words):
        assert less.words.encode() in make(both) and more.words.encode() in make(both)
    kept = stored.from_json(stored.to_json(both))
    assert kept.agreements == (less.words, more.words)
    assert Item.DECISIONS not in kept.men[0].said and Item.DECISIONS in kept.men[1].said


def test_an_agreement_that_was_undone_says_so() -> None:
    undone = Terms("B trust", 2, AT.date(), DEFAULT, (("decision", AT.date()),))
    assert undone.words.endswith("Nothing is left out or added.")
    assert "no agreement changes" in Terms("B trust").words
