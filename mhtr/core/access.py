"""Who may see what: roles, purposes, grants, and the scope every query goes through.

Deny by default. A grant lets a principal (a member of staff, a team or an organisation) see a
case for a purpose, from a moment and until another. Features write grants in the transaction
of the fact that justifies them; `visible` is the only way to a case.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, or_, select

from mhtr.core import audit, clock
from mhtr.core.access_models import EMERGENCY, READS_ON, Exclusion, Grant, Principal, PrincipalKind
from mhtr.core.database import db
from mhtr.core.roles import (
    CLINICAL_ROLES,
    PROBATION_ROLES,
    ROLE_LABELS,
    ROLE_PURPOSES,
    SUPERVISES,
    Purpose,
    Role,
    across_the_wall,
    purposes_of,
)
from mhtr.core.transaction import remembered

__all__ = [
    "CLINICAL_ROLES",
    "EMERGENCY",
    "READS_ON",
    "PROBATION_ROLES",
    "ROLE_LABELS",
    "ROLE_PURPOSES",
    "SUPERVISES",
    "Exclusion",
    "Grant",
    "Principal",
    "PrincipalKind",
    "Purpose",
    "Role",
    "Viewer",
    "across_the_wall",
    "Span",
    "end_grants",
    "follow_grants",
    "grant",
    "holds",
    "limit_grants",
    "purposes_of",
]


APART = frozenset({EMERGENCY, READS_ON})
"""Grants that are less than any other: nothing given beside them changes them, nor they it."""


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
    emergency: bool = False
    """Whether emergency access counts: to look, and to do what an emergency needs. Everything
    else asks for a standing grant, so that it never becomes more than it was given for."""

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
    held = remembered(case_id, _GrantsOf, lambda: _grants_of(case_id))
    alike = (row for row in held if _is_live(row, purpose, principal_id, moment))
    # Emergency access ends when it ends: nothing given meanwhile makes it longer.
    alone = beside_others or because in APART
    ours = (r for r in alike if r.because == because or not (alone or r.because in APART))
    live = next(ours, None)
    if live is not None:
        if until is None or (live.ends_at is not None and live.ends_at < until):
            live.ends_at = until
        return
    _give(case_id, purpose, Span(principal_id, moment, until), because, by, moment)


_OF_CASE = select(Grant).where(Grant.case_id == bindparam("wanted"))


class _GrantsOf:
    """What a case's grants are remembered under: the rows themselves, new ones among them."""


def _grants_of(case_id: int) -> list[Grant]:
    return list(db.session.scalars(_OF_CASE, {"wanted": case_id}))


def _is_live(row: Grant, purpose: Purpose, principal_id: int, moment: datetime) -> bool:
    same = row.purpose == purpose and row.principal_id == principal_id
    return same and row.starts_at <= moment and (row.ends_at is None or row.ends_at > moment)


def holds(case_id: int, purposes: Collection[Purpose], principal_ids: Collection[int]) -> bool:
    """Whether one of these principals has a live grant of one of these purposes on a case.

    Emergency access does not count, nor what opens only a report that was received.
    """
    moment = clock.now()
    return any(
        row.because not in APART and _is_live(row, purpose, principal_id, moment)
        for row in remembered(case_id, _GrantsOf, lambda: _grants_of(case_id))
        for purpose in purposes
        for principal_id in principal_ids
    )


@dataclass(frozen=True)
class Span:
    """Whom a case is given to, from when and until when; None: from now, and without an end."""

    principal_id: int
    starts: datetime | None = None
    until: datetime | None = None


def follow_grants(
    case_id: int,
    purpose: Purpose,
    *,
    because: str,
    over: str,
    wanted: Collection[Span],
    by: int | None,
) -> None:
    """Let what a case is given for because of one thing be what is wanted now, and nothing else.

    What is there already stays as it is; what is not wanted any more ends at once, or never
    begins. Grants that were given because of anything else are not touched.
    """
    moment, missing = clock.now(), list(wanted)
    for row in remembered(case_id, _GrantsOf, lambda: _grants_of(case_id)):
        ended = row.ends_at is not None and row.ends_at <= moment
        if row.because != because or row.purpose != purpose or ended:
            continue
        same = next((span for span in missing if _is_span(row, span, moment)), None)
        if same is not None:
            missing.remove(same)
            continue
        row.ends_at = moment
        who: dict[str, Any] = {"purpose": purpose.value, "principal": row.principal_id}
        audit.record("access.ended", by=by, case_id=case_id, because=over, **who)
    for span in missing:
        _give(case_id, purpose, span, because, by, moment)


def _is_span(row: Grant, span: Span, moment: datetime) -> bool:
    starts = span.starts or moment
    begins = row.starts_at == starts or (row.starts_at <= moment and starts <= moment)
    return row.principal_id == span.principal_id and row.ends_at == span.until and begins


def _give(
    case_id: int, purpose: Purpose, span: Span, because: str, by: int | None, moment: datetime
) -> None:
    kind = db.session.get_one(Principal, span.principal_id).kind
    made = Grant(
        case_id=case_id,
        purpose=purpose,
        principal_id=span.principal_id,
        by_name=kind is PrincipalKind.STAFF,
        because=because,
        starts_at=max(span.starts or moment, moment),
        ends_at=span.until,
    )
    db.session.add(made)
    remembered(case_id, _GrantsOf, lambda: _grants_of(case_id)).append(made)
    given: dict[str, Any] = {"purpose": purpose.value, "principal": span.principal_id}
    audit.record("access.granted", by=by, case_id=case_id, because=because, **given)


def end_grants(
    case_id: int,
    purpose: Purpose,
    *,
    because: str,
    by: int | None,
    principal_id: int | None = None,
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
