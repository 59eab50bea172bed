"""Who may see what: roles, purposes, grants, and the scope every query goes through.

Deny by default. A grant lets a principal (a member of staff, a team or an organisation) see a
case for a purpose, from a moment and until another. Features write grants in the transaction
of the fact that justifies them; `visible` is the only way to a case.
"""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, String, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from mhtr.core import audit, clock
from mhtr.core.crypto import EncryptedText
from mhtr.core.database import HasRef, Id, Model, db
from mhtr.core.roles import (
    CLINICAL_ROLES,
    PROBATION_ROLES,
    ROLE_LABELS,
    ROLE_PURPOSES,
    Purpose,
    Role,
    across_the_wall,
    purposes_of,
)

__all__ = [
    "CLINICAL_ROLES",
    "PROBATION_ROLES",
    "ROLE_LABELS",
    "ROLE_PURPOSES",
    "Exclusion",
    "Grant",
    "Principal",
    "PrincipalKind",
    "Purpose",
    "Role",
    "Viewer",
    "across_the_wall",
    "end_grants",
    "grant",
    "limit_grants",
    "purposes_of",
]


class PrincipalKind(StrEnum):
    """What a grant can be given to."""

    STAFF = "staff"
    TEAM = "team"
    ORGANISATION = "organisation"


class Principal(Model):
    """Anything a grant can be given to. Staff, teams and organisations each have one."""

    __tablename__ = "principals"

    id: Mapped[Id]
    kind: Mapped[PrincipalKind]


class Grant(Model):
    """Leave to see a case for a purpose. Ended, never deleted."""

    __tablename__ = "grants"
    __table_args__ = (
        Index("ix_grants_scope", "case_id", "purpose", "principal_id"),
        Index("ix_grants_principal", "principal_id", "purpose", "case_id"),
    )

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    purpose: Mapped[Purpose]
    principal_id: Mapped[int] = mapped_column(ForeignKey("principals.id"))
    by_name: Mapped[bool]
    """Given to one named member of staff: still holds on a restricted case."""
    because: Mapped[str] = mapped_column(String(80))
    """Code of the fact that justifies it, e.g. `intake.referred`."""
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]


class Exclusion(HasRef, Model):
    """A member of staff who must not see a case whatever grants say (family, conflict)."""

    __tablename__ = "access_exclusions"
    __table_args__ = (Index("ix_access_exclusions_scope", "principal_id", "case_id"),)

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    principal_id: Mapped[int] = mapped_column(ForeignKey("principals.id"))
    because: Mapped[str] = mapped_column(EncryptedText("access_exclusions.because"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Viewer:
    """Who is asking: a signed-in member of staff, as read for this request."""

    staff_id: int
    staff_ref: uuid.UUID
    name: str
    roles: frozenset[Role]
    principal_id: int
    """The staff principal."""
    group_principal_ids: tuple[int, ...] = ()
    """Principals of his teams and organisation."""
    organisation_id: int = 0
    organisation_kind: str = ""
    organisation_name: str = ""
    job_title: str = ""
    session_id: int = 0
    break_glass: str = ""
    """While emergency access is open: what the banner says about it."""
    purposes: frozenset[Purpose] = field(default=frozenset())

    @property
    def role_label(self) -> str:
        """His roles in words, for the page header."""
        return self.job_title or ", ".join(ROLE_LABELS[r] for r in Role if r in self.roles)

    def has(self, *roles: Role) -> bool:
        """Whether he holds any of these roles."""
        return bool(self.roles.intersection(roles))


def grant(
    case_id: int,
    purpose: Purpose,
    principal_id: int,
    *,
    because: str,
    by: int | None,
    until: datetime | None = None,
    beside_others: bool = False,
) -> None:
    """Let a principal see a case for a purpose; a live grant of the same kind is kept.

    With `beside_others` only one given because of the same counts, so that they end on their own.
    """
    moment = clock.now()
    known = _live(case_id, purpose, moment).where(Grant.principal_id == principal_id)
    known = known.where(Grant.because == because) if beside_others else known
    live = db.session.scalars(known).first()
    if live is not None:
        if until is None or (live.ends_at is not None and live.ends_at < until):
            live.ends_at = until
        return
    by_name = db.session.get_one(Principal, principal_id).kind is PrincipalKind.STAFF
    db.session.add(
        Grant(
            case_id=case_id,
            purpose=purpose,
            principal_id=principal_id,
            by_name=by_name,
            because=because,
            starts_at=moment,
            ends_at=until,
        )
    )
    given: dict[str, Any] = {"purpose": purpose.value, "principal": principal_id}
    audit.record("access.granted", by=by, case_id=case_id, because=because, **given)


def end_grants(
    case_id: int, purpose: Purpose, *, because: str, by: int | None, principal_id: int | None = None
) -> None:
    """End live grants of a purpose on a case, all of them or one principal's."""
    moment = clock.now()
    query = _live(case_id, purpose, moment)
    if principal_id is not None:
        query = query.where(Grant.principal_id == principal_id)
    for live in db.session.scalars(query):
        live.ends_at = moment
        audit.record(
            "access.ended",
            by=by,
            case_id=case_id,
            purpose=purpose.value,
            principal=live.principal_id,
            because=because,
        )


def limit_grants(
    case_id: int, purpose: Purpose, *, until: datetime, because: str, by: int | None
) -> None:
    """Let live grants of a purpose on a case run out at a moment; earlier ends stay."""
    query = select(Grant).where(
        Grant.case_id == case_id,
        Grant.purpose == purpose,
        or_(Grant.ends_at.is_(None), Grant.ends_at > until),
    )
    for live in db.session.scalars(query):
        live.ends_at = until
        audit.record(
            "access.limited",
            by=by,
            case_id=case_id,
            purpose=purpose.value,
            principal=live.principal_id,
            because=because,
        )


def _live(case_id: int, purpose: Purpose, moment: datetime) -> Select[Grant]:
    return select(Grant).where(
        Grant.case_id == case_id,
        Grant.purpose == purpose,
        or_(Grant.ends_at.is_(None), Grant.ends_at > moment),
    )
