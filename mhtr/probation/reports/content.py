"""What a compliance report says, from one list of what may be in it: values alone.

Every way in which it is read (page, PDF, CSV, JSON) goes through `told`, which holds nothing that
the list does not name.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
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
class Behind:
    """A fact behind a report, by which what is on record later is compared with it."""

    item: Item
    key: str
    """The same for as long as it is about the same."""
    at: datetime
    """From when on a report would have to say it."""
    says: str
    until: date | None = None
    """The day after which it no longer counts, by itself."""


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
    ref: str = ""
    """The reference of his case."""
    behind: tuple[Behind, ...] = ()
    ended_on: date | None = None
    """The day on which the last of his orders ended; None while one runs, and where none was."""


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


def told(man: Man, listed: Iterable[Listed] = LISTED) -> dict[Item, Sequence[Said]]:
    """Everything that a report says of one man, by item of its list, as names and words."""
    items = {one.item for one in listed}
    return {item: _SAYS[item](man, items) for item in Item if item in items}


def _person(man: Man, _: Collection[Item]) -> list[Said]:
    officer = man.officer or "Nobody is named"
    return [{"Name": man.name, "CRN": man.crn or "Not known", "Officer": officer}]


def _order(man: Man, _: Collection[Item]) -> list[Said]:
    return [
        {
            "Sessions required": "Not known" if man.required is None else str(man.required),
            "Requirement ends": day_words(man.ends_on) if man.ends_on else "Not known",
            "What is left": man.left,
        }
    ]


def _counted(counts: Mapping[str, int]) -> list[Said]:
    return [{name: str(count) for name, count in counts.items()}]


def _next(man: Man, _: Collection[Item]) -> list[Said]:
    at = man.next_at
    return [{"Next session": f"{day_words(at.date())} at {at:%H:%M}" if at else "None booked"}]


def session_names(items: Collection[Item]) -> tuple[str, ...]:
    """What each session is told by, in order; what was decided of it only where that is listed."""
    decided = ("Decision",) if Item.DECISIONS in items else ()
    return ("Day", "Time", "What happened", *decided)


def _each(man: Man, items: Collection[Item]) -> list[Said]:
    said = [
        {
            "Day": day_words(one.at.date()),
            "Time": f"{one.at:%H:%M}",
            "What happened": in_words(one.happened, one.minutes_late),
            "Decision": one.decision,
        }
        for one in man.met
    ]
    return [{name: one[name] for name in session_names(items)} for one in said]


_SAYS: Mapping[Item, Callable[[Man, Collection[Item]], Sequence[Said]]] = {
    Item.PERSON: _person,
    Item.ORDER: _order,
    Item.SESSIONS: lambda man, _: _counted(sessions_of(man.met)),
    Item.DECISIONS: lambda man, _: _counted(decisions_of(man.met)),
    Item.WARNINGS: lambda man, _: [{"Warnings": " ".join(man.warnings) or "No order on record"}],
    Item.NEXT: _next,
    Item.EACH: _each,
}


@dataclass(frozen=True)
class Report:
    """A report on one man or a caseload, as on a day.

    `issue`: which version it is and whose place it takes, in words; empty for the first.
    """

    title: str
    service: str
    on: date
    men: tuple[Man, ...]
    listed: tuple[Listed, ...] = tuple(LISTED)
    issue: str = ""

    @property
    def items(self) -> frozenset[Item]:
        """What it is about."""
        return frozenset(one.item for one in self.listed)

    @property
    def totals(self) -> dict[str, int]:
        """The figures of all of them together."""
        met = [one for man in self.men for one in man.met]
        sessions = sessions_of(met) if Item.SESSIONS in self.items else {}
        return {**sessions, **(decisions_of(met) if Item.DECISIONS in self.items else {})}

    @property
    def means(self) -> dict[str, str]:
        """What its figures mean."""
        return {name: words for name, words in MEANS.items() if name in self.totals}

    def said(self, man: Man) -> dict[Item, Sequence[Said]]:
        """Everything that it says of one man."""
        return told(man, self.listed)

    def line(self, man: Man) -> dict[str, str]:
        """What it says of a man but for each session: one value to each name."""
        said = self.said(man)
        return {
            name: words
            for item, rows in said.items()
            if item is not Item.EACH
            for row in rows
            for name, words in row.items()
        }
