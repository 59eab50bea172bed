"""The people of a responsible officer: one row a man, of what probation may know of him."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from mhtr.cases.models import Case
from mhtr.cases.standing import UNDER_ORDER
from mhtr.compliance.attendance import MISSED, NEVER_HIS, Happened, in_words
from mhtr.compliance.decision_queries import Waiting, waiting_of
from mhtr.compliance.list_facts import Warned, warned_of
from mhtr.compliance.queries import Last, last_of
from mhtr.compliance.standing.facts import WarningsConfirmed
from mhtr.core import clock
from mhtr.core.access import Purpose, Viewer
from mhtr.core.prepared import Prepared
from mhtr.core.scope import ANYBODY, asked_by, visible
from mhtr.orders.cards import Card, cards_of_each
from mhtr.orders.court_dates import InCourt, in_court_of
from mhtr.orders.officer_queries import Officer, officers_of
from mhtr.orders.treatment_clock import TreatmentClock
from mhtr.people.models import Person
from mhtr.people.queries import crns_of
from mhtr.probation.papers.queries import Referral, referrals_of
from mhtr.reviews.queries import Short, next_of_each
from sessions.booking.queries import next_required

MOST = 500
"""Men of one officer; the page says so where there are more."""
MARKS = 5
NO_ORDER = "The order is not recorded yet."


class Show(StrEnum):
    """What the list may be narrowed to."""

    TO_DECIDE = "to_decide"
    MISSED = "missed"
    NOTHING_BOOKED = "nothing_booked"
    LATE = "late"
    WARNED = "warned"
    UNCONFIRMED = "unconfirmed"
    PAPERS = "papers"


@dataclass(frozen=True)
class Mark:
    """One session of the requirement: a sign, and what it says in words."""

    sign: str
    on: date
    words: str


@dataclass(frozen=True)
class Man:
    """One man in the viewer's scope, before anything else is read of him."""

    case_id: int
    person_id: int
    ref: uuid.UUID
    name: str
    sort_name: str
    officer: Officer | None
    """Who is named for him; None: nobody is, or nobody who is still there."""


@dataclass(frozen=True)
class Supervised:
    """One man as his officer sees him in the list.

    `in_time` is None where no order is on record. `reason` says what is left of his treatment.
    """

    case_id: int
    person_id: int
    ref: uuid.UUID
    name: str
    sort_name: str
    crn: str
    next_at: datetime | None
    marks: tuple[Mark, ...]
    missed_last: bool
    ends_on: date | None
    in_time: bool | None
    reason: str
    officer: Officer | None
    warned: tuple[Warned, ...] = ()
    """Of each order that has not ended, its warnings."""
    in_court: InCourt | None = None
    """The next day in court."""
    papers: tuple[Referral, ...] = ()
    """Referrals to an enforcement officer whose papers are still to be sent."""
    review: Short | None = None
    """The three-way review that is next, or was last."""
    waiting: tuple[Waiting, ...] = ()
    """Missed sessions on which probation has not decided, the earliest first."""

    @property
    def warned_until(self) -> tuple[date, ...]:
        """The last day of each warning that counts, the earliest first."""
        return tuple(sorted(day for one in self.warned for day in one.until))

    @property
    def readings(self) -> tuple[str, ...]:
        """Readings of the law that mattered to which of his warnings count."""
        return tuple(dict.fromkeys(words for one in self.warned for words in one.readings))

    @property
    def compared(self) -> tuple[WarningsConfirmed | None, ...]:
        """Of each order, who last compared its warnings with nDelius."""
        return tuple(one.confirmed for one in self.warned)

    def is_shown(self, show: str) -> bool:
        """Whether he stands in the list so narrowed; an empty word narrows nothing."""
        return {
            Show.TO_DECIDE: bool(self.waiting),
            Show.MISSED: self.missed_last,
            Show.NOTHING_BOOKED: self.next_at is None,
            Show.LATE: self.in_time is False,
            Show.WARNED: bool(self.warned_until),
            Show.UNCONFIRMED: None in self.compared,
            Show.PAPERS: bool(self.papers),
        }.get(Show(show), True) if show else True  # fmt: skip


_THERE = aliased(Case)
LINES = (
    select(
        Case.id,
        Case.ref,
        Person.id.label("person_id"),
        Person.given_name,
        Person.family_name,
        Person.sort_name,
    )
    .join(Person, Person.id == Case.person_id)
    .order_by(Person.sort_name, Case.id)
)
"""What `men_from` reads, by name: of every case, until a condition says whose."""
MEN = LINES.where(
    # Men under an order are as many as a service treats: they are found first.
    Case.id.in_(select(_THERE.id).where(_THERE.state.in_(bindparam("states", expanding=True)))),
    visible(ANYBODY, Case.id, Case.restricted),
).limit(MOST + 1)
"""Everybody under an order whom somebody supervises, by name: see `read_men`."""
_PEOPLE = Prepared(MEN)


def men_of(viewer: Viewer) -> list[Man]:
    """Everybody under an order whom the viewer supervises, by name; at most one above `MOST`."""
    return read_men(_PEOPLE, viewer)


def read_men(statement: Prepared, viewer: Viewer) -> list[Man]:
    """The men of a statement made of `MEN`, as far as the viewer supervises them."""
    given = {**asked_by(viewer, Purpose.SUPERVISION), "states": sorted(UNDER_ORDER)}
    return men_from(statement.all(given))


def men_from(lines: Sequence[Any]) -> list[Man]:
    """The men of these lines, those of `LINES`, with whoever is named for them."""
    officers = officers_of([line.id for line in lines])
    return [
        Man(
            case_id=line.id,
            person_id=line.person_id,
            ref=line.ref,
            name=f"{line.given_name} {line.family_name}".strip(),
            sort_name=line.sort_name,
            officer=officers.get(line.id),
        )
        for line in lines
    ]


def supervised(men: Sequence[Man]) -> list[Supervised]:
    """What the list says of each of these men, in their order."""
    ids = [man.case_id for man in men]
    if not ids:
        return []
    coming = next_required(ids)
    marks, cards = last_of(ids, MARKS), cards_of_each(ids)
    crns = crns_of({man.person_id for man in men})
    waiting = waiting_of(ids)
    rows = [
        _row(
            man, crns, coming.get(man.case_id), marks.get(man.case_id, ()),
            cards.get(man.case_id, []),
        )
        for man in men
    ]  # fmt: skip
    today = clock.today()
    court = in_court_of(ids, today)
    referrals, reviews = referrals_of(ids), next_of_each(ids)
    warned = warned_of([card.order for held in cards.values() for card in held], today)
    return [
        replace(
            row,
            waiting=tuple(waiting.get(row.case_id, ())),
            in_court=court.get(row.case_id),
            review=reviews.get(row.case_id),
            papers=tuple(one for one in referrals.get(row.case_id, ()) if one.papers.runs),
            warned=tuple(warned[card.order.id] for card in cards.get(row.case_id, ())),
        )
        for row in rows
    ]


def _row(
    man: Man,
    crns: Mapping[int, str],
    next_at: datetime | None,
    marks: Sequence[Last],
    cards: Sequence[Card],
) -> Supervised:
    card = min(cards, key=lambda one: one.order.treatment_ends_on, default=None)
    return Supervised(
        case_id=man.case_id,
        person_id=man.person_id,
        ref=man.ref,
        name=man.name,
        sort_name=man.sort_name,
        officer=man.officer,
        crn=crns.get(man.person_id, ""),
        next_at=next_at,
        marks=tuple(_mark(one) for one in marks),
        missed_last=bool(marks) and marks[-1].happened in MISSED,
        ends_on=card.order.treatment_ends_on if card else None,
        in_time=card.clock.in_time if card else None,
        reason=_left(card.clock) if card else NO_ORDER,
    )


def _left(left: TreatmentClock) -> str:
    """What the order's clock comes to, beside the day on which the requirement ends."""
    if left.sessions_left == 0:
        return "All sessions are held."
    words = f"{left.sessions_left} session{'s' if left.sessions_left != 1 else ''} left"
    if not left.in_time:
        return f"{words}."
    weeks = f"{left.slack_weeks} week{'s' if left.slack_weeks != 1 else ''}"
    return f"{words}, {weeks if left.slack_weeks else 'nothing'} to spare."


def _mark(one: Last) -> Mark:
    return Mark(_sign(one.happened), one.on, in_words(one.happened, one.minutes_late))


def _sign(happened: Happened) -> str:
    """Never more than whether he was seen: what a miss means is for probation to say."""
    if happened in MISSED:
        return "missed"
    return "not-his" if happened in NEVER_HIS else "seen"
