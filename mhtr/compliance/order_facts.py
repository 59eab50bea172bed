"""What is on record of a man's orders, put as the dated facts that say where each one stands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from mhtr.compliance.decision_models import AbsenceDecision
from mhtr.compliance.decision_queries import decisions_of
from mhtr.compliance.enforcement_models import BreachWarning, EnforcementStep
from mhtr.compliance.enforcement_queries import (
    facts_of_step,
    facts_of_warning,
    steps_of,
    warnings_of,
)
from mhtr.compliance.models import Attendance
from mhtr.compliance.notice_queries import how_told, notices_of
from mhtr.compliance.queries import attendance_of
from mhtr.compliance.standing import facts as f
from mhtr.core import clock
from mhtr.orders.endings import HowEnded
from mhtr.orders.queries import OnRecord, all_on_record

ENDED: Mapping[HowEnded, f.EndedBy] = {
    HowEnded.EARLY_END: f.EndedBy.EARLY,
    HowEnded.REVOKED: f.EndedBy.REVOKED,
    HowEnded.ACTIVATED: f.EndedBy.ACTIVATED,
    HowEnded.RESENTENCED: f.EndedBy.RESENTENCED,
    HowEnded.LEFT_THE_AREA: f.EndedBy.MOVED_AWAY,
    HowEnded.DIED: f.EndedBy.DIED,
}
"""An order that never was has no standing at all."""


@dataclass(frozen=True)
class OrderFacts:
    """One order with every fact that bears on where it stands."""

    held: OnRecord
    order: f.Order
    facts: frozenset[f.Fact]


def facts_of(case_id: int) -> list[OrderFacts]:
    """The orders of a case and their facts, the earliest order first; none that never was."""
    rows = attendance_of(case_id)
    of_his: frozenset[f.Fact] = frozenset(
        [*_sessions(case_id, rows), *map(fact_of_decision, decisions_of([case_id]))]
    )
    warnings, steps = warnings_of(case_id), steps_of(case_id)
    found = []
    for held in all_on_record(case_id):
        if held.never_was:
            continue
        own = [*_of_order(held), *_of_warnings(held, warnings), *_of_steps(held, steps)]
        order = f.Order(held.terms.kind, held.terms.made_on)
        found.append(OrderFacts(held, order, of_his | frozenset(own)))
    return found


def _sessions(case_id: int, rows: Sequence[Attendance]) -> Iterator[f.Session]:
    told = how_told(notices_of(case_id), {row.subject: row.starts_at for row in rows})
    for row in rows:
        yield f.Session(
            on=row.on,
            at=_time(row.starts_at),
            number=row.id,
            key=row.subject,
            required=row.required,
            happened=row.happened,
            notice=told[row.subject].notice,
            described=bool(row.described),
        )


def fact_of_decision(row: AbsenceDecision) -> f.Decided:
    """A decision of probation as a fact of its day."""
    return f.Decided(
        on=_day(row.created_at),
        at=_time(row.created_at),
        number=row.number,
        session=row.subject,
        opinion=row.opinion,
        until=row.until,
        notice_counts=row.notice_why is not None,
    )


def _of_order(held: OnRecord) -> Iterator[f.Fact]:
    for row in held.rows:
        terms = held.terms_of(row)
        yield f.TermsHeld(
            on=row.effective_on,
            number=row.number,
            periods=tuple((one.starts_on, one.ends_on) for one in terms.periods),
            last_day=terms.last_day,
            operational_last_day=terms.operational_last_day,
        )
    if held.ending is not None:
        yield f.Ended(on=held.ending.on, by=ENDED[held.ending.how])


def _of_warnings(held: OnRecord, rows: Sequence[BreachWarning]) -> Iterator[f.Fact]:
    for row in rows:
        if row.order_id == held.order.id:
            yield from facts_of_warning(row)


def _of_steps(held: OnRecord, rows: Sequence[tuple[EnforcementStep, str]]) -> Iterator[f.Fact]:
    for row, by in rows:
        if row.order_id == held.order.id:
            yield from facts_of_step(row, by)


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.LONDON).date()


def _time(moment: datetime) -> time:
    return moment.astimezone(clock.LONDON).time()
