"""Restricting a case to named staff, and shutting named staff out of it."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import selectinload

from mhtr.accounts.models import Organisation, Staff, StaffRole, Team, TeamMembership
from mhtr.cases import question_owners, shared_access
from mhtr.cases.link_queries import linked_ids
from mhtr.cases.models import Case, Restriction
from mhtr.cases.service import check_version, lock
from mhtr.cases.shared_access import BECAUSE as BECAUSE
from mhtr.core import access, audit, clock
from mhtr.core.access import (
    APART,
    EMERGENCY,
    READS_ON,
    Exclusion,
    Grant,
    Purpose,
    Role,
    purposes_of,
)
from mhtr.core.database import UtcDateTime, db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.name_order import sort_words
from mhtr.core.transaction import must_be_writing
from mhtr.tasks import service as tasks

DECIDERS = frozenset({Role.CLINICAL_LEAD, Role.PRIVACY_OFFICER})
"""Who restricts a record or shuts somebody out."""

RESTRICTED_ELSEWHERE = (
    "Another trust restricted its record of him to named staff. Nothing of it shows here any more; "
    "the name, birth date and numbers that both confirmed stay. Decide whether to restrict yours."
)


@dataclass(frozen=True)
class Reader:
    """Somebody who may see a case for a purpose, by name or through his team or organisation."""

    staff_id: int
    name: str
    organisation: str
    purpose: Purpose
    by_name: bool
    emergency: bool
    """By emergency access only, which ends by itself."""
    received: bool
    """Only to read on in a report that was sent to him."""


def restrict(
    case_id: int, *, staff_ids: Collection[int], reason: str, version: int, by: int
) -> None:
    """Let only staff with a grant by name see the case, and his others; those chosen are given one.

    Whoever has a grant by name already keeps it; to shut him out is an exclusion.

    Raises:
        Refused: not a decider, no reason, restricted already, or no clinician would be left.
        Stale: the case moved on since the page was read.
    """
    case = _decide(case_id, by)
    check_version(case, version)
    if case.restricted:
        raise Refused("This record is restricted already.")
    if not reason.strip():
        raise Refused("Say why the record is restricted.")
    readers = standing_readers(case)
    chosen = [one for one in readers if one.by_name or one.staff_id in set(staff_ids)]
    if not any(one.purpose is Purpose.CLINICAL for one in chosen):
        raise Refused("Choose at least one clinician who goes on seeing the record.")
    for one in chosen:
        if not one.by_name:
            principal_id = db.session.get_one(Staff, one.staff_id).principal_id
            access.grant(case_id, one.purpose, principal_id, because=BECAUSE, by=by)
    case.restricted = True
    case.version += 1
    db.session.add(Restriction(case_id=case_id, reason=reason.strip(), made_by=by))
    audit.record("access.restricted", by=by, case_id=case_id)
    shared_access.fewer_readers(case_id, by=by)
    shared_access.spread(case, by=by)
    _tell_linked(case)


def _tell_linked(case: Case) -> None:
    """Who decides on his records in other trusts hears that nothing of this one shows there now."""
    elsewhere = linked_ids(case.person_id)
    query = select(Case).where(Case.person_id.in_(elsewhere), ~Case.restricted).order_by(Case.id)
    for other in db.session.scalars(query).all() if elsewhere else ():
        tell_deciders(
            other,
            key=f"restricted-elsewhere:{case.id}:{case.version}:{other.id}",
            text=RESTRICTED_ELSEWHERE,
        )


def tell_deciders(case: Case, *, key: str, text: str) -> None:
    """Tell whoever may see a case and decides who else may."""
    for reader in standing_readers(case):
        if may_decide(reader.staff_id):
            tasks.tell(
                db.session.get_one(Staff, reader.staff_id).principal_id,
                key=key,
                text=text,
                case_id=case.id,
                endpoint="case_access.readers",
                subject_ref=case.ref,
            )


def lift(case_id: int, *, reason: str, version: int, by: int) -> None:
    """Let grants of teams and organisations count again; names given for it alone end.

    Raises:
        Refused: not a decider, no reason, or not restricted.
        Stale: the case moved on since the page was read.
    """
    case = _decide(case_id, by)
    check_version(case, version)
    if not case.restricted:
        raise Refused("This record is not restricted.")
    if not reason.strip():
        raise Refused("Say why the restriction is lifted.")
    moment = clock.now()
    for grant in db.session.scalars(
        select(Grant).where(
            Grant.case_id == case_id, Grant.because == BECAUSE, Grant.ends_at.is_(None)
        )
    ):
        grant.ends_at = moment
    row = db.session.scalars(
        select(Restriction).where(Restriction.case_id == case_id, Restriction.lifted_at.is_(None))
    ).first()
    if row is not None:
        row.lifted_at, row.lifted_by, row.lifted_reason = moment, by, reason.strip()
    case.restricted = False
    case.version += 1
    audit.record("access.unrestricted", by=by, case_id=case_id)
    question_owners.settle(case.person_id, by=by)


def exclude(case_id: int, *, username: str, reason: str, by: int) -> Staff:
    """Shut a member of staff out of a case, whatever grants say (family, conflict).

    Raises:
        Refused: not a decider, no reason, nobody of that address, or shut out already.
    """
    _decide(case_id, by)
    if not reason.strip():
        raise Refused("Say why he or she must not see the record.")
    staff = db.session.scalars(
        select(Staff).where(Staff.username == username.strip().lower())
    ).one_or_none()
    if staff is None:
        raise Refused("No member of staff has this email address.")
    if staff.principal_id in {row.principal_id for row in exclusions_of(case_id)}:
        raise Refused("He or she is shut out of this record already.")
    shared_access.exclude(case_id, staff.principal_id, because=reason.strip(), by=by)
    shared_access.spread(lock(case_id), by=by)
    return staff


def end_exclusion(exclusion_id: int, *, by: int) -> None:
    """Let a member of staff see the case again as far as grants allow. Never by himself.

    Raises:
        Refused: not a decider, or he himself is shut out.
        NotFound: there is no such live exclusion.
    """
    must_be_writing()
    row = db.session.get(Exclusion, exclusion_id)
    if row is None or row.ends_at is not None:
        raise NotFound
    _decide(row.case_id, by)
    row.ends_at = clock.now()
    audit.record("access.exclusion_ended", by=by, case_id=row.case_id, principal=row.principal_id)


def standing_readers(case: Case) -> list[Reader]:
    """Whoever sees a case itself and for good: not in an emergency, nor only a report of it."""
    return [one for one in readers_of(case) if not (one.emergency or one.received)]


# Made once: making a statement takes longer than asking it.
_GRANTS = select(Grant).where(
    Grant.case_id == bindparam("case"),
    Grant.starts_at <= bindparam("moment", type_=UtcDateTime()),
    or_(Grant.ends_at.is_(None), Grant.ends_at > bindparam("moment", type_=UtcDateTime())),
)
_EXCLUSIONS = (
    select(Exclusion)
    .where(Exclusion.case_id == bindparam("case"), Exclusion.ends_at.is_(None))
    .order_by(Exclusion.id)
)
_RESTRICTION = select(Restriction).where(
    Restriction.case_id == bindparam("case"), Restriction.lifted_at.is_(None)
)


def readers_of(case: Case) -> list[Reader]:
    """Everybody who may see a case now and can sign in, one line for each purpose, by name."""
    grants = db.session.scalars(_GRANTS, {"case": case.id, "moment": clock.now()}).all()
    found: dict[tuple[int, Purpose], Reader] = {}
    shut_out = {row.principal_id for row in exclusions_of(case.id)}
    counted = [grant for grant in grants if grant.by_name or not case.restricted]
    holders = _holders({grant.principal_id for grant in counted})
    for grant in sorted(counted, key=lambda one: (one.because in APART, not one.by_name, one.id)):
        for staff in holders.get(grant.principal_id, ()):
            held = purposes_of(row.role for row in staff.roles)
            if staff.principal_id not in shut_out and grant.purpose in held:
                found.setdefault(
                    (staff.id, grant.purpose),
                    Reader(
                        staff.id,
                        staff.name,
                        staff.organisation.name,
                        grant.purpose,
                        grant.by_name,
                        grant.because == EMERGENCY,
                        grant.because == READS_ON,
                    ),
                )
    return sorted(
        found.values(),
        key=lambda one: (sort_words(one.organisation), sort_words(one.name), one.purpose),
    )


def exclusions_of(case_id: int) -> list[Exclusion]:
    """Who is shut out of a case now."""
    return list(db.session.scalars(_EXCLUSIONS, {"case": case_id}))


def restriction_of(case_id: int) -> Restriction | None:
    """The restriction in force on a case."""
    return db.session.scalars(_RESTRICTION, {"case": case_id}).first()


@cache
def _stands_for() -> Any:
    principals: Any = bindparam("principals", expanding=True)
    teams = select(TeamMembership.staff_id).where(
        TeamMembership.team.has(Team.principal_id.in_(principals))
    )
    return (
        select(Staff)
        .where(
            Staff.disabled_at.is_(None),
            or_(
                Staff.principal_id.in_(principals),
                Staff.organisation.has(Organisation.principal_id.in_(principals)),
                Staff.organisation.has(Organisation.seniors_principal_id.in_(principals)),
                Staff.id.in_(teams),
            ),
        )
        .options(selectinload(Staff.roles), selectinload(Staff.memberships))
    )


def _holders(principal_ids: Collection[int]) -> dict[int, list[Staff]]:
    """Live staff each principal stands for: one man, a team's or an organisation's people."""
    found: dict[int, list[Staff]] = {}
    for staff in db.session.scalars(_stands_for(), {"principals": principal_ids}):
        for principal_id in {staff.principal_id, *staff.groups()}:
            found.setdefault(principal_id, []).append(staff)
    return found


def may_decide(staff_id: int) -> bool:
    """Whether this member of staff restricts records and shuts people out."""
    decider = select(Staff.id).where(
        Staff.id == staff_id,
        Staff.disabled_at.is_(None),
        Staff.roles.any(StaffRole.role.in_(sorted(DECIDERS))),
    )
    return db.session.scalars(decider).first() is not None


def _decide(case_id: int, by: int) -> Case:
    """The case, locked, for a clinical lead or privacy officer who is not shut out himself."""
    case = lock(case_id)
    if not may_decide(by):
        raise Refused("Only a clinical lead or a privacy officer decides who may see a record.")
    principal_id = db.session.get_one(Staff, by).principal_id
    if principal_id in {row.principal_id for row in exclusions_of(case_id)}:
        raise Refused("You are shut out of this record. Somebody else decides.")
    return case


def staff_of_principal(principal_id: int) -> Staff | None:
    """The member of staff a principal is, where it is one."""
    return db.session.scalars(select(Staff).where(Staff.principal_id == principal_id)).one_or_none()
