"""Tables of the compliance reports that left: each as it was made, and whom it was about."""

import hashlib
from datetime import date
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from mhtr.core.crypto import EncryptedJson, EncryptedText
from mhtr.core.database import HasCreated, HasRef, Id, Model
from mhtr.probation.reports.release_kinds import To, Way


def _hash_of_file(context: DefaultExecutionContext) -> str:
    # SQLAlchemy leaves this method without types.
    made: bytes = context.get_current_parameters()["file"]  # type: ignore[no-untyped-call]
    return hashlib.sha256(made).hexdigest()


class ComplianceRelease(HasRef, HasCreated, Model):
    """One report that left. Kept for ever as made; a later version follows, and changes nothing."""

    __tablename__ = "compliance_releases"
    __table_args__ = (
        UniqueConstraint("replaces_id"),
        Index("ix_compliance_releases_by_id", "by_id", "id"),
        CheckConstraint(
            "(number = 1) = (replaces_id IS NULL) AND (number = 1 OR why IS NOT NULL)",
            name="later_versions_replace_for_a_reason",
        ),
        CheckConstraint(
            "(to_kind = 'unit') = (to_unit_id IS NOT NULL)"
            " AND (to_kind IN ('myself', 'colleague')) = (to_staff_id IS NOT NULL)",
            name="to_whom",
        ),
    )

    id: Mapped[Id]
    number: Mapped[int]
    """From one: which version of the same report."""
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("compliance_releases.id"))
    why: Mapped[str | None] = mapped_column(EncryptedText("compliance_releases.why"))
    """Why it was issued again. Read by probation alone."""
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    """The man; empty for a caseload."""
    way: Mapped[Way]
    format: Mapped[str] = mapped_column(String(8))
    as_on: Mapped[date]
    items: Mapped[list[str]] = mapped_column(JSON)
    """What the list of allowed items held when it left."""
    content: Mapped[dict[str, Any]] = mapped_column(EncryptedJson("compliance_releases.content"))
    content_hash: Mapped[str] = mapped_column(String(64))
    file: Mapped[bytes] = mapped_column(LargeBinary)
    file_hash: Mapped[str] = mapped_column(String(64), default=_hash_of_file)
    """SHA-256 (hex) of the file, worked out when the row is written."""
    by_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    """Who released it; in whose name, where the program did."""
    to_kind: Mapped[To]
    to_name: Mapped[str] = mapped_column(String(200))
    """Who got it, as called then."""
    to_staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    to_unit_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))


class ComplianceReleaseMan(Model):
    """That somebody is in a report that left."""

    __tablename__ = "compliance_release_men"
    __table_args__ = (
        UniqueConstraint("release_id", "case_id"),
        Index("ix_compliance_release_men_case_id", "case_id", "release_id"),
    )

    id: Mapped[Id]
    release_id: Mapped[int] = mapped_column(ForeignKey("compliance_releases.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
