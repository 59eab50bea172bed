"""Who is kept from a man's record is kept from all of it: his other cases, a new one, a merged one.

Exclusions and restrictions stand on cases, and each of a man's cases opens the same person page.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from mhtr.accounts.leads import leads_of
from mhtr.accounts.models import Staff
from mhtr.cases import flag_owners, listeners, question_owners
from mhtr.cases.link_queries import linked_ids
from mhtr.cases.models import Case, Restriction
from mhtr.cases.who_has import trusts_of
from mhtr.core import access, audit, clock
from mhtr.core.access import EMERGENCY, Exclusion, Grant, Purpose
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.tasks import rehoming

BECAUSE = "cases.restricted"
"""Why somebody is named on a restricted case."""
NAMED_FOR = (Purpose.CLINICAL, Purpose.ADMINISTRATION)


@dataclass(frozen=True)
class Closed:
    """What keeps people out of some cases."""

    shut_out: Mapping[int, str]
    """By principal: why."""
    restriction: Restriction | None
    named: frozenset[tuple[int, Purpose]]
    """Staff principals who may see the restricted ones, and what for."""


NOT_CLOSED = Closed({}, None, frozenset())


def inherit(case: Case, *, by: int | None) -> None:
    """Close a new case to whoever is kept from another one of this man: it is about him."""
    others = select(Case.id).where(Case.person_id == case.person_id, Case.id != case.id)
    _close(case, _closed(db.session.scalars(others).all()), by)
    elsewhere = _elsewhere(case)
    _close(case, Closed(_shut_out(elsewhere), None, frozenset()), by)


def bring_together(ones: Collection[int], twos: Collection[int], *, by: int) -> list[int]:
    """Close the cases of two records that become one to whoever is kept from either.

    Both are locked already. Returns the cases that were closed further.
    """
    must_be_writing()
    of_ones, of_twos = _closed(ones), _closed(twos)
    found = []
    for case_ids, closed in ((ones, of_twos), (twos, of_ones)):
        for case in db.session.scalars(select(Case).where(Case.id.in_(case_ids)).order_by(Case.id)):
            if _close(case, closed, by):
                found.append(case.id)
    _one_man(ones, twos, by)
    return found


def _one_man(ones: Collection[int], twos: Collection[int], by: int) -> None:
    """What follows from two records being of one man, once nobody sees what he must not."""
    whose = select(Case.person_id).where(Case.id.in_({*ones, *twos})).distinct()
    people = db.session.scalars(whose).all()
    for person_id in people:
        flag_owners.settle(person_id, by=by)
    question_owners.settle(*people, by=by)
    for listener in listeners.records_joined:
        listener(list(ones), list(twos), by)


def keep_out(ones: Collection[int], twos: Collection[int], *, by: int) -> None:
    """Of records in two trusts: who is shut out of the one's cases is shut out of the other's.

    Nobody is let in: a restriction and the names on it stay where they are.
    """
    must_be_writing()
    shut_ones, shut_twos = _shut_out(ones), _shut_out(twos)
    for case_ids, shut_out in ((ones, shut_twos), (twos, shut_ones)):
        closed = Closed(shut_out, None, frozenset())
        for case in db.session.scalars(select(Case).where(Case.id.in_(case_ids)).order_by(Case.id)):
            _close(case, closed, by)
    _one_man(ones, twos, by)


def spread(case: Case, *, by: int) -> list[Case]:
    """Close his other cases to whoever is kept from this one. Returns those closed further.

    Of his records in other trusts as `keep_out`: whoever is shut out is shut out there too.
    """
    must_be_writing()
    closed = _closed([case.id])
    out = Closed(closed.shut_out, None, frozenset())
    elsewhere = set(_elsewhere(case))
    others = select(Case).where(
        or_(Case.person_id == case.person_id, Case.id.in_(elsewhere)), Case.id != case.id
    )
    found = db.session.scalars(others.order_by(Case.id).with_for_update(of=Case)).all()
    changed = [one for one in found if _close(one, out if one.id in elsewhere else closed, by)]
    for other in (one for one in changed if one.restricted):
        for organisation_id in trusts_of(other.id):
            if not named_in(other.id, organisation_id):
                let_leads_in(other.id, organisation_id, by=by)
    for person_id in sorted({case.person_id, *(other.person_id for other in changed)}):
        flag_owners.settle(person_id, by=by)
    question_owners.settle(case.person_id, *(other.person_id for other in changed), by=by)
    return changed


def _elsewhere(case: Case) -> Sequence[int]:
    """His cases on records that were found to be his in other trusts."""
    linked = linked_ids(case.person_id)
    theirs = select(Case.id).where(Case.person_id.in_(linked))
    return db.session.scalars(theirs).all() if linked else ()


def let_leads_in(case_id: int, organisation_id: int, *, by: int | None) -> None:
    """On a restricted case: a trust's clinical leads by name, since nobody else counts."""
    for _, principal_id in leads_of(organisation_id):
        access.grant(case_id, Purpose.CLINICAL, principal_id, because=BECAUSE, by=by)


def named_in(case_id: int, organisation_id: int) -> bool:
    """Whether a clinician of this trust may see a restricted case by name."""
    of_trust = (
        select(Grant.id)
        .join(Staff, Staff.principal_id == Grant.principal_id)
        .where(
            Grant.case_id == case_id,
            Grant.by_name,
            Grant.purpose == Purpose.CLINICAL,
            Grant.ends_at.is_(None),
            Staff.organisation_id == organisation_id,
            Staff.disabled_at.is_(None),
            Staff.principal_id.not_in(_shut_out([case_id])),
        )
    )
    return db.session.scalars(of_trust).first() is not None


def _closed(case_ids: Collection[int]) -> Closed:
    if not case_ids:
        return NOT_CLOSED
    restriction = db.session.scalars(
        select(Restriction)
        .join(Case, Case.id == Restriction.case_id)
        .where(Restriction.case_id.in_(case_ids), Restriction.lifted_at.is_(None), Case.restricted)
        .order_by(Restriction.id)
    ).first()
    named = select(Grant.principal_id, Grant.purpose).where(
        Grant.case_id == (restriction.case_id if restriction else None),
        Grant.by_name,
        Grant.purpose.in_(NAMED_FOR),
        Grant.because != EMERGENCY,
        or_(Grant.ends_at.is_(None), Grant.ends_at > clock.now()),
    )
    pairs = frozenset((row.principal_id, row.purpose) for row in db.session.execute(named))
    return Closed(_shut_out(case_ids), restriction, pairs)


def _shut_out(case_ids: Collection[int]) -> dict[int, str]:
    if not case_ids:
        return {}
    rows = db.session.scalars(
        select(Exclusion).where(
            Exclusion.case_id.in_(case_ids),
            or_(Exclusion.ends_at.is_(None), Exclusion.ends_at > clock.now()),
        )
    )
    return {row.principal_id: row.because for row in rows}


def _close(case: Case, closed: Closed, by: int | None) -> bool:
    """Put it on a case; returns whether it was not so before."""
    if not closed.shut_out and closed.restriction is None:
        return False
    already = _shut_out([case.id])
    new = [principal_id for principal_id in sorted(closed.shut_out) if principal_id not in already]
    for principal_id in new:
        exclude(case.id, principal_id, because=closed.shut_out[principal_id], by=by)
    if closed.restriction is None or case.restricted:
        return bool(new)
    kept_out = already.keys() | closed.shut_out.keys()
    for principal_id, purpose in sorted(closed.named):
        if principal_id not in kept_out:
            access.grant(case.id, purpose, principal_id, because=BECAUSE, by=by)
    case.restricted = True
    case.version += 1
    db.session.add(
        Restriction(
            case_id=case.id,
            reason=f"Another case of his is restricted: {closed.restriction.reason}",
            made_by=closed.restriction.made_by,
        )
    )
    audit.record("access.restricted", by=by, case_id=case.id)
    fewer_readers(case.id, by=by)
    return True


def exclude(case_id: int, principal_id: int, *, because: str, by: int | None) -> None:
    """Shut a member of staff out of one case; the signs of risk he owns there go to others."""
    must_be_writing()
    db.session.add(
        Exclusion(
            case_id=case_id, principal_id=principal_id, because=because, starts_at=clock.now()
        )
    )
    audit.record("access.excluded", by=by, case_id=case_id, principal=principal_id)
    db.session.flush()
    staff_id = db.session.scalar(select(Staff.id).where(Staff.principal_id == principal_id))
    if staff_id is not None:
        rehoming.rehome(staff_id, by=by, case_id=case_id)
    fewer_readers(case_id, by=by, shut_out=staff_id)


def fewer_readers(case_id: int, *, by: int | None, shut_out: int | None = None) -> None:
    """What is somebody's who may not open the case any more goes to somebody who may."""
    db.session.flush()
    rehoming.rehome_case(case_id, by=by)
    for listener in listeners.readers_changed:
        listener(case_id, by, shut_out)
