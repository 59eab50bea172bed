"""Where 100,000 orders stand, in a batch, beside reading the same rows bare.

Both ask the same statements through the same session, some hundred men at a time; the one leaves
the rows as they are, the other makes facts of them and folds them.
"""

import random
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Connection, bindparam, create_engine, insert, select

from mhtr.compliance.attendance import MISSED, Happened, ReasonGiven
from mhtr.compliance.contact_rules import Way
from mhtr.compliance.decision_models import AbsenceDecision
from mhtr.compliance.enforcement_models import BreachWarning
from mhtr.compliance.enforcement_queries import facts_of_warning
from mhtr.compliance.enforcing import Given, Says
from mhtr.compliance.models import Attendance, SessionNotice
from mhtr.compliance.notice_queries import how_told
from mhtr.compliance.notices import Came
from mhtr.compliance.order_facts import fact_of_decision
from mhtr.compliance.standing import facts as f
from mhtr.compliance.standing.fold import State, standing
from mhtr.core.clock import LONDON
from mhtr.core.database import Model
from mhtr.core.prepared import Prepared
from mhtr.orders.models import Order, OrderPeriod, OrderTerms
from mhtr.orders.terms import Change, OrderKind, Treatment

MOST = 5.0
ORDERS = 100_000
SESSIONS = 12
AT_ONCE = 500
TODAY = date(2026, 11, 18)
_TABLES = (Order, OrderTerms, OrderPeriod, Attendance, SessionNotice, AbsenceDecision)


@dataclass(frozen=True)
class StandingFigure:
    """Orders a second by the clock, and the multiples of the bare reading."""

    orders_a_second: float
    ratio: float
    processor_ratio: float


def _of(model: Any, *columns: Any) -> Prepared:
    return Prepared(
        select(*columns)
        .where(model.case_id.in_(bindparam("cases", expanding=True)))
        .order_by(model.id)
    )


_ORDERS = _of(Order, Order.id, Order.case_id, Order.kind, Order.made_on)
_PERIODS = Prepared(
    select(
        Order.case_id, OrderTerms.effective_on, OrderTerms.number, OrderTerms.ends_on,
        OrderPeriod.starts_on, OrderPeriod.ends_on.label("last"),
    )
    .join(OrderTerms, OrderTerms.order_id == Order.id)
    .join(OrderPeriod, OrderPeriod.terms_id == OrderTerms.id)
    .where(Order.case_id.in_(bindparam("cases", expanding=True)))
)  # fmt: skip
_ATTENDANCE = _of(
    Attendance, Attendance.id, Attendance.case_id, Attendance.subject, Attendance.starts_at,
    Attendance.on, Attendance.required, Attendance.happened,
    Attendance.described.is_not(None).label("described"),
)  # fmt: skip
_NOTICES = _of(
    SessionNotice, SessionNotice.case_id, SessionNotice.subject, SessionNotice.starts_at,
    SessionNotice.told_at, SessionNotice.came, SessionNotice.usable, SessionNotice.taken_back_at,
)  # fmt: skip
_DECISIONS = _of(
    AbsenceDecision, AbsenceDecision.case_id, AbsenceDecision.created_at, AbsenceDecision.number,
    AbsenceDecision.subject, AbsenceDecision.opinion, AbsenceDecision.until,
    AbsenceDecision.notice_why.is_not(None).label("counts"),
)  # fmt: skip
_WARNINGS = Prepared(
    select(
        Order.case_id, BreachWarning.on, BreachWarning.id, BreachWarning.ref, BreachWarning.about,
        BreachWarning.requirement, BreachWarning.posted_on, BreachWarning.delivered_on,
        BreachWarning.given, BreachWarning.worded_as, BreachWarning.says,
        BreachWarning.withdrawn_on,
    )
    .join(Order, Order.id == BreachWarning.order_id)
    .where(Order.case_id.in_(bindparam("cases", expanding=True)))
)  # fmt: skip
_ALL = (_ORDERS, _PERIODS, _ATTENDANCE, _NOTICES, _DECISIONS, _WARNINGS)


def make(url: str, orders: int) -> None:
    """A database of so many men, each with an order and twelve sessions, and nothing else."""
    engine = create_engine(url)
    tables = [Model.metadata.tables[one.__tablename__] for one in (*_TABLES, BreachWarning)]
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA synchronous=OFF")
        Model.metadata.create_all(connection, tables)
        for first in range(1, orders + 1, 2000):
            _fill(connection, range(first, min(first + 2000, orders + 1)))
    engine.dispose()


def _fill(connection: Connection, cases: Sequence[int]) -> None:
    chance = random.Random(cases[0])
    rows: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for case in cases:
        for table, row in _man(case, chance):
            rows[table].append(row)
    for table, found in rows.items():
        connection.execute(insert(table), found)


def _man(case: int, chance: random.Random) -> Iterator[tuple[Any, dict[str, Any]]]:
    kind = chance.choice(tuple(OrderKind))
    made = datetime(2026, 3, 2, 10, tzinfo=LONDON) + timedelta(days=chance.randrange(120))
    day, ends = made.date(), made.date() + timedelta(days=365)
    common = {"by_id": 1, "created_at": made}
    yield Order, {
        "id": case, "case_id": case, "kind": kind, "made_on": day, "treatment_ends_on": ends,
        "ref": uuid.UUID(int=case), "created_at": made, "version": 1,
    }  # fmt: skip
    yield OrderTerms, {
        **common, "id": case, "order_id": case, "number": 1, "change": Change.MADE,
        "effective_on": day, "kind": kind, "convicted_on": day, "made_on": day,
        "court_code": "B01IX", "ends_on": ends, "sessions_expected": SESSIONS,
    }  # fmt: skip
    yield OrderPeriod, {
        "id": case, "terms_id": case, "starts_on": day, "ends_on": ends,
        "treatment": Treatment.PRACTITIONER, "named": "A practitioner",
    }  # fmt: skip
    for number in range(SESSIONS):
        yield from _session(case, number, made + timedelta(days=14 + 7 * number), chance)


def _session(
    case: int, number: int, at: datetime, chance: random.Random
) -> Iterator[tuple[Any, dict[str, Any]]]:
    subject = uuid.UUID(int=case * 100 + number)
    happened = Happened.DID_NOT_COME if chance.random() < 0.15 else Happened.SEEN
    common = {"case_id": case, "subject": subject, "by_id": 1}
    yield SessionNotice, {
        **common, "ref": uuid.uuid4(), "created_at": at - timedelta(days=7), "starts_at": at,
        "told_at": at - timedelta(days=7), "way": Way.TELEPHONE, "came": Came.TOLD, "usable": True,
    }  # fmt: skip
    yield Attendance, {
        **common, "id": case * 100 + number, "ref": subject, "number": 1, "starts_at": at,
        "on": at.date(), "required": True, "happened": happened, "reason": ReasonGiven.NONE_YET,
        "created_at": at,
    }  # fmt: skip
    if happened not in MISSED or chance.random() < 0.2:
        return
    opinion = chance.choice((f.Opinion.EXCUSED, f.Opinion.NO_EXCUSE))
    decided = at + timedelta(days=5)
    yield AbsenceDecision, {
        **common, "ref": uuid.uuid4(), "number": 1, "attendance_id": case * 100 + number,
        "explanation": 0, "opinion": opinion, "created_at": decided,
    }  # fmt: skip
    if opinion is f.Opinion.NO_EXCUSE:
        yield BreachWarning, {
            "ref": uuid.uuid4(), "order_id": case, "on": decided.date(), "given": Given.LETTER,
            "about": [str(subject)], "requirement": "", "says": [one.value for one in Says],
            "by_id": 1, "created_at": decided,
        }  # fmt: skip


def bare(cases: Sequence[int]) -> int:
    """Read the rows, and leave them; how many there are."""
    return sum(len(one.all({"cases": list(cases)})) for one in _ALL)


def batch(cases: Sequence[int]) -> dict[int, State]:
    """Read the same rows, and say where each order stands."""
    given = {"cases": list(cases)}
    facts = _facts(given)
    return {
        line.id: standing(f.Order(line.kind, line.made_on), facts[line.case_id], TODAY).state
        for line in _ORDERS.all(given)
    }


def _facts(given: dict[str, Any]) -> dict[int, list[f.Fact]]:
    found: dict[int, list[f.Fact]] = defaultdict(list)
    for line in _PERIODS.all(given):
        periods = ((line.starts_on, line.last),)
        terms = f.TermsHeld(
            on=line.effective_on, number=line.number, periods=periods, last_day=line.ends_on
        )
        found[line.case_id].append(terms)
    sessions = _ATTENDANCE.all(given)
    told = how_told(_NOTICES.all(given), {one.subject: one.starts_at for one in sessions})
    for line in sessions:
        found[line.case_id].append(
            f.Session(
                on=line.on,
                at=line.starts_at.astimezone(LONDON).time(),
                number=line.id,
                key=line.subject,
                required=line.required,
                happened=line.happened,
                notice=told[line.subject].notice,
                described=bool(line.described),
            )
        )
    for line in _DECISIONS.all(given):
        found[line.case_id].append(fact_of_decision(_Decided(line)))  # type: ignore[arg-type]
    for line in _WARNINGS.all(given):
        found[line.case_id].extend(facts_of_warning(line))
    return found


class _Decided:
    """A line of decisions as `fact_of_decision` reads a row."""

    def __init__(self, line: Any) -> None:
        self.created_at, self.number, self.subject = line.created_at, line.number, line.subject
        self.opinion, self.until = line.opinion, line.until
        self.notice_why = "" if line.counts else None


def measure(app: Flask, orders: int) -> StandingFigure:
    """Both over all of the orders, some hundred at a time, in turns."""
    plain, folded = [0.0, 0.0], [0.0, 0.0]
    with app.app_context():
        for first in range(1, orders + 1, AT_ONCE):
            cases = range(first, min(first + AT_ONCE, orders + 1))
            for work, sums in ((bare, plain), (batch, folded)):
                for at, took in enumerate(_spent(partial(work, cases))):
                    sums[at] += took
    return StandingFigure(orders / folded[0], folded[0] / plain[0], folded[1] / plain[1])


def _spent(work: Callable[[], object]) -> tuple[float, float]:
    begun, worked = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begun, time.process_time() - worked


def measure_standings(
    folder: Path, app_of: Callable[[str], Flask], orders: int = ORDERS
) -> StandingFigure:
    """Make the orders in a folder, and measure both."""
    url = f"sqlite:///{folder / 'orders.sqlite'}"
    make(url, orders)
    return measure(app_of(url), orders)
