"""Reading the audit for the privacy officer. Nothing is decided from it."""

import re
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, or_, select, union_all

from mhtr.accounts.models import Organisation, Staff, Team
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.audit import AuditEvent
from mhtr.core.audit_words import technical, words
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from mhtr.core.prepared import Prepared

PAGE = 50
MOST_EXPORTED = 10_000
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_PROGRAM = "The program"


def _actions() -> Select[Any]:
    """A skip scan over the index on action: a plain DISTINCT would read every row."""
    found = select(func.min(AuditEvent.action).label("action")).cte(recursive=True)
    following = select(func.min(AuditEvent.action)).where(AuditEvent.action > found.c.action)
    found = found.union_all(select(following.scalar_subquery()).where(found.c.action.is_not(None)))
    return select(found.c.action).where(found.c.action.is_not(None))


# Made once: to put a statement together takes longer than to ask it.
_ACTIONS = _actions()
_CASES = Prepared(select(Case.id, Case.ref).where(Case.id.in_(bindparam("cases", expanding=True))))
_NAMES = Prepared(
    select(Staff.id, Staff.name).where(Staff.id.in_(bindparam("staff", expanding=True)))
)
# A grant's holder may be a member of staff, a team or an organisation.
_HOLDERS = union_all(
    *(
        select(of.principal_id, of.name).where(
            of.principal_id.in_(bindparam("principals", expanding=True))
        )
        for of in (Staff, Team, Organisation)
    )
)
# Columns, not objects: fifty objects take longer than the rest of the page's reading.
_EVENTS = select(
    AuditEvent.id,
    AuditEvent.at,
    AuditEvent.actor_id,
    AuditEvent.action,
    AuditEvent.case_id,
    AuditEvent.detail,
)


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed to; empty parts narrow nothing."""

    staff: str = ""
    action: str = ""
    case_id: int | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Entry:
    """An entry in plain words."""

    id: int
    at: datetime
    who: str
    what: str
    case_ref: uuid.UUID | None
    action: str
    held: Mapping[str, object]

    @property
    def technical(self) -> str:
        """The names by which support finds it."""
        return technical(self.action, self.held)

    @property
    def detail(self) -> str:
        """Its details as they are held."""
        return "; ".join(f"{name}: {value}" for name, value in sorted(self.held.items()))


@dataclass(frozen=True)
class Reader:
    """Somebody who looked at pages of a case."""

    who: str
    organisation: str
    times: int
    first: datetime
    last: datetime
    pages: tuple[str, ...]


@dataclass(frozen=True)
class Stretch:
    """One page of entries, newest first, with the ids its neighbours begin at."""

    entries: tuple[Entry, ...]
    older_than: int | None
    newer_than: int | None


def case_id_of(text: str) -> int | None:
    """The case a reference or pasted address is of; None where there is none."""
    found = _UUID.search(text)
    if found is None:
        return None
    return db.session.scalars(select(Case.id).where(Case.ref == uuid.UUID(found[0]))).first()


def actions() -> list[tuple[str, str]]:
    """Every action that occurs, with its words, for the filter."""
    held = db.session.scalars(_ACTIONS)
    return sorted(((action, words(action, {})) for action in held), key=lambda one: one[1])


def stretch(asked: Asked, *, before: int | None = None, after: int | None = None) -> Stretch:
    """Up to a page of entries older than `before`, or newer than `after`, or the newest."""
    query = _matching(asked)
    if after is not None:
        rows = list(
            db.session.execute(
                query.where(AuditEvent.id > after).order_by(AuditEvent.id).limit(PAGE + 1)
            )
        )
        more_newer, rows = len(rows) > PAGE, rows[:PAGE][::-1]
        return Stretch(
            _entries(rows),
            rows[-1].id if rows else None,
            rows[0].id if rows and more_newer else None,
        )
    if before is not None:
        query = query.where(AuditEvent.id < before)
    rows = list(db.session.execute(query.order_by(AuditEvent.id.desc()).limit(PAGE + 1)))
    older = rows[PAGE - 1].id if len(rows) > PAGE else None
    rows = rows[:PAGE]
    newer = rows[0].id if rows and before is not None else None
    return Stretch(_entries(rows), older, newer)


def exported(asked: Asked) -> tuple[Entry, ...]:
    """The newest matching entries, for a file."""
    query = _matching(asked).order_by(AuditEvent.id.desc()).limit(MOST_EXPORTED)
    return _entries(db.session.execute(query).all())


def readers_of(case_ref: uuid.UUID) -> tuple[int, list[Reader]]:
    """The id of a case, and everybody who looked at one of its pages, latest first.

    Raises:
        NotFound: there is no such case.
    """
    case_id = db.session.scalars(select(Case.id).where(Case.ref == case_ref)).one_or_none()
    if case_id is None:
        raise NotFound
    looked: dict[int, list[AuditEvent]] = {}
    for event in db.session.scalars(
        select(AuditEvent)
        .where(AuditEvent.case_id == case_id, AuditEvent.action == "page.viewed")
        .order_by(AuditEvent.id)
    ):
        if event.actor_id is not None:
            looked.setdefault(event.actor_id, []).append(event)
    made = [_reader(staff_id, events) for staff_id, events in looked.items()]
    return case_id, sorted(made, key=lambda one: one.last, reverse=True)


def _reader(staff_id: int, events: Sequence[AuditEvent]) -> Reader:
    staff = db.session.get_one(Staff, staff_id)
    pages = Counter(words(event.action, event.detail) for event in events)
    return Reader(
        staff.name,
        staff.organisation.name,
        len(events),
        events[0].at,
        events[-1].at,
        tuple(page for page, _ in pages.most_common()),
    )


def _matching(asked: Asked) -> Select[Any]:
    query = _EVENTS
    if asked.staff:
        wanted = asked.staff.strip().lower()
        for wild in ("\\", "%", "_"):
            wanted = wanted.replace(wild, f"\\{wild}")
        people = select(Staff.id).where(
            or_(
                Staff.username == asked.staff.strip().lower(),
                Staff.name.ilike(f"%{wanted}%", escape="\\"),
            )
        )
        query = query.where(AuditEvent.actor_id.in_(people))
    if asked.action:
        query = query.where(AuditEvent.action == asked.action)
    if asked.case_id is not None:
        query = query.where(AuditEvent.case_id == asked.case_id)
    if asked.first:
        query = query.where(AuditEvent.at >= _midnight(asked.first))
    if asked.last:
        query = query.where(AuditEvent.at < _midnight(asked.last + timedelta(days=1)))
    return query


def _midnight(day: date) -> datetime:
    return clock.from_london(datetime.combine(day, time()))


def _entries(rows: Sequence[Row[Any]]) -> tuple[Entry, ...]:
    names, holders = _names(rows), _holders(rows)
    about = {row.case_id for row in rows if row.case_id}
    cases = {case_id: ref for case_id, ref in _CASES.all({"cases": about})}
    return tuple(
        Entry(
            row.id,
            row.at,
            names.get(row.actor_id or 0, _PROGRAM),
            words(row.action, _named(row.detail, names, holders)),
            cases.get(row.case_id or 0),
            row.action,
            row.detail,
        )
        for row in rows
    )


def _names(rows: Iterable[Row[Any]]) -> dict[int, str]:
    wanted = {row.actor_id for row in rows} | {row.detail.get("staff") for row in rows}
    ids = {one for one in wanted if isinstance(one, int)}
    return {staff_id: name for staff_id, name in _NAMES.all({"staff": ids})}


def _holders(rows: Iterable[Row[Any]]) -> dict[int, str]:
    """The names of those to whom access was given, or whose access was taken."""
    wanted = {row.detail.get("principal") for row in rows} - {None}
    if not wanted:
        return {}
    found = db.session.execute(_HOLDERS, {"principals": wanted})
    return {principal_id: name for principal_id, name in found}


def _named(
    detail: dict[str, object], names: Mapping[int, str], holders: Mapping[int, str]
) -> dict[str, object]:
    """The details with the names of those concerned in place of their numbers."""
    known = {"staff": names, "principal": holders}
    return {
        key: known[key].get(value, value) if key in known and isinstance(value, int) else value
        for key, value in detail.items()
    }
