"""What papers say is kept as said, and what differs from it is found."""

import json
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from mhtr.probation.papers.content import (
    Entry,
    Exhibit,
    How,
    Papers,
    Stated,
    content_hash,
    differences,
    from_json,
    out_of_date,
    to_json,
)
from mhtr.probation.papers.view import Issue, compile_papers, papers_view
from tests.suitability.pdf_structure import faults

MADE = date(2026, 11, 18)
MISS = Entry(
    "session:1", date(2026, 11, 4), "10:00", "Session 3: did not come", ("By telephone.",), ("n:1",)
)
STATED = Stated("a:1", MISS.on, "10:00", "By telephone", "Did not come", "Ada", "4 November 2026")
NOTICE = Exhibit("n:1", date(2026, 11, 1), "Notice of the session", "The service")
PAPERS = Papers(
    reference="AAAA BBBB CCCC",
    service="A trust",
    facts=(("Person", "Martin Example"), ("CRN", "X777001")),
    about=("The session of 4 November 2026: did not come",),
    chronology=(MISS,),
    statement=(STATED,),
    exhibits=(NOTICE,),
)


def found(now: Papers) -> list[tuple[How, bool]]:
    return [(one.how, one.later) for one in differences(PAPERS, now, MADE)]


def test_nothing_differs_from_itself() -> None:
    assert not differences(PAPERS, PAPERS, MADE)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (replace(PAPERS, chronology=()), [(How.GONE, False)]),
        (
            replace(PAPERS, chronology=(replace(MISS, what="Session 3: came"),)),
            [(How.CHANGED, False)],
        ),
        (replace(PAPERS, chronology=(replace(MISS, lines=()),)), [(How.CHANGED, False)]),
        (
            replace(PAPERS, chronology=(MISS, replace(MISS, key="session:0"))),
            [(How.ADDED, False)],
        ),
        (
            replace(PAPERS, chronology=(MISS, replace(MISS, key="x", on=date(2026, 11, 19)))),
            [(How.ADDED, True)],
        ),
        (
            replace(PAPERS, chronology=(MISS, replace(MISS, key="x", on=MADE))),
            [(How.ADDED, False)],
        ),
        (replace(PAPERS, statement=(replace(STATED, by="Ben"),)), [(How.CHANGED, False)]),
        (replace(PAPERS, exhibits=(replace(NOTICE, held="The court"),)), [(How.CHANGED, False)]),
        (replace(PAPERS, facts=(("Person", "Martin Sample"), PAPERS.facts[1])),
         [(How.CHANGED, False)]),
        (replace(PAPERS, about=()), [(How.CHANGED, False)]),
        (replace(PAPERS, service="Another trust"), [(How.CHANGED, False)]),
    ],
)  # fmt: skip
def test_what_differs(now: Papers, expected: list[tuple[How, bool]]) -> None:
    assert found(now) == expected
    assert out_of_date(differences(PAPERS, now, MADE)) is not expected[0][1]


def test_another_number_of_an_exhibit_is_no_change_of_the_facts() -> None:
    now = replace(PAPERS, chronology=(replace(MISS, shows=("n:1", "n:2")),))
    assert not differences(PAPERS, now, MADE)


WORDS = st.text(max_size=20)
ENTRIES = st.builds(
    Entry, WORDS, st.dates(), WORDS, WORDS, st.tuples(WORDS, WORDS), st.tuples(WORDS)
)


@given(st.lists(ENTRIES, max_size=4), WORDS)
def test_what_is_stored_is_read_back(entries: list[Entry], name: str) -> None:
    papers = replace(PAPERS, chronology=tuple(entries), facts=(("Person", name),))
    again = from_json(json.loads(json.dumps(to_json(papers))))
    assert again == papers and content_hash(again) == content_hash(papers)


def test_the_fingerprint_covers_every_part() -> None:
    hashes = {
        content_hash(one)
        for one in (
            PAPERS,
            replace(PAPERS, chronology=()),
            replace(PAPERS, statement=()),
            replace(PAPERS, exhibits=()),
            replace(PAPERS, about=()),
            replace(PAPERS, facts=()),
        )
    }
    assert len(hashes) == 6


def read(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def test_the_file_is_accessible_and_says_what_the_page_says() -> None:
    pdf = compile_papers(PAPERS, Issue(2, MADE, "Ola Officer", "put right"))
    assert not faults(pdf)
    file = PdfReader(BytesIO(pdf))
    assert file.metadata is not None and "Martin Example, version 2" in (file.metadata.title or "")
    said = read(pdf)
    view = papers_view(PAPERS, Issue(2, MADE, "Ola Officer", "put right"))
    for words in (*view.made, *view.about, MISS.what, STATED.recorded, NOTICE.what, NOTICE.held):
        assert words in said
    assert pdf == compile_papers(PAPERS, Issue(2, MADE, "Ola Officer", "put right"))


def test_what_he_says_is_never_markup() -> None:
    odd = '#import "x" *bold* $x$ \u202e \x07 <b>'
    papers = replace(PAPERS, chronology=(replace(MISS, lines=(odd,)),))
    assert '#import "x" *bold* $x$' in read(compile_papers(papers, Issue(1, MADE, "Ola")))
