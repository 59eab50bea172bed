"""What a letter says, from the record and from what was written, and how it is read. Pure.

The page, the PDF and the preview before it is signed are all made from `sheet`, so what was looked
at is what goes. There is no field for an offence, an order or a court: his GP hears nothing of it.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from mhtr.cases.wording import day_words
from mhtr.discharge.letter_kinds import Fact, LetterKind, shape_of
from mhtr.discharge.rules import PLAN_HEADINGS

Pairs = tuple[tuple[str, str], ...]
HANDLING = "Confidential. It holds facts about somebody's health."
WITH_PLAN = "Your plan for later"
DISSENT = "What I see otherwise"
SERVICES = "Where you were referred"


@dataclass(frozen=True)
class Measure:
    """One questionnaire: the first score of his treatment and the last one after it, with days."""

    name: str
    first: int
    first_on: date
    last: int | None = None
    last_on: date | None = None


@dataclass(frozen=True)
class Facts:
    """What the record says of his treatment."""

    treated_by: str
    therapies: tuple[str, ...]
    held: int
    planned: int
    first_on: date | None
    last_on: date | None
    finished: bool
    """All planned sessions were held, or the course was closed as finished."""
    ended_on: date | None
    """The day from which it is over; None while it goes on."""
    measures: tuple[Measure, ...]


@dataclass(frozen=True)
class Letter:
    """One version of a letter as it is signed."""

    kind: LetterKind
    reference: str
    number: int
    """Of the version, from one."""
    service: str
    written_on: date
    person_name: str
    person_born_on: date | None
    nhs_number: str
    facts: Pairs
    parts: Pairs
    plan: Pairs
    services: tuple[str, ...]
    author: str
    author_title: str
    registration: str
    countersigner: str = ""
    """The registered lead who signed with an author who is not registered."""
    countersigned_as: str = ""
    why_again: str = ""


def fact_rows(kind: LetterKind, facts: Facts) -> Pairs:
    """What the record says, in the words of one kind of letter."""
    wanted = shape_of(kind).facts
    rows: list[tuple[str, str]] = []
    if Fact.TREATMENT in wanted:
        rows += [("Treatment", ", ".join(facts.therapies)), ("Treated by", facts.treated_by)]
    if Fact.PLANNED in wanted:
        rows.append(("Planned sessions", str(facts.planned)))
    if Fact.DATES in wanted and facts.first_on is not None and facts.last_on is not None:
        rows.append(("First session", day_words(facts.first_on)))
        rows.append(("Last session", day_words(facts.last_on)))
    if Fact.ATTENDED in wanted:
        rows.append(("Sessions attended", f"{facts.held} of {facts.planned} planned"))
    if Fact.ENDED in wanted and facts.ended_on is not None:
        rows.append(("How it ended", _ended(facts, facts.ended_on)))
    if Fact.MEASURES in wanted:
        rows += [(one.name, _measured(one)) for one in facts.measures]
    return tuple((name, value) for name, value in rows if value)


def _ended(facts: Facts, on: date) -> str:
    if facts.finished:
        return f"As planned, on {day_words(on)}"
    return f"Before all planned sessions were held, on {day_words(on)}"


def _measured(one: Measure) -> str:
    first = f"{one.first} points on {day_words(one.first_on)}"
    if one.last is None or one.last_on is None:
        return f"{first}; not asked again after that"
    return f"{first}, {one.last} points on {day_words(one.last_on)}"


def to_json(letter: Letter) -> dict[str, Any]:
    """The letter as JSON values, days as ISO text; `from_json` reads it back."""
    made: dict[str, Any] = json.loads(json.dumps(asdict(letter), default=_plain))
    return made


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(value)


def from_json(stored: Mapping[str, Any]) -> Letter:
    """The letter of stored JSON. Raises ValueError, KeyError or TypeError where it is none."""
    said = dict(stored)
    said["kind"] = LetterKind(said["kind"])
    said["written_on"] = date.fromisoformat(said["written_on"])
    born = said["person_born_on"]
    said["person_born_on"] = date.fromisoformat(born) if born else None
    for name in ("facts", "parts", "plan"):
        said[name] = tuple((label, words) for label, words in said[name])
    said["services"] = tuple(said["services"])
    return Letter(**said)


def content_hash(letter: Letter) -> str:
    """SHA-256 (hex) of the whole letter as canonical JSON: what a version is logged with."""
    text = json.dumps(to_json(letter), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def of_author(letter: Letter) -> Letter:
    """What its author signed, of a letter that a lead signs too."""
    return replace(letter, countersigner="", countersigned_as="")


@dataclass(frozen=True)
class Section:
    """A heading with its paragraphs."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A letter as it is read, on a page or on paper."""

    title: str
    reference: str
    service: str
    version: str
    facts: Pairs
    opens: str
    sections: tuple[Section, ...]
    signatures: tuple[tuple[str, str, str], ...]
    handling: str
    again: str
    """What it takes the place of, and why; empty for a first version."""


def sheet(letter: Letter) -> Sheet:
    """A letter laid out for reading."""
    shape = shape_of(letter.kind)
    return Sheet(
        title=shape.name,
        reference=letter.reference,
        service=letter.service,
        version=f"Version {letter.number}",
        facts=(*_about_him(letter), *letter.facts),
        opens=shape.opens.format(letter.person_name),
        sections=_sections(letter),
        signatures=_signatures(letter),
        handling=HANDLING,
        again=_again(letter),
    )


def _about_him(letter: Letter) -> Pairs:
    born = day_words(letter.person_born_on) if letter.person_born_on else ""
    rows = (
        ("Name", letter.person_name),
        ("Date of birth", born),
        ("NHS number", letter.nhs_number),
    )
    return tuple((name, value) for name, value in rows if value)


def _again(letter: Letter) -> str:
    if letter.number == 1:
        return ""
    return (
        f"This takes the place of version {letter.number - 1}, which was not right in all: "
        f"{letter.why_again}"
    )


def _sections(letter: Letter) -> tuple[Section, ...]:
    found = [Section(heading, _paragraphs(words)) for heading, words in letter.parts if words]
    if letter.services:
        found.append(Section(SERVICES, letter.services))
    if letter.plan:
        found += [
            Section(f"{WITH_PLAN}: {_heading(key)}", _paragraphs(words))
            for key, words in letter.plan
            if words
        ]
    return tuple(found)


def _heading(key: str) -> str:
    words = PLAN_HEADINGS.get(key, DISSENT)
    return f"{words[0].lower()}{words[1:]}"


def _signatures(letter: Letter) -> tuple[tuple[str, str, str], ...]:
    title = ", ".join(part for part in (letter.author_title, letter.registration) if part)
    found = [(letter.author, title, f"Signed on {day_words(letter.written_on)}")]
    if letter.countersigner:
        found.append((letter.countersigner, letter.countersigned_as, "Read and signed it too"))
    return tuple(found)


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("\n") if part.strip())
