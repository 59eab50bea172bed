"""What a compliance report says, from one list of what may be in it: values alone.

Every way in which it is read (page, PDF, CSV, JSON) goes through `told`, which holds nothing that
the list does not name.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mhtr.cases.wording import day_words
from mhtr.compliance.attendance import (
    MISSED,
    NEVER_HIS,
    REASON_WORDS,
    TOOK_PLACE,
    Happened,
    ReasonGiven,
    in_words,
)
from mhtr.compliance.standing.facts import Opinion
from mhtr.probation.reports.terms import SHIPPED, Item, Listed, Terms, all_of, listed_in

DECISION_WORDS: Mapping[Opinion, str] = {
    Opinion.EXCUSED: "Accepted",
    Opinion.NO_EXCUSE: "Not accepted",
    Opinion.UNACCEPTABLE: "Called unacceptable",
    Opinion.MORE_WANTED: "More evidence is wanted",
}
NOT_DECIDED = "Not decided"
LEFT_OUT = "Left out by agreement"
"""In a table in which others have it."""


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
    reason: ReasonGiven | None = None
    """The kind of reason that stands."""
    code: str = ""
    """What it suggests for probation's own system."""

    @property
    def reason_words(self) -> str:
        """The kind of reason; empty where he did not miss it."""
        if self.happened not in MISSED:
            return ""
        return REASON_WORDS[self.reason or ReasonGiven.NONE_YET]

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
    terms: Terms = SHIPPED
    """What is told of him, as the trust that treats him agreed it with probation."""


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


def told(man: Man, items: Collection[Item]) -> dict[Item, Sequence[Said]]:
    """Everything that a report says of one man, by item, as names and words.

    What stands beside each session (reasons, codes) has no lines of its own.
    """
    return {item: _SAYS[item](man, items) for item in Item if item in items}


def _person(man: Man, _: Collection[Item]) -> list[Said]:
    officer = man.officer or "Nobody is named"
    return [{"Name": man.name, "CRN": man.crn or "Not known", "Officer": officer}]


def _order(man: Man, _: Collection[Item]) -> list[Said]:
    return [
        {
            "Sessions required": "Not known" if man.required is None else str(man.required),
            "Requirement ends": day_words(man.ends_on) if man.ends_on else "Not known",
        }
    ]


def _counted(counts: Mapping[str, int]) -> list[Said]:
    return [{name: str(count) for name, count in counts.items()}]


def _next(man: Man, _: Collection[Item]) -> list[Said]:
    at = man.next_at
    return [{"Next session": f"{day_words(at.date())} at {at:%H:%M}" if at else "None booked"}]


def session_names(items: Collection[Item]) -> tuple[str, ...]:
    """What each session is told by, in order; what was decided of it only where that is listed."""
    beside = {Item.DECISIONS: "Decision", Item.REASONS: "Kind of reason", Item.CODES: "Code"}
    more = (name for item, name in beside.items() if item in items)
    return ("Day", "Time", "What happened", *more)


def _each(man: Man, items: Collection[Item]) -> list[Said]:
    said = [
        {
            "Day": day_words(one.at.date()),
            "Time": f"{one.at:%H:%M}",
            "What happened": in_words(one.happened, one.minutes_late),
            "Decision": one.decision,
            "Kind of reason": one.reason_words,
            "Code": one.code,
        }
        for one in man.met
    ]
    return [{name: one[name] for name in session_names(items)} for one in said]


_SAYS: Mapping[Item, Callable[[Man, Collection[Item]], Sequence[Said]]] = {
    Item.PERSON: _person,
    Item.ORDER: _order,
    Item.PROGRESS: lambda man, _: [{"What is left": man.left}],
    Item.SESSIONS: lambda man, _: _counted(sessions_of(man.met)),
    Item.DECISIONS: lambda man, _: _counted(decisions_of(man.met)),
    Item.WARNINGS: lambda man, _: [{"Warnings": " ".join(man.warnings) or "No order on record"}],
    Item.NEXT: _next,
    Item.EACH: _each,
    Item.REASONS: lambda _man, _items: (),
    Item.CODES: lambda _man, _items: (),
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
    issue: str = ""

    @property
    def terms(self) -> tuple[Terms, ...]:
        """The agreements by which it is made, of each trust that treats somebody in it."""
        return all_of(man.terms for man in self.men)

    @property
    def listed(self) -> tuple[Listed, ...]:
        """What it tells of anybody in it, in its order."""
        return listed_in(self.terms)

    @property
    def items(self) -> frozenset[Item]:
        """What it is about."""
        return frozenset(one.item for one in self.listed)

    @property
    def totals(self) -> dict[str, int]:
        """The figures of all of them together, as far as they are told of each of them."""
        met = [one for man in self.men for one in man.met]
        of_all = self.items.intersection(*(one.items for one in self.terms))
        sessions = sessions_of(met) if Item.SESSIONS in of_all else {}
        return {**sessions, **(decisions_of(met) if Item.DECISIONS in of_all else {})}

    @property
    def means(self) -> dict[str, str]:
        """What its figures mean."""
        told_of = {**dict.fromkeys(self.totals), **dict.fromkeys(self.names)}
        return {name: words for name, words in MEANS.items() if name in told_of}

    @property
    def names(self) -> tuple[str, ...]:
        """What its lines are called, in order."""
        return tuple(_line(told(NOBODY, self.items)))

    def said(self, man: Man) -> dict[Item, Sequence[Said]]:
        """Everything that it says of one man."""
        return told(man, man.terms.items)

    def line(self, man: Man) -> dict[str, str]:
        """What it says of a man but for each session: one value to each name."""
        return _line(self.said(man))


def _line(said: Mapping[Item, Sequence[Said]]) -> dict[str, str]:
    return {
        name: words
        for item, rows in said.items()
        if item is not Item.EACH
        for row in rows
        for name, words in row.items()
    }


NOBODY = Man("", "", "", None, None, "", None, (), ())
