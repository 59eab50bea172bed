"""Where his orders stand, as the page for who treats him shows it."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from mhtr.compliance.attendance import in_words
from mhtr.compliance.models import Attendance
from mhtr.compliance.order_facts import OrderFacts, facts_of
from mhtr.compliance.queries import attendance_of
from mhtr.compliance.reading_queries import in_force
from mhtr.compliance.standing.for_service import (
    ForService,
    Missed,
    Stands,
    for_service,
    mattered_to_service,
)
from mhtr.compliance.standing.service_words import (
    COLOURS,
    MEANS,
    STANDS_WORDS,
    court_words,
    missed_words,
    must_be_referred,
)
from mhtr.core import formats
from mhtr.orders.terms import KIND_WORDS


@dataclass(frozen=True)
class MissedShown:
    """One session that he missed, or about which he was warned."""

    ref: uuid.UUID
    attendance_id: int
    at: datetime
    happened: str
    issued: tuple[str, ...]
    open_to_him: bool
    """Whether what he says of it may still matter: nothing was issued, and it may count."""


@dataclass(frozen=True)
class OrderForService:
    """One order, as who treats him reads where it stands."""

    order_id: int
    title: str
    stands: Stands
    words: str
    colour: str
    means: tuple[str, ...]
    law: tuple[str, str] | None
    """What the law asks while a warning counts, and its provision."""
    missed: tuple[MissedShown, ...]
    court: tuple[tuple[date, str], ...]
    readings: tuple[str, ...]
    warning_ids: tuple[int, ...]
    step_ids: tuple[int, ...]
    """What is shown, for the audit."""


def orders_for_service(case_id: int, today: date) -> list[OrderForService]:
    """Each order of a case, the earliest first, by what was issued until today."""
    held = facts_of(case_id)
    rows = {row.subject: row for row in attendance_of(case_id)} if held else {}
    return [_shown(one, rows, today) for one in held]


def _shown(one: OrderFacts, rows: dict[uuid.UUID, Attendance], today: date) -> OrderForService:
    held = in_force(today)
    used = held.readings
    found = for_service(one.order, one.facts, today, used)
    return OrderForService(
        order_id=one.held.order.id,
        title=f"{KIND_WORDS[one.order.kind]} of {formats.day(one.order.made_on)}",
        stands=found.stands,
        words=STANDS_WORDS[found.stands],
        colour=COLOURS[found.stands],
        means=MEANS[found.stands],
        law=must_be_referred(one.order, found),
        missed=tuple(_missed(found, rows)),
        court=tuple((step.on, court_words(step)) for step in found.court),
        readings=tuple(map(held.words, mattered_to_service(one.order, one.facts, today, used))),
        warning_ids=tuple({w.number for missed in found.missed for w in missed.warned}),
        step_ids=tuple(step.number for step in found.court),
    )


def _missed(found: ForService, rows: dict[uuid.UUID, Attendance]) -> Iterator[MissedShown]:
    for missed in found.missed:
        if isinstance(missed.key, uuid.UUID) and missed.key in rows:
            yield _line(missed, rows[missed.key], found.on)


def _line(missed: Missed, row: Attendance, on: date) -> MissedShown:
    return MissedShown(
        ref=row.subject,
        attendance_id=row.id,
        at=row.starts_at,
        happened=in_words(row.happened, row.minutes_late),
        issued=missed_words(missed, on),
        open_to_him=not missed.warned and not missed.never,
    )
