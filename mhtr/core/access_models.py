"""Tables of who may see what: principals, grants, exclusions. Used through `core.access`."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from mhtr.core.crypto import EncryptedText
from mhtr.core.database import HasRef, Id, Model
from mhtr.core.roles import Purpose

EMERGENCY = "cases.break_glass"
"""Why a grant was given that a clinician took himself, for a short time: see `Viewer.emergency`."""

READS_ON = "suitability.reads_on"
"""Why a grant was given that opens the report somebody was sent, and nothing else of the case."""


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
        Index("ix_grants_because", "principal_id", "because", "case_id"),
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
