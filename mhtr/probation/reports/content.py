"""What a compliance report says, from one list of what may be in it: values alone.

Every way in which it is read (page, PDF, CSV, JSON) goes through `told`, which holds nothing that
the list does not name.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from mhtr.cases.wording import day_words
from mhtr.compliance.attendance import MISSED, NEVER_HIS, TOOK_PLACE, Happened, in_words
from mhtr.compliance.standing.facts import Opinion

DECISION_WORDS: Mapping[Opinion, str] = {
    Opinion.EXCUSED: "Accepted",
    Opinion.NO_EXCUSE: "Not accepted",
    Opinion.UNACCEPTABLE: "Called unacceptable",
    Opinion.MORE_WANTED: "More evidence is wanted",
}
NOT_DECIDED = "Not decided"


@dataclass(frozen=True)
class Met:
    """One session of the requirement; `at`: when it was to begin, in London."""

    at: datetime
    happened: Happened
    minutes_late: int | None = None
    decided: Opinion | None = None
    described: bool = False
    """Behaviour is on record as a fact that probation must know."""

    @property
    def decision(self) -> str:
        """What probation decided of it; empty where there is nothing to decide."""
        if self.happened not in MISSED and not (self.described and self.decided):
            return ""
        return DECISION_WORDS.get(self.decided, NOT_DECIDED) if self.decided else NOT_DECIDED


@dataclass(frozen=True)
class Man:
    """One man as a report may know him."""

    name: str
    crn: str
    officer: str
    required: int | None
    """Sessions that the order asks for; None where none is on record."""
    ends_on: date | None
    left: str
    next_at: datetime | None
    warnings: tuple[str, ...]
    met: tuple[Met, ...]


class Item(StrEnum):
    """What may be in a report. Nothing else is."""

    PERSON = "person"
    ORDER = "order"
    SESSIONS = "sessions"
    DECISIONS = "decisions"
    WARNINGS = "warnings"
    NEXT = "next"
    EACH = "each_session"


@dataclass(frozen=True)
class Listed:
    """An item with what it is and why probation may read it."""

    item: Item
    label: str
    basis: str


_ORDER = "Because of the order: attendance is what probation supervises (told, not asked)"
_OWN = "Probation's own record"
LISTED: Sequence[Listed] = (
    Listed(Item.PERSON, "Who he is", "So that the report is about the right man"),
    Listed(Item.ORDER, "The order's clock", _ORDER),
    Listed(Item.SESSIONS, "Sessions of the requirement", _ORDER),
    Listed(Item.DECISIONS, "Decisions on absences", _OWN),
    Listed(Item.WARNINGS, "Warnings, as last confirmed", _OWN),
    Listed(Item.NEXT, "The next session", _ORDER),
    Listed(Item.EACH, "Each session", _ORDER),
)
"""The allow-list, in the order of the report. What is taken out here leaves every report."""
MEANS: Mapping[str, str] = {
    "Offered": "Sessions of the requirement on record until that day, whatever became of them",
    "Attended": "He came and was seen, also where he came late",
    "Missed": "He did not come, came too late to be seen, or cancelled beforehand",
    "Not his doing": "The service, probation or a court could not hold it: never counts",
    "Not decided": "Missed, and probation has not decided whether there was a reasonable excuse",
}
"""What each figure means."""


def sessions_of(met: Iterable[Met]) -> dict[str, int]:
    """How many sessions were offered, and what became of them: the last three make the first."""
    rows = list(met)
    return {
        "Offered": len(rows),
        "Attended": sum(one.happened in TOOK_PLACE for one in rows),
        "Missed": sum(one.happened in MISSED for one in rows),
        "Not his doing": sum(one.happened in NEVER_HIS for one in rows),
    }


def decisions_of(met: Iterable[Met]) -> dict[str, int]:
    """What was decided of the missed sessions, which make up all of them."""
    missed = [one for one in met if one.happened in MISSED]
    accepted = sum(one.decided is Opinion.EXCUSED for one in missed)
    against = sum(one.decided in (Opinion.NO_EXCUSE, Opinion.UNACCEPTABLE) for one in missed)
    return {
        "Accepted": accepted,
        "Not accepted": against,
        "Not decided": len(missed) - accepted - against,
    }


Said = Mapping[str, str]


def told(man: Man) -> dict[Item, Sequence[Said]]:
    """Everything that a report says of one man, by item of the list, as names and words."""
    return {one.item: _SAYS[one.item](man) for one in LISTED}


def _person(man: Man) -> list[Said]:
    officer = man.officer or "Nobody is named"
    return [{"Name": man.name, "CRN": man.crn or "Not known", "Officer": officer}]


def _order(man: Man) -> list[Said]:
    return [
        {
            "Sessions required": "Not known" if man.required is None else str(man.required),
            "Requirement ends": day_words(man.ends_on) if man.ends_on else "Not known",
            "What is left": man.left,
        }
    ]


def _counted(counts: Mapping[str, int]) -> list[Said]:
    return [{name: str(count) for name, count in counts.items()}]


def _next(man: Man) -> list[Said]:
    at = man.next_at
    return [{"Next session": f"{day_words(at.date())} at {at:%H:%M}" if at else "None booked"}]


def _each(man: Man) -> list[Said]:
    return [
        {
            "Day": day_words(one.at.date()),
            "Time": f"{one.at:%H:%M}",
            "What happened": in_words(one.happened, one.minutes_late),
            "Decision": one.decision,
        }
        for one in man.met
    ]


_SAYS: Mapping[Item, Callable[[Man], Sequence[Said]]] = {
    Item.PERSON: _person,
    Item.ORDER: _order,
    Item.SESSIONS: lambda man: _counted(sessions_of(man.met)),
    Item.DECISIONS: lambda man: _counted(decisions_of(man.met)),
    Item.WARNINGS: lambda man: [{"Warnings": " ".join(man.warnings) or "No order on record"}],
    Item.NEXT: _next,
    Item.EACH: _each,
}


@dataclass(frozen=True)
class Report:
    """A report on one man or a caseload, as on a day."""

    title: str
    service: str
    on: date
    men: tuple[Man, ...]

    @property
    def totals(self) -> dict[str, int]:
        """The figures of all of them together."""
        met = [one for man in self.men for one in man.met]
        return {**sessions_of(met), **decisions_of(met)}
