"""When somebody may cover for an officer of probation: rules alone.

Cover is for whole days in London, both included: of all of an officer's men, or of one of them.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from mhtr.cases.wording import day_words

LONGEST = timedelta(days=366)
NOT_HIMSELF = "Nobody covers for himself: choose a colleague"
OTHER_UNIT = "Choose an officer of the same unit who signs in here"
BACKWARDS = "The last day must not lie before the first"
PAST = "Cover begins today or later"
TOO_LONG = "Cover lasts a year at most"


@dataclass(frozen=True)
class Cover:
    """Who covers for whom, from a day to a day. `case_id` None: for all of his men."""

    officer_id: int
    cover_id: int
    first: date
    last: date
    case_id: int | None = None

    def on(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.first <= day <= self.last

    def meets(self, other: "Cover") -> bool:
        """Whether they have a day in common."""
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True)
class Known:
    """What is on record when cover is wanted.

    `unit`: the officers who sign in and work in the unit of whoever is covered.
    """

    covers: Collection[Cover]
    unit: Collection[int]
    today: date


def objections(wanted: Cover, known: Known) -> tuple[tuple[str, str], ...]:
    """What is wrong with cover that is wanted: the field and words for it; none where it can be."""
    return tuple([*_of_days(wanted, known.today), *_of_people(wanted, known)])


def _of_days(wanted: Cover, today: date) -> Iterator[tuple[str, str]]:
    if wanted.first < today:
        yield "first", PAST
    if wanted.last < wanted.first:
        yield "last", BACKWARDS
    elif wanted.last - wanted.first >= LONGEST:
        yield "last", TOO_LONG


def _of_people(wanted: Cover, known: Known) -> Iterator[tuple[str, str]]:
    if wanted.cover_id == wanted.officer_id:
        yield "cover", NOT_HIMSELF
        return
    if wanted.cover_id not in known.unit or wanted.officer_id not in known.unit:
        yield "cover", OTHER_UNIT
        return
    for one in known.covers:
        if wanted.meets(one) and (found := _clash(wanted, one)):
            yield found
            return


def _clash(wanted: Cover, one: Cover) -> tuple[str, str] | None:
    """What is wrong with two covers that have a day in common; None where both can be."""
    until = day_words(one.last)
    same_man = wanted.case_id is not None and wanted.case_id == one.case_id
    both_all = wanted.case_id is None and one.case_id is None
    if wanted.officer_id == one.officer_id and (both_all or same_man):
        return "first", f"Somebody covers already until {until}. Take that back first"
    if wanted.officer_id == one.officer_id and wanted.cover_id == one.cover_id:
        return "cover", f"The same colleague covers already until {until}"
    if one.case_id is None and one.officer_id == wanted.cover_id:
        return "cover", f"This colleague is away as well until {until}"
    if wanted.case_id is None and one.cover_id == wanted.officer_id:
        return "first", f"He covers for somebody else until {until}. Give that to another one first"
    return None
