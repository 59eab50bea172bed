"""The only writer of cases: opening one, adding facts, and keeping the list columns true."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import lazyload

from mhtr.cases import listeners, rules, shared_access
from mhtr.cases.facts import CaseState, Fact, FactKind, StageOfCase
from mhtr.cases.models import Case, CaseFact, Hearing
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.core.prepared import Prepared
from mhtr.core.transaction import forget, must_be_writing, remember, remembered

# Statements of every step, put together once: that takes twice as long as running them.
_FOR_UPDATE = (
    select(Case)
    .where(Case.id == bindparam("wanted"))
    .options(lazyload(Case.person))  # who he is belongs to few steps, and costs three queries
    .with_for_update(of=Case)
    # Else a case read before it was locked would keep what it said then.
    .execution_options(populate_existing=True)
)
_COLUMNS = (
    CaseFact.case_id,
    CaseFact.id,
    CaseFact.kind,
    CaseFact.happened_at,
    CaseFact.recorded_at,
    CaseFact.by_id,
    CaseFact.detail,
)
_FACTS = Prepared(
    select(*_COLUMNS).where(CaseFact.case_id == bindparam("wanted")).order_by(CaseFact.id)
)
_OF_MANY = Prepared(
    select(*_COLUMNS)
    .where(CaseFact.case_id.in_(bindparam("cases", expanding=True)))
    .order_by(CaseFact.id)
)
_OF_PEOPLE = Prepared(
    select(*_COLUMNS, Case.person_id, Case.state)
    .join(Case, Case.id == CaseFact.case_id)
    .where(
        Case.person_id.in_(bindparam("people", expanding=True)),
        CaseFact.kind.in_(bindparam("kinds", expanding=True)),
    )
    .order_by(CaseFact.id)
)


class _Locked:
    """What a case's lock is remembered under: it is held until commit."""


def open_case(
    *,
    person_id: int,
    by: int | None,
    at: datetime,
    stage: StageOfCase | None,
    urgent: bool = False,
) -> Case:
    """Open a case for a person with its first facts: the referral, and its stage if it is known."""
    must_be_writing()
    case = Case(
        person_id=person_id,
        state=CaseState.REFERRED,
        state_since=at.astimezone(clock.LONDON).date(),
        opened_at=at,
        stage=stage,
        urgent=urgent,
    )
    db.session.add(case)
    db.session.flush()
    # Nobody else sees the row yet, and nothing is on record of it.
    remember(case.id, _Locked, case)
    remember(case.id, CaseFact, [])
    remember(case.id, Hearing, None)
    shared_access.inherit(case, by=by)
    detail = {"stage": stage.value} if stage else {}
    add_fact(case, FactKind.REFERRED, by=by, at=at, detail=detail)
    if stage is not None:
        add_fact(case, FactKind.STAGE_RECORDED, by=by, at=at, detail=detail)
    return case


def lock(case_id: int) -> Case:
    """The case, locked until commit: the first thing every service does.

    Raises:
        NotFound: there is no such case.
    """
    must_be_writing()
    return remembered(case_id, _Locked, lambda: _locked(case_id))


def _locked(case_id: int) -> Case:
    case = db.session.scalars(_FOR_UPDATE, {"wanted": case_id}).one_or_none()
    if case is None:
        raise NotFound
    forget(case_id, but=_Locked)
    return case


def check_version(case: Case, version: int) -> None:
    """Refuse an edit of a page that was read before somebody else's change.

    Raises:
        Stale: the case has moved on.
    """
    if case.version != version:
        raise Stale(case)


def facts_of(case_id: int) -> list[Fact]:
    """Every fact of a case, as the rules read them."""
    return list(remembered(case_id, CaseFact, lambda: _facts(case_id)))


def facts_of_many(case_ids: Collection[int]) -> dict[int, list[Fact]]:
    """Every fact of each of these cases, in one statement."""
    found: dict[int, list[Fact]] = {case_id: [] for case_id in case_ids}
    for row in _OF_MANY.all({"cases": found}) if found else ():
        found[row.case_id].append(_fact(row))
    return found


@dataclass(frozen=True)
class OfCase:
    """A fact with the case and the record it is of, and the state that the case is in."""

    case_id: int
    person_id: int
    state: CaseState
    fact: Fact


def facts_of_people(person_ids: Collection[int], kinds: Collection[FactKind]) -> list[OfCase]:
    """The facts of these kinds on every case of these records."""
    rows = _OF_PEOPLE.all({"people": person_ids, "kinds": kinds})
    return [OfCase(row.case_id, row.person_id, row.state, _fact(row)) for row in rows]


def _facts(case_id: int) -> list[Fact]:
    return [_fact(row) for row in _FACTS.all({"wanted": case_id})]


def _fact(row: Any) -> Fact:
    return Fact(
        id=row.id,
        kind=row.kind,
        on=row.happened_at,
        recorded_at=row.recorded_at,
        by_role="",
        by_id=row.by_id,
        detail=_read(row.detail),
    )


def require(
    case: Case, kind: FactKind, *, by: int | None, detail: Mapping[str, object] | None = None
) -> None:
    """Refuse a step the rules do not allow now, to this member of staff.

    Raises:
        Refused: with the rules' reasons.
    """
    decision = rules.can(kind, facts_of(case.id), clock.today(), by_id=by, detail=detail)
    if not decision.allowed:
        raise Refused(*decision.reasons)


def add_fact(
    case: Case,
    kind: FactKind,
    *,
    by: int | None,
    at: datetime | None = None,
    detail: Mapping[str, object] | None = None,
) -> CaseFact:
    """Add a milestone fact to a locked case and bring its list columns up to date."""
    must_be_writing()
    before = facts_of(case.id)
    row = CaseFact(
        case_id=case.id,
        kind=kind,
        happened_at=at or clock.now(),
        recorded_at=clock.now(),
        by_id=by,
        detail=_write(detail or {}),
    )
    db.session.add(row)
    db.session.flush()
    remember(case.id, CaseFact, [*before, _fact(row)])
    case.version += 1
    refresh(case)
    audit.record("cases.fact_added", by=by, case_id=case.id, kind=kind.value, fact=row.id)
    for listener in listeners.fact_added:
        listener(case.id, kind, by)
    return row


def refresh(case: Case) -> None:
    """Recompute the columns that repeat what the facts say."""
    standing = rules.fold(facts_of(case.id), clock.today())
    case.state = standing.state
    case.state_since = standing.since or case.opened_at.astimezone(clock.LONDON).date()
    case.progress = standing.report
    case.paused = standing.paused is not None
    case.stage = standing.stage
    case.hearing_on = standing.hearing_on


def _write(detail: Mapping[str, object]) -> dict[str, Any]:
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in detail.items()}


def _read(detail: Mapping[str, Any]) -> dict[str, object]:
    return {
        key: date.fromisoformat(value) if key.endswith("_on") and isinstance(value, str) else value
        for key, value in detail.items()
    }
