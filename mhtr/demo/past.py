"""Men of former years: who may be copied as one of them, and how his rows go back in time.

A service of 50,000 people is years of finished work and a bounded number of live cases: staff
carry no more of them because the records are older. So copies beyond the live ones are of men
who are done with: every case of theirs is over and nothing is left to do. What nobody got round to
in the demonstration (a flag without a response, a contact or form left open) is settled in them.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Date, DateTime, Table

from mhtr.cases.facts import CaseState
from mhtr.core.crypto import key_ring
from outcome_measures.flags.words import day
from outcome_measures.models import OccasionState

OVER = frozenset(
    {
        CaseState.CLOSED.value,
        CaseState.SENTENCED_WITHOUT_MHTR.value,
        CaseState.ENDED.value,
        CaseState.DISCHARGED.value,
    }
)
YEARS = 8
"""How far back the oldest copies lie."""

Row = dict[str, Any]
Links = Mapping[str, str]

_DAY = re.compile(r"\b20\d\d-\d\d-\d\d\b")
_DAY_IN_WORDS = re.compile(r"\b\d{1,2} [A-Z][a-z]+ 20\d\d\b")
SAID = "measure_flags.said"


def finished(tables: Iterable[tuple[str, Links, tuple[Row, ...]]]) -> dict[str, tuple[Row, ...]]:
    """The rows of men who are done with, by table.

    Args:
        tables: name, links to others of these tables, and rows; parents before children.
    """
    given = {name: (links, rows) for name, links, rows in tables}
    live = _live_people(given["cases"][1], given["tasks"][1])
    return rows_of(given, lambda person_id: person_id not in live)


def rows_of(
    given: Mapping[str, tuple[Links, tuple[Row, ...]]], of_person: Callable[[int], bool]
) -> dict[str, tuple[Row, ...]]:
    """The rows of some men, by table: whatever points to others only is left out.

    Args:
        given: links and rows by name; parents before children.
    """
    kept: dict[str, dict[int, Row]] = {}
    for name, (links, rows) in given.items():
        kept[name] = {}
        for row in rows:
            gone = name == "people" and not of_person(row["id"])
            if not gone and all(row[n] is None or row[n] in kept[t] for n, t in links.items()):
                kept[name][row["id"]] = row
    # A session is his in which he has a place; no key of its own says so.
    with_him = {row["session_id"] for row in kept.get("session_places", {}).values()}
    return {
        name: tuple(
            row for row in rows.values() if name != "treatment_sessions" or row["id"] in with_him
        )
        for name, rows in kept.items()
    }


def _live_people(cases: Iterable[Row], tasks: Iterable[Row]) -> set[int]:
    to_do = {row["case_id"] for row in tasks if row["state"] == "open"}
    return {row["person_id"] for row in cases if row["state"] not in OVER or row["id"] in to_do}


def shifting(of: Table, back: timedelta) -> Callable[[Row], None]:
    """A function that moves a row of a table back in time: its days, moments and dated details."""
    days = [c.name for c in of.columns if isinstance(c.type, Date)]
    moments = [c.name for c in of.columns if _is_moment(c.type)]
    detail = "detail" in of.columns
    told, flagged = of.name == "notices", of.name == "measure_flags"
    memory: dict[str, str] = {}
    words: dict[bytes, str] = {}

    def earlier(match: re.Match[str]) -> str:
        day = match[0]
        if day not in memory:
            memory[day] = (date.fromisoformat(day) - back).isoformat()
        return memory[day]

    def move(row: Row) -> None:
        for name in (*days, *moments):
            value = row[name]
            if isinstance(value, str):
                row[name] = _DAY.sub(earlier, value, count=1)
            elif isinstance(value, (date, datetime)):
                row[name] = value - back
        if detail and isinstance(row["detail"], str):
            row["detail"] = _DAY.sub(earlier, row["detail"])
        if flagged:
            row["key"] = _DAY.sub(earlier, row["key"])
            row["said"] = row["said"] and _said_earlier(row["said"], back, words)
        if told:
            row["read_at"] = row["read_at"] or row["created_at"]

    return move


def _said_earlier(said: bytes, back: timedelta, memory: dict[bytes, str]) -> bytes:
    """The words of a flag with their days moved. `memory`: words made out before."""

    def earlier(match: re.Match[str]) -> str:
        on = datetime.strptime(match[0], "%d %B %Y")  # noqa: DTZ007  (a day in words, no moment)
        return day(on.date() - back)

    if said not in memory:
        memory[said] = _DAY_IN_WORDS.sub(earlier, key_ring.decrypt(said, SAID))
    return key_ring.encrypt(memory[said], SAID)


def _closed(contact: Row) -> None:
    if contact["closed_at"] is None:
        contact["closed_at"], contact["closed_by"] = contact["created_at"], contact["by_id"]


def _not_open(occasion: Row) -> None:
    if occasion["state"] == OccasionState.OPEN.value:
        occasion["state"] = OccasionState.CLOSED.value


def settle(name: str, rows: Iterable[Row], like: Row | None) -> None:
    """What nobody got round to in the demonstration was done with years ago.

    Args:
        like: a flag somebody responded to, whose response every waiting flag is given.
    """
    for row in rows:
        if name == "measure_contacts":
            _closed(row)
        elif name == "measure_occasions":
            _not_open(row)
        elif name == "measure_flags" and like is not None and row["responded_at"] is None:
            row |= {key: like[key] for key in ("response", "responded_by")}
            row["responded_at"] = row["created_at"]


def _is_moment(of_type: object) -> bool:
    return isinstance(getattr(of_type, "impl_instance", of_type), DateTime)
