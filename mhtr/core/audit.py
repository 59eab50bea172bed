"""The audit trail: append-only, chained by HMAC, holding ids and names of fields, never values.

It is shown to the privacy officer and verified; nothing is ever decided from it.
"""

import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from mhtr.core import clock
from mhtr.core.database import Id, Model, db

GENESIS = "0" * 64
PENDING = "audit"
PAGE = 1000
"""Rows read at a time while the chain is verified."""


class AuditEvent(Model):
    """One thing somebody did or saw. Rows are never changed or removed (triggers refuse it)."""

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_case_id_id", "case_id", "id"),
        Index("ix_audit_events_actor_id_id", "actor_id", "id"),
        Index("ix_audit_events_action_id", "action", "id"),
    )

    id: Mapped[Id]
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    action: Mapped[str] = mapped_column(String(80))
    case_id: Mapped[int | None]
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Model):
    """The end of the chain; its single row is locked while entries are appended."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[Id]
    last_id: Mapped[int]
    last_hash: Mapped[str] = mapped_column(String(64))


class AuditKey:
    """The HMAC key of the chain, set once when the program starts."""

    value: bytes = b""


@dataclass(frozen=True)
class Verdict:
    """Result of verifying the chain: `first_bad` is the first row that does not fit, or None."""

    rows: int
    first_bad: int | None
    reason: str
    head: str

    @property
    def ok(self) -> bool:
        return self.first_bad is None and not self.reason


def record(
    action: str,
    *,
    by: int | None,
    case_id: int | None = None,
    fields: Sequence[str] = (),
    **detail: Any,
) -> None:
    """Note an action for the audit; it is appended when the write transaction commits.

    Args:
        action: what was done, as `feature.verb`.
        by: the staff id of who did it; None for the program itself.
        case_id: the case concerned.
        fields: names of the fields changed (never their values).
        detail: ids and codes only; never personal data.
    """
    entry = {
        "at": clock.now(),
        "actor_id": by,
        "action": action,
        "case_id": case_id,
        "detail": {**({"fields": sorted(fields)} if fields else {}), **detail},
    }
    db.session.info.setdefault(PENDING, []).append(entry)


def pending() -> list[dict[str, Any]]:
    """Entries recorded and not yet appended."""
    return list(db.session.info.get(PENDING, ()))


def forget_pending() -> None:
    """Drop entries of a transaction that was undone."""
    db.session.info.pop(PENDING, None)


def append_pending() -> None:
    """Append the recorded entries to the chain. The last act before commit."""
    entries = db.session.info.pop(PENDING, [])
    if not entries:
        return
    head = db.session.scalars(select(AuditHead).with_for_update()).one_or_none()
    if head is None:
        head = AuditHead(id=1, last_id=0, last_hash=GENESIS)
        db.session.add(head)
    for entry in entries:
        entry["id"] = head.last_id + 1
        entry["hash"] = link(head.last_hash, entry)
        head.last_id, head.last_hash = entry["id"], entry["hash"]
    table = AuditEvent.__table__
    db.session.execute(insert(table), entries)  # type: ignore[arg-type]  # a Table
    db.session.flush()


def link(previous: str, entry: Mapping[str, Any]) -> str:
    """The hash of an entry that follows the entry with hash `previous`."""
    body = _in_order(
        [
            previous,
            entry["id"],
            entry["at"].isoformat(),
            entry["actor_id"],
            entry["action"],
            entry["case_id"],
            entry["detail"],
        ]
    )
    return hmac.digest(AuditKey.value, body.encode(), "sha256").hex()


_in_order = json.JSONEncoder(sort_keys=True).encode


def verify(anchor: tuple[int, str] | None = None) -> Verdict:
    """Walk the whole chain and name the first row that does not fit.

    Args:
        anchor: row id and hash noted elsewhere earlier; shows a chain cut short or rewritten.
    """
    last_id, last_hash = 0, GENESIS
    anchored = anchor is None
    for row in _rows():
        if row["id"] != last_id + 1:
            return Verdict(last_id, last_id + 1, f"row {last_id + 1} is missing", last_hash)
        expected = link(last_hash, row)
        if not hmac.compare_digest(expected, row["hash"]):
            return Verdict(last_id, row["id"], f"row {row['id']} was changed", last_hash)
        last_id, last_hash = row["id"], expected
        if anchor and anchor[0] == last_id:
            if anchor[1] != last_hash:
                return Verdict(last_id, last_id, "the chain differs from the anchor", last_hash)
            anchored = True
    head = db.session.scalars(select(AuditHead)).one_or_none()
    recorded = (head.last_id, head.last_hash) if head else (0, GENESIS)
    if recorded != (last_id, last_hash) or not anchored:
        return Verdict(last_id, last_id + 1, f"rows after {last_id} are missing", last_hash)
    return Verdict(last_id, None, "", last_hash)


def _rows() -> Iterable[dict[str, Any]]:
    columns, last = AuditEvent.__table__.columns, 0
    while True:
        page = select(*columns).where(AuditEvent.id > last).order_by(AuditEvent.id).limit(PAGE)
        rows = db.session.execute(page).mappings().all()
        yield from (dict(row) for row in rows)
        if len(rows) < PAGE:
            return
        last = rows[-1]["id"]
