"""What the papers of a referral say: values, their fingerprint, and what two versions differ in.

They are made of facts that are on record, so they are never edited. Where a fact changes they are
issued again.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any


@dataclass(frozen=True)
class Entry:
    """One thing that happened, in the order of the day to which it belongs in law.

    `key` names what it is made of, and is the same in every version.
    """

    key: str
    on: date
    at: str
    """The time of day, where one belongs to it; else empty."""
    what: str
    lines: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()
    """Keys of the exhibits that bear it out."""


@dataclass(frozen=True)
class Stated:
    """One session in the attendance statement: what happened, and who of the service says so."""

    key: str
    on: date
    at: str
    where: str
    happened: str
    by: str
    recorded: str
    """When that was recorded, in words."""


@dataclass(frozen=True)
class Exhibit:
    """One thing that can be asked for, and where it is held."""

    key: str
    on: date
    what: str
    held: str


@dataclass(frozen=True)
class Papers:
    """Everything in the papers but their version and by whom they were made."""

    reference: str
    service: str
    facts: tuple[tuple[str, str], ...]
    """Whom and which order they are about: names and values."""
    about: tuple[str, ...]
    """The failures that were referred."""
    chronology: tuple[Entry, ...]
    statement: tuple[Stated, ...]
    exhibits: tuple[Exhibit, ...]

    def numbers(self) -> Mapping[str, int]:
        """The number of each exhibit, by its key."""
        return {one.key: number for number, one in enumerate(self.exhibits, 1)}


def to_json(papers: Papers) -> dict[str, Any]:
    """The papers as JSON values, days as ISO text; `from_json` reads them back."""
    made: dict[str, Any] = _plain(asdict(papers))
    return made


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value


def from_json(stored: Mapping[str, Any]) -> Papers:
    """The papers of stored JSON. Raises KeyError, TypeError or ValueError where they are none."""
    facts = tuple((str(name), str(value)) for name, value in stored["facts"])
    return Papers(
        reference=stored["reference"],
        service=stored["service"],
        facts=facts,
        about=tuple(stored["about"]),
        chronology=tuple(
            Entry(
                **{
                    **one,
                    "on": date.fromisoformat(one["on"]),
                    "lines": tuple(one["lines"]),
                    "shows": tuple(one["shows"]),
                }
            )
            for one in stored["chronology"]
        ),
        statement=tuple(
            Stated(**{**one, "on": date.fromisoformat(one["on"])}) for one in stored["statement"]
        ),
        exhibits=tuple(
            Exhibit(**{**one, "on": date.fromisoformat(one["on"])}) for one in stored["exhibits"]
        ),
    )


def content_hash(papers: Papers) -> str:
    """SHA-256 (hex) of the whole content as canonical JSON: what a version is kept with."""
    text = json.dumps(to_json(papers), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class How(StrEnum):
    """In which way something differs."""

    ADDED = "added"
    CHANGED = "changed"
    GONE = "gone"


HOW_WORDS: Mapping[How, str] = {
    How.ADDED: "New",
    How.CHANGED: "Changed",
    How.GONE: "No longer on record",
}


@dataclass(frozen=True)
class Difference:
    """One thing that differs between a version and what is on record now."""

    how: How
    words: str
    later: bool
    """It only came to pass after the day of the version: the version was right then."""


def differences(before: Papers, now: Papers, made_on: date) -> tuple[Difference, ...]:
    """What differs from a version that was made on a day, in the order of the papers."""
    return (
        *_facts(before, now),
        *_of(before.chronology, now.chronology, _entry_words, made_on, quiet=_shows_only),
        *_of(before.statement, now.statement, _stated_words, made_on, quiet=_same_fact),
        *_of(before.exhibits, now.exhibits, _exhibit_words, made_on, quiet=_equal),
    )


def out_of_date(found: Iterable[Difference]) -> bool:
    """Whether a version says something that is not so, or leaves out what was so by then."""
    return any(not one.later for one in found)


def _facts(before: Papers, now: Papers) -> list[Difference]:
    was, held = dict(before.facts), dict(now.facts)
    found = [
        Difference(How.CHANGED, f"{name}: {was.get(name, '–')} is now {held.get(name, '–')}", False)
        for name in {**was, **held}
        if was.get(name) != held.get(name)
    ]
    if before.about != now.about:
        found.append(Difference(How.CHANGED, "The failures that were referred", False))
    if (before.service, before.reference) != (now.service, now.reference):
        found.append(Difference(How.CHANGED, f"The service: {now.service}", False))
    return found


def _of(
    before: Sequence[Any], now: Sequence[Any], words: Any, made_on: date, *, quiet: Any
) -> list[Difference]:
    was, held = {one.key: one for one in before}, {one.key: one for one in now}
    found = []
    for key, one in {**was, **held}.items():
        if key not in was:
            found.append(Difference(How.ADDED, words(one), one.on > made_on))
        elif key not in held:
            found.append(Difference(How.GONE, words(one), False))
        elif not quiet(was[key], one):
            found.append(Difference(How.CHANGED, words(one), False))
    return found


def _equal(was: object, held: object) -> bool:
    return was == held


def _shows_only(was: Entry, held: Entry) -> bool:
    """Whether nothing but its exhibits differs: those are compared by themselves."""
    return (was.on, was.at, was.what, was.lines) == (held.on, held.at, held.what, held.lines)


def _same_fact(was: Stated, held: Stated) -> bool:
    return was == held


def _entry_words(one: Entry) -> str:
    return f"{_day(one.on)}: {one.what}"


def _stated_words(one: Stated) -> str:
    return f"Attendance statement, {_day(one.on)}: {one.happened}"


def _exhibit_words(one: Exhibit) -> str:
    return f"Exhibit: {one.what}"


def _day(on: date) -> str:
    return f"{on.day} {on:%B} {on.year}"
