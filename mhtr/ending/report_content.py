"""What a report on treatment says, from an allow-list, and how it is read.

There is no field for a note, a score or a formulation. The page, the PDF and the preview before it
is signed are all made from `sheet`, so what was looked at is what is sent.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from mhtr.cases.wording import day_words
from mhtr.ending.practitioner_rules import BASIS_WORDS, Basis
from mhtr.ending.report_grounds import (
    REPLACES,
    WILLING_WORDS,
    DatedFact,
    Ground,
    Willing,
    duty_words,
    ground_words,
    provision,
    willing_words,
)
from mhtr.orders.terms import KIND_WORDS, OrderKind

TITLE = "Report on treatment to the responsible officer"
HANDLING = "Official. For the responsible officer and the court. It holds no record of therapy."


@dataclass(frozen=True)
class Report:
    """One version of a report as it is signed and sent."""

    reference: str
    number: int
    """Of the version, from one."""
    service: str
    written_on: date
    person_name: str
    person_born_on: date | None
    crn: str
    order_kind: OrderKind
    order_made_on: date
    court: str
    periods: tuple[tuple[date, date], ...]
    """First and last day of each period of the requirement."""
    to_name: str
    to_unit: str
    held: int
    """Required sessions on record as held, and how many were expected."""
    expected: int
    last_held_on: date | None
    finished_on: date | None
    ground: Ground
    facts: tuple[DatedFact, ...]
    opinion: str
    proposed: str
    willing: Willing | None
    willing_on: date | None
    willing_said: str
    author: str
    author_title: str
    registration: str
    basis: Basis
    why_again: str = ""
    """Why it takes the place of the version before."""


def to_json(report: Report) -> dict[str, Any]:
    """The report as JSON values, days as ISO text; `from_json` reads it back."""
    made: dict[str, Any] = json.loads(json.dumps(asdict(report), default=_plain))
    return made


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(value)


def from_json(stored: Mapping[str, Any]) -> Report:
    """The report of stored JSON. Raises ValueError, KeyError or TypeError where it is none."""
    said = dict(stored)
    for name in ("written_on", "order_made_on"):
        said[name] = date.fromisoformat(said[name])
    for name in ("person_born_on", "last_held_on", "finished_on", "willing_on"):
        said[name] = date.fromisoformat(said[name]) if said[name] else None
    days = [
        (date.fromisoformat(first), date.fromisoformat(last)) for first, last in said["periods"]
    ]
    facts = [DatedFact(date.fromisoformat(one["on"]), one["words"]) for one in said["facts"]]
    said |= {
        "periods": tuple(days),
        "facts": tuple(facts),
        "order_kind": OrderKind(said["order_kind"]),
        "ground": Ground(said["ground"]),
        "willing": Willing(said["willing"]) if said["willing"] else None,
        "basis": Basis(said["basis"]),
    }
    return Report(**said)


def content_hash(report: Report) -> str:
    """SHA-256 (hex) of the whole report as canonical JSON: what a version is logged with."""
    text = json.dumps(to_json(report), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Section:
    """A heading with its paragraphs."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A report as it is read, on a page or on paper."""

    title: str
    reference: str
    service: str
    version: str
    facts: tuple[tuple[str, str], ...]
    ground: str
    provision: str
    borne_out: tuple[tuple[str, str], ...]
    """The dated facts: day and words."""
    sections: tuple[Section, ...]
    signature: tuple[str, str, str]
    handling: str
    again: str
    """What it takes the place of, and why; empty for a first version."""


def sheet(report: Report) -> Sheet:
    """A report laid out for reading."""
    return Sheet(
        title=TITLE,
        reference=report.reference,
        service=report.service,
        version=f"Version {report.number}",
        facts=_facts(report),
        ground=ground_words(report.ground, report.order_kind),
        provision=provision(report.ground, report.order_kind),
        borne_out=tuple((day_words(one.on), one.words) for one in report.facts),
        sections=_sections(report),
        signature=(
            report.author,
            ", ".join(part for part in (report.author_title, report.registration) if part),
            f"{BASIS_WORDS[report.basis].capitalize()}. Signed on {day_words(report.written_on)}",
        ),
        handling=HANDLING,
        again=_again(report),
    )


def _again(report: Report) -> str:
    if report.number == 1:
        return ""
    return f"This takes the place of version {report.number - 1}: {report.why_again}"


def _facts(report: Report) -> tuple[tuple[str, str], ...]:
    order = f"{KIND_WORDS[report.order_kind]} of {day_words(report.order_made_on)}, {report.court}"
    spans = "; ".join(f"{day_words(first)} to {day_words(last)}" for first, last in report.periods)
    to = report.to_name + (f", {report.to_unit}" if report.to_unit else "")
    rows = [
        ("Name", report.person_name),
        ("Date of birth", day_words(report.person_born_on) if report.person_born_on else ""),
        ("CRN", report.crn),
        ("Order", order),
        ("Treatment requirement", spans),
        ("To", to),
        ("Sessions", _sessions(report)),
    ]
    return tuple((name, value) for name, value in rows if value)


def _sessions(report: Report) -> str:
    words = f"{report.held} held of {report.expected} expected"
    if report.last_held_on is not None:
        words += f", the last on {day_words(report.last_held_on)}"
    if report.finished_on is not None:
        words += f". Planned sessions finished on {day_words(report.finished_on)}"
    return words


def _sections(report: Report) -> tuple[Section, ...]:
    found = [Section("Why", _paragraphs(report.opinion))]
    if report.proposed:
        found.append(Section("What is asked of the court", _paragraphs(report.proposed)))
    if report.willing is not None:
        words = WILLING_WORDS[report.willing]
        if report.willing_on is not None:
            words += f" (on {day_words(report.willing_on)})"
        said = (f"{words}.", *_paragraphs(report.willing_said))
        law = (willing_words(report.order_kind),) if report.ground in REPLACES else ()
        found.append(Section("His willingness", (*said, *law)))
    found.append(Section("What the law asks now", (duty_words(report.order_kind),)))
    return tuple(found)


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("\n") if part.strip())
