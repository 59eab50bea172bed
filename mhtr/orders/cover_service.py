"""Cover for an officer who is away, or for one of his men: the only writer of it.

The cases are locked first, then the accounts of both. What is given with it follows
(`cover_grants`), on the page of each case and at once.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import aliased

from mhtr.accounts import listeners as account_listeners
from mhtr.accounts.models import Staff
from mhtr.accounts.organisation_service import seniors_of
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.core import audit, clock
from mhtr.core.access import SUPERVISES, Role
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, NotFound, Refused
from mhtr.core.transaction import must_be_writing
from mhtr.orders import cover_grants
from mhtr.orders.cover_models import OfficerCover
from mhtr.orders.cover_queries import as_rule, standing_with
from mhtr.orders.cover_rules import Cover, Known, objections
from mhtr.orders.models import ProbationContact
from mhtr.orders.officer_queries import officers_in
from mhtr.orders.queries import contact_of
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Notice

PAGE = "probation.cover"
NOT_YOURS = "Cover is recorded by the officer himself or by a senior of his unit."
NO_OFFICER = "Nobody who signs in here is named for him: name an officer first."
MEANWHILE = "He was given another man, or lost one, meanwhile. Nothing was saved: try again."
RESTRICTED = "This record is restricted: ask the service to name who supervises him."
OVER = "This cover is over or was taken back already."
YOU_COVER = "You cover for a colleague. The page says for whom, and from when to when."
COVERED = "A colleague covers for you. The page says who, and from when to when."
TAKEN_BACK = "Cover in which you are named was taken back."
_HAS = aliased(Notice)
LOST = "Somebody who covers, or is covered, left your unit: see who covers now."


def plan_cover(*, officer_id: int, cover_id: int, first: date, last: date, by: int) -> OfficerCover:
    """Record that a colleague covers for an officer, for all of his men, from a day to a day.

    Raises:
        CannotBe: the days or the colleague do not fit.
        Refused: `by` is neither he nor a senior of his unit; or his men changed meanwhile.
    """
    must_be_writing()
    held = _cases_of(officer_id)
    locked = [cases.lock(case_id) for case_id in held]
    officer, cover = _locked(officer_id, cover_id)
    if _cases_of(officer_id) != held:
        raise Refused(MEANWHILE)
    return _record(officer, cover, first, last, None, locked, by=by)


def cover_case(*, case_id: int, cover_id: int, first: date, last: date, by: int) -> OfficerCover:
    """Record that a colleague covers for one man, from a day to a day.

    Raises:
        CannotBe: the days or the colleague do not fit.
        Refused: nobody who signs in is named; the record is restricted; `by` is neither he nor a
            senior of his unit.
    """
    must_be_writing()
    case = cases.lock(case_id)
    contact = contact_of(case.id)
    if contact is None or contact.staff_id is None:
        raise Refused(NO_OFFICER)
    if case.restricted:
        raise Refused(RESTRICTED)
    officer, cover = _locked(contact.staff_id, cover_id)
    return _record(officer, cover, first, last, case, [case], by=by)


def take_back(*, ref: uuid.UUID, by: int) -> OfficerCover:
    """Take cover back: whoever covered sees the cases no more from this moment.

    Raises:
        NotFound: no such cover.
        Refused: it is over already; `by` is neither the officer nor a senior of his unit.
    """
    must_be_writing()
    row = db.session.scalars(select(OfficerCover).where(OfficerCover.ref == ref)).one_or_none()
    if row is None:
        raise NotFound
    locked = _lock_for(row)
    officer, cover = _locked(row.officer_id, row.cover_id)
    _must_manage(officer, by)
    db.session.refresh(row)
    if row.taken_back_at is not None or row.last_day < clock.today():
        raise Refused(OVER)
    _end(row, locked, by=by)
    for staff in (officer, cover):
        _tell(staff, f"cover-back:{row.id}", TAKEN_BACK, by)
    return row


def _record(
    officer: Staff,
    cover: Staff,
    first: date,
    last: date,
    case: Case | None,
    locked: Sequence[Case],
    *,
    by: int,
) -> OfficerCover:
    _must_manage(officer, by)
    wanted = Cover(officer.id, cover.id, first, last, case.id if case else None)
    unit = {one.id for one in officers_in(officer.organisation_id)}
    known = [as_rule(row) for row in standing_with((officer.id, cover.id))]
    wrong = objections(wanted, Known(known, unit, clock.today()))
    if wrong:
        raise CannotBe(*wrong)
    row = OfficerCover(
        officer_id=officer.id,
        cover_id=cover.id,
        case_id=wanted.case_id,
        first_day=first,
        last_day=last,
        by_id=by,
    )
    db.session.add(row)
    db.session.flush()
    audit.record("orders.cover_planned", by=by, case_id=wanted.case_id, cover=row.id)
    for one in locked:
        cover_grants.follow(one, by=by)
    _tell(cover, f"cover:{row.id}", YOU_COVER, by)
    _tell(officer, f"cover:{row.id}", COVERED, by)
    if first <= clock.today():
        _pass_on(officer, cover, [one.id for one in locked])
    return row


def pass_on_begun(now: datetime) -> int:
    """Pass on what officers had not read when cover that was recorded ahead began.

    Returns how much was new. Runs inside the caller's write transaction; a second run changes
    nothing.
    """
    must_be_writing()
    today = now.astimezone(clock.LONDON).date()
    query = select(OfficerCover).where(
        OfficerCover.taken_back_at.is_(None),
        OfficerCover.first_day <= today,
        OfficerCover.last_day >= today,
    )
    done = 0
    for row in db.session.scalars(query.order_by(OfficerCover.id)).all():
        officer, cover = (db.session.get_one(Staff, one) for one in (row.officer_id, row.cover_id))
        held = _cases_of(officer.id)
        of = held if row.case_id is None else [one for one in held if one == row.case_id]
        done += _pass_on(officer, cover, of, before=cover_grants.begins(row.first_day))
    return done


def _pass_on(
    officer: Staff, cover: Staff, of: Iterable[int], *, before: datetime | None = None
) -> int:
    """What the officer was told of these men and has not read is told to his cover as well.

    Args:
        before: only what he was told until then; what came since was told to both.
    """
    mine = select(Notice).where(
        Notice.principal_id == officer.principal_id,
        Notice.read_at.is_(None),
        Notice.case_id.in_(list(of)),
        ~exists().where(_HAS.principal_id == cover.principal_id, _HAS.key == Notice.key),
    )
    if before is not None:
        mine = mine.where(Notice.created_at < before)
    done = 0
    for one in db.session.scalars(mine.order_by(Notice.case_id, Notice.id)).all():
        if one.case_id is None or cases.lock(one.case_id).restricted:
            continue
        done += tasks.tell(
            cover.principal_id,
            key=one.key,
            text=one.text,
            case_id=one.case_id,
            endpoint=one.endpoint,
            subject_ref=one.subject_ref,
        )
    return done


def _end(row: OfficerCover, locked: Sequence[Case], *, by: int | None) -> None:
    row.taken_back_at, row.taken_back_by = clock.now(), by
    db.session.flush()
    audit.record("orders.cover_taken_back", by=by, case_id=row.case_id, cover=row.id)
    for case in locked:
        cover_grants.follow(case, by=by)


def _lock_for(row: OfficerCover) -> list[Case]:
    held = [row.case_id] if row.case_id is not None else _cases_of(row.officer_id)
    return [cases.lock(case_id) for case_id in held]


def _cases_of(officer_id: int) -> list[int]:
    query = select(ProbationContact.case_id).where(
        ProbationContact.staff_id == officer_id, ProbationContact.ended_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(ProbationContact.case_id)))


def _locked(officer_id: int, cover_id: int) -> tuple[Staff, Staff]:
    """Both accounts, locked in the order of their ids.

    Raises:
        NotFound: one of them is no account.
    """
    query = select(Staff).where(Staff.id.in_((officer_id, cover_id))).order_by(Staff.id)
    found = {one.id: one for one in db.session.scalars(query.with_for_update(of=Staff))}
    if officer_id not in found or cover_id not in found:
        raise NotFound
    return found[officer_id], found[cover_id]


def _must_manage(officer: Staff, by: int) -> None:
    who = db.session.get_one(Staff, by)
    roles = {row.role for row in who.roles}
    leads = Role.SENIOR_PROBATION in roles and who.organisation_id == officer.organisation_id
    if not (roles & set(SUPERVISES)) or not (who.id == officer.id or leads):
        raise Refused(NOT_YOURS)


def _tell(staff: Staff, key: str, text: str, by: int) -> None:
    if staff.id != by:
        tasks.tell(staff.principal_id, key=key, text=text, endpoint=PAGE)


def _left(staff_id: int, organisation_id: int, by: int | None) -> None:
    """Cover ends where one of the two left the unit, or signs in no more: its seniors are told."""
    unit = {one.id for one in officers_in(organisation_id)}
    if staff_id in unit:
        return
    query = select(OfficerCover).where(
        or_(OfficerCover.officer_id == staff_id, OfficerCover.cover_id == staff_id),
        OfficerCover.taken_back_at.is_(None),
        OfficerCover.last_day >= clock.today(),
    )
    for row in db.session.scalars(query.order_by(OfficerCover.id)).all():
        _end(row, _lock_for(row), by=by)
        tasks.tell(
            seniors_of(organisation_id), key=f"cover-lost:{row.id}", text=LOST, endpoint=PAGE
        )


account_listeners.staff_left.append(_left)
