"""Reading emergency access: one's own, the review queue, and what was looked at."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from mhtr.accounts.models import BreakGlass, Organisation, Staff
from mhtr.cases.link_queries import trusts_of_case
from mhtr.cases.models import Case
from mhtr.core import clock, formats
from mhtr.core.access import Viewer
from mhtr.core.audit import AuditEvent
from mhtr.core.audit_words import words
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from mhtr.web.reads import shows


@dataclass(frozen=True)
class Use:
    """One use of emergency access, with the names a page needs."""

    row: BreakGlass
    who: str
    organisation: str
    case_ref: uuid.UUID

    @property
    def ended(self) -> datetime:
        """When it ended, or will."""
        return self.row.ended_at or self.row.until

    @property
    def live(self) -> bool:
        """Whether it is open now."""
        return clock.now() < self.ended


@dataclass(frozen=True)
class Opened:
    """A case that emergency access opened, told apart from his others."""

    name: str
    born: str
    referred_at: datetime
    trusts: str


@dataclass(frozen=True)
class Look:
    """Something done or seen on the case while emergency access was open."""

    at: datetime
    what: str
    kind: str


def queue(*, done: bool) -> Select[BreakGlass]:
    """Uses waiting for review (oldest first), or reviewed (newest first)."""
    query = select(BreakGlass)
    if done:
        return query.where(BreakGlass.reviewed_at.is_not(None)).order_by(
            BreakGlass.created_at.desc(), BreakGlass.id.desc()
        )
    return query.where(BreakGlass.reviewed_at.is_(None)).order_by(
        BreakGlass.created_at, BreakGlass.id
    )


def uses_of(rows: Iterable[BreakGlass]) -> list[Use]:
    """Uses with their names, which are read together."""
    uses = list(rows)
    staff = db.session.execute(
        select(Staff.id, Staff.name, Organisation.name)
        .join(Organisation, Organisation.id == Staff.organisation_id)
        .where(Staff.id.in_({row.staff_id for row in uses}))
    )
    cases = db.session.execute(
        select(Case.id, Case.ref).where(Case.id.in_({row.case_id for row in uses}))
    )
    names = {staff_id: (name, organisation) for staff_id, name, organisation in staff}
    refs = {case_id: ref for case_id, ref in cases}
    return [Use(row, *names[row.staff_id], refs[row.case_id]) for row in uses]


def use_of(row: BreakGlass) -> Use:
    """A use with its names."""
    return uses_of([row])[0]


def find(ref: uuid.UUID) -> BreakGlass:
    """A use by its address.

    Raises:
        NotFound: there is none.
    """
    row = db.session.scalars(select(BreakGlass).where(BreakGlass.ref == ref)).one_or_none()
    if row is None:
        raise NotFound
    return row


def own_live(staff_id: int) -> list[Use]:
    """One's own emergency access that is open now."""
    rows = db.session.scalars(
        select(BreakGlass)
        .where(
            BreakGlass.staff_id == staff_id,
            BreakGlass.ended_at.is_(None),
            BreakGlass.until > clock.now(),
        )
        .order_by(BreakGlass.until)
    )
    return uses_of(rows)


def opened(uses: Iterable[Use]) -> dict[uuid.UUID, Opened]:
    """What was opened, by the case's reference: for whoever has opened it, and nobody else."""
    case_ids = {use.row.case_id for use in uses}
    rows = db.session.scalars(select(Case).where(Case.id.in_(case_ids))).all() if case_ids else []
    shows("person", *(case.person_id for case in rows))
    return {
        case.ref: Opened(
            case.person.name,
            formats.day(case.person.born) or "not known",
            case.opened_at,
            " and ".join(trust.name for trust in trusts_of_case(case.id)),
        )
        for case in rows
    }


def looks(row: BreakGlass) -> list[Look]:
    """What this member of staff did and saw on the case while the access was open."""
    events = db.session.scalars(
        select(AuditEvent)
        .where(
            AuditEvent.actor_id == row.staff_id,
            AuditEvent.case_id == row.case_id,
            AuditEvent.at >= row.created_at,
            AuditEvent.at <= (row.ended_at or row.until),
        )
        .order_by(AuditEvent.id)
    )
    return [
        Look(
            event.at,
            words(event.action, event.detail),
            "Seen" if event.action == "page.viewed" else "Done",
        )
        for event in events
    ]


@dataclass(frozen=True)
class Way:
    """The way back to a record: his name, and the case's reference."""

    name: str
    case_ref: uuid.UUID


def opened_now(viewer: Viewer | None) -> list[Way]:
    """What the banner of a page links while one's emergency access is on."""
    if viewer is None or not viewer.break_glass:
        return []
    live = own_live(viewer.staff_id)
    found = opened(live)
    return [Way(found[use.case_ref].name, use.case_ref) for use in live]


def ways_to(case_ids: Iterable[int]) -> list[Way]:
    """The same of cases that somebody may open. The caller has seen to the scope."""
    rows = db.session.scalars(select(Case).where(Case.id.in_(set(case_ids))).order_by(Case.id))
    found = rows.all()
    shows("person", *(case.person_id for case in found))
    return [Way(case.person.name, case.ref) for case in found]
