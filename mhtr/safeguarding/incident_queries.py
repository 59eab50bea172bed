"""Reading incident records: of a case the viewer was let into, and those a lead may review."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core.access import Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from mhtr.core.scope import visible
from mhtr.safeguarding.incident_models import Incident, IncidentStep, IncidentVersion
from mhtr.safeguarding.incident_rules import State, StepKind, state_of
from mhtr.web.paging import SIZE, Page, page_from, page_number


@dataclass(frozen=True)
class Written:
    """A version, and who wrote it."""

    row: IncidentVersion
    by: str


@dataclass(frozen=True)
class Step:
    """What a lead did, and who."""

    row: IncidentStep
    by: str


@dataclass(frozen=True)
class Record:
    """An incident with all that is on record of it; versions and steps the first one first."""

    row: Incident
    versions: Sequence[Written]
    steps: Sequence[Step]

    @property
    def newest(self) -> Written:
        """The version that holds."""
        return self.versions[-1]

    @property
    def state(self) -> State:
        """Where it stands."""
        return state_of([one.row.kind for one in self.steps])

    @property
    def seen(self) -> str:
        """What of it was there when a page was read."""
        return f"{self.newest.row.number}:{len(self.steps)}"


def incidents_of(case_id: int) -> list[Record]:
    """The incidents of a case, the newest first."""
    query = select(Incident).where(Incident.case_id == case_id).order_by(Incident.id.desc())
    return _records(list(db.session.scalars(query)))


def find_incident(case_id: int, ref: uuid.UUID) -> Record:
    """One incident of a case.

    Raises:
        NotFound: there is no such one.
    """
    query = select(Incident).where(Incident.case_id == case_id, Incident.ref == ref)
    found = _records(list(db.session.scalars(query)))
    if not found:
        raise NotFound
    return found[0]


@dataclass(frozen=True)
class Line:
    """One incident on the list of a lead: which, of whom."""

    record: Record
    case_ref: uuid.UUID
    name: str


def to_review(viewer: Viewer, *, everything: bool) -> Page[Line]:
    """The page asked for of incidents of men whom the viewer treats or leads, the newest first.

    Args:
        everything: those that are closed as well.
    """
    query = (
        select(Incident)
        .join(Case, Case.id == Incident.case_id)
        .where(visible(viewer, Case.id, Case.restricted, Purpose.CLINICAL))
        .order_by(Incident.id.desc())
    )
    if not everything:
        query = query.where(~_last_is_closed())
    number = page_number()
    rows = list(db.session.scalars(_cut(query, number)))
    ids = {row.case_id for row in rows}
    men = {case.id: case for case in db.session.scalars(select(Case).where(Case.id.in_(ids)))}
    lines = [
        Line(one, men[one.row.case_id].ref, _name(men[one.row.case_id])) for one in _records(rows)
    ]
    return page_from(lines, number)


def _cut(query: Select[Incident], number: int) -> Select[Incident]:
    return query.limit(SIZE + 1).offset((number - 1) * SIZE)


def _last_is_closed() -> Any:
    last = (
        select(IncidentStep.kind)
        .where(IncidentStep.incident_id == Incident.id)
        .order_by(IncidentStep.id.desc())
        .limit(1)
        .correlate(Incident)
        .scalar_subquery()
    )
    return last.is_not_distinct_from(StepKind.CLOSED)


def _name(case: Case) -> str:
    return f"{case.person.given_name} {case.person.family_name}".strip()


def _records(rows: Sequence[Incident]) -> list[Record]:
    ids = [row.id for row in rows]
    if not ids:
        return []
    versions: dict[int, list[Written]] = defaultdict(list)
    steps: dict[int, list[Step]] = defaultdict(list)
    written: Any = db.session.execute(
        select(IncidentVersion, Staff.name)
        .join(Staff, Staff.id == IncidentVersion.by_id)
        .where(IncidentVersion.incident_id.in_(ids))
        .order_by(IncidentVersion.number)
    )
    for version, name in written:
        versions[version.incident_id].append(Written(version, name))
    taken: Any = db.session.execute(
        select(IncidentStep, Staff.name)
        .join(Staff, Staff.id == IncidentStep.by_id)
        .where(IncidentStep.incident_id.in_(ids))
        .order_by(IncidentStep.id)
    )
    for step, name in taken:
        steps[step.incident_id].append(Step(step, name))
    return [Record(row, versions[row.id], steps[row.id]) for row in rows]
