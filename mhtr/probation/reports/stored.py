"""What a released report said, as it is kept, and what differs from it today: values alone."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from mhtr.cases.wording import day_words
from mhtr.probation.reports.content import Behind, Man, Report, Said
from mhtr.probation.reports.terms import Item
from mhtr.probation.reports.terms import to_json as terms_json


@dataclass(frozen=True)
class StoredMan:
    """One man as a released report told of him."""

    ref: str
    name: str
    said: Mapping[Item, Sequence[Said]]
    behind: tuple[Behind, ...]


@dataclass(frozen=True)
class Stored:
    """A released report. `agreements`: by which ones it was made, in words."""

    title: str
    on: date
    items: frozenset[Item]
    totals: Mapping[str, int]
    men: tuple[StoredMan, ...]
    issue: str = ""
    agreements: tuple[str, ...] = ()


def to_json(report: Report) -> dict[str, Any]:
    """A report as it is kept beside its file."""
    return {
        "title": report.title,
        "on": report.on.isoformat(),
        "issue": report.issue,
        "items": [one.item.value for one in report.listed],
        "agreements": [terms_json(one) for one in report.terms],
        "totals": report.totals,
        "men": [
            {
                "ref": man.ref,
                "name": man.name,
                "said": {item.value: list(rows) for item, rows in report.said(man).items()},
                "behind": [_behind(one) for one in man.behind if one.item in man.terms.items],
            }
            for man in report.men
        ],
    }


def _behind(one: Behind) -> dict[str, str]:
    until = one.until.isoformat() if one.until else ""
    return {
        "item": one.item.value,
        "key": one.key,
        "at": one.at.isoformat(),
        "says": one.says,
        "until": until,
    }


def from_json(said: Mapping[str, Any]) -> Stored:
    """The report that was kept.

    Raises:
        KeyError, TypeError, ValueError: it is not one.
    """
    return Stored(
        title=said["title"],
        on=date.fromisoformat(said["on"]),
        items=frozenset(Item(one) for one in said["items"]),
        totals=said["totals"],
        men=tuple(
            StoredMan(
                man["ref"],
                man["name"],
                {Item(item): rows for item, rows in man["said"].items()},
                tuple(_fact(one) for one in man["behind"]),
            )
            for man in said["men"]
        ),
        issue=said["issue"],
        # Reports that left before agreements were kept have none.
        agreements=tuple(one["words"] for one in said.get("agreements", ())),
    )


def _fact(said: Mapping[str, str]) -> Behind:
    until = date.fromisoformat(said["until"]) if said["until"] else None
    at = datetime.fromisoformat(said["at"])
    return Behind(Item(said["item"]), said["key"], at, said["says"], until)


def content_hash(said: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of what is kept, as canonical JSON."""
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class How(StrEnum):
    """In which way what is on record differs from what was released."""

    CHANGED = "changed"
    GONE = "gone"
    LEFT_OUT = "left_out"
    LATER = "later"
    """It only came afterwards: the report was right when it was made."""


HOW_WORDS = {
    How.CHANGED: "Changed",
    How.GONE: "No longer so",
    How.LEFT_OUT: "Was left out",
    How.LATER: "Came later",
}


@dataclass(frozen=True)
class Difference:
    """One thing that differs. `was` and `now` are empty where there is nothing to say."""

    ref: str
    """The reference of his case."""
    name: str
    how: How
    was: str
    now: str

    @property
    def wrong(self) -> bool:
        """Whether whoever holds the report is told what is not so."""
        return self.how is not How.LATER

    @property
    def words(self) -> str:
        """What differs, in a line without his name."""
        if self.was and self.now:
            return f"{HOW_WORDS[self.how]}: {self.was}. Now: {self.now}"
        return f"{HOW_WORDS[self.how]}: {self.was or self.now}"


OF_THE_ORDER = frozenset({Item.ORDER, Item.WARNINGS})
"""What ends with an order, and was so until then."""


def over_words(ended_on: date) -> str:
    """That his order has ended."""
    return f"The order ended on {day_words(ended_on)}"


def differences(
    stored: Stored, now: Mapping[str, Man], *, released: datetime, today: date
) -> tuple[Difference, ...]:
    """What differs, man by man; of a man who is not among those of now nothing is said.

    Args:
        now: what is on record, by the reference of the case.
        released: the moment at which the report was.
    """
    return tuple(
        difference
        for man in stored.men
        if man.ref in now
        for difference in _of(man, now[man.ref], stored, released, today)
    )


def _of(
    man: StoredMan, now: Man, stored: Stored, released: datetime, today: date
) -> Iterator[Difference]:
    before = {one.key: one for one in man.behind}
    found = {one.key: one for one in now.behind if one.item in man.said}
    ended = now.ended_on if now.ended_on is not None and now.ended_on >= stored.on else None
    for key, old in before.items():
        new = found.get(key)
        if new is None and ended is not None and old.item in OF_THE_ORDER:
            if old.item is Item.ORDER:
                yield Difference(man.ref, man.name, How.LATER, "", over_words(ended))
        elif new is None:
            if old.until is None or old.until >= today:
                yield Difference(man.ref, man.name, How.GONE, old.says, "")
        elif new.says != old.says:
            yield Difference(man.ref, man.name, How.CHANGED, old.says, new.says)
    for key, new in found.items():
        if key not in before:
            how = How.LEFT_OUT if new.at <= released else How.LATER
            yield Difference(man.ref, man.name, how, "", new.says)


def is_wrong(found: Sequence[Difference]) -> bool:
    """Whether the report says what is not so, or leaves out what was so by then."""
    return any(one.wrong for one in found)
