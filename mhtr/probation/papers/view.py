"""The papers of a referral laid out for reading: the same words for the page and for the PDF."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from mhtr.cases.wording import day_words
from mhtr.core.pdf import compile_pdf
from mhtr.probation.papers.content import Entry, Papers

TITLE = "Papers of a referral to an enforcement officer"
HANDLING = (
    "Confidential: for probation and the court. Facts of attendance; nothing of treatment itself."
)
CHRONOLOGY_NOTES = (
    "Each fact stands on the day to which it belongs, whenever it was recorded. Whether there was "
    "a reasonable excuse is probation's opinion; the court decides.",
)
STATEMENT_NOTES = (
    "What {} states of each session of the requirement. Each line is stated by the member of its "
    "staff who is named beside it, and who recorded it under his or her own sign-in at that time. "
    "It says whether the session was held and whether he was there, and nothing of treatment.",
    "A session that was called off, and not by him, is stated as whoever called it off recorded it "
    "then; or as the program did, where that followed from what was recorded of him.",
)
EXHIBITS_NOTES = (
    "What bears out the failures that were referred, and the warnings. Nothing is attached: each "
    "is asked for where it is held.",
)
_LAYOUT = Path(__file__).parent / "papers.typ"


@dataclass(frozen=True)
class Row:
    """One entry of the chronology as it is shown."""

    on: str
    at: str
    what: str
    lines: tuple[str, ...]
    shows: str
    """The numbers of its exhibits."""


@dataclass(frozen=True)
class Issue:
    """Which version it is."""

    number: int
    made_on: date
    made_by: str
    why: str = ""
    superseded: str = ""
    """That a later version took its place; empty for the newest."""


@dataclass(frozen=True)
class PapersView:
    """Everything a reader sees, in reading order."""

    title: str
    document_title: str
    version: str
    mark: str
    reference: str
    unit: str
    made_by: str
    handling: str
    facts: tuple[tuple[str, str], ...]
    made: tuple[str, ...]
    about: tuple[str, ...]
    chronology_notes: tuple[str, ...]
    chronology: tuple[Row, ...]
    statement_notes: tuple[str, ...]
    statement: tuple[Mapping[str, str], ...]
    exhibits_notes: tuple[str, ...]
    exhibits: tuple[Mapping[str, str], ...]


def papers_view(papers: Papers, issue: Issue) -> PapersView:
    """The papers of one version as they are read."""
    facts = dict(papers.facts)
    version = f"Version {issue.number}"
    made = [f"{version}, made on {day_words(issue.made_on)} by {issue.made_by}."]
    if issue.why:
        made.append(f"Issued again because: {issue.why}")
    return PapersView(
        title=TITLE,
        document_title=f"{TITLE}: {facts.get('Person', '')}, {version.lower()}",
        version=version,
        mark=issue.superseded,
        reference=papers.reference,
        unit=f"Treated by {papers.service}",
        made_by=issue.made_by,
        handling=HANDLING,
        facts=papers.facts,
        made=tuple(made),
        about=papers.about,
        chronology_notes=CHRONOLOGY_NOTES,
        chronology=tuple(rows_of(papers)),
        statement_notes=tuple(words.format(papers.service) for words in STATEMENT_NOTES),
        statement=tuple(
            {
                "on": day_words(one.on),
                "at": one.at,
                "where": one.where,
                "happened": one.happened,
                "by": one.by,
                "recorded": f"Recorded {one.recorded}",
            }
            for one in papers.statement
        ),
        exhibits_notes=EXHIBITS_NOTES,
        exhibits=tuple(
            {"number": str(number), "what": one.what, "held": one.held}
            for number, one in enumerate(papers.exhibits, 1)
        ),
    )


def rows_of(papers: Papers) -> Sequence[Row]:
    """The chronology with the numbers of its exhibits."""
    numbers = papers.numbers()
    return [_row(one, numbers) for one in papers.chronology]


def _row(one: Entry, numbers: Mapping[str, int]) -> Row:
    shown = sorted(numbers[key] for key in one.shows if key in numbers)
    return Row(day_words(one.on), one.at, one.what, one.lines, ", ".join(map(str, shown)))


def compile_papers(papers: Papers, issue: Issue) -> bytes:
    """The papers as PDF/UA-1. The same content and version give the same bytes.

    Raises `typst.TypstError` where the layout cannot be made accessible.
    """
    return compile_pdf(_LAYOUT, asdict(papers_view(papers, issue)), issue.made_on)
