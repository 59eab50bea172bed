"""Men of probation given to another officer, one or many at once, by a senior of the unit.

All or none: where one of them cannot be given, nothing is changed and each that stands in the way
is named with why. A manager who moves a caseload knows then that it is moved.
"""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from mhtr.accounts.models import Staff
from mhtr.accounts.sessions import viewer_of
from mhtr.cases import service as cases
from mhtr.cases.queries import stands
from mhtr.core.access import Purpose, Role
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, Refused
from mhtr.core.transaction import must_be_writing
from mhtr.orders.contact_service import Named, name_contact
from mhtr.orders.models import ProbationContact
from mhtr.orders.officer_queries import officers_in
from mhtr.orders.queries import contacts_of
from mhtr.tasks import service as tasks

PAGE = "probation.people"
MOST = 200
"""Men who are given at once."""
SENIORS = "A senior probation officer of the unit gives men to another officer."
WHY = "Say why"
OTHER_UNIT = "Choose an officer of your unit who signs in here"
NOBODY = "Select the men whom you give to somebody else"
NOT_YOURS = "He is not with your unit any more"
YOURS = {True: "A man was given to you: he is among My people.",
         False: "{} men were given to you: they are among My people."}  # fmt: skip
GONE = {True: "A man of yours was given to another officer.",
        False: "{} men of yours were given to another officer."}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """One man, and the contact whom the page showed: the id of its record, 0 for nobody."""

    case_id: int
    seen: int


@dataclass(frozen=True)
class Fault:
    """Why one man cannot be given."""

    case_id: int
    words: str


class NotAll(Refused):
    """Some cannot be given; nobody was. `faults` names each of them."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(*dict.fromkeys(fault.words for fault in faults))
        self.faults = tuple(faults)


def reassign(*, men: Sequence[Asked], to_id: int, why: str, by: int) -> list[ProbationContact]:
    """Give men to another officer of the unit: all of them, or none.

    The new officer is told once, each officer before once, whoever treats them of each. Whoever
    had one of them sees him no more.

    Raises:
        NotAll: some cannot be given: somebody else was named meanwhile, the record is restricted,
            the officer must not see it, it is his already, or it is no man of the unit.
        CannotBe: nobody is chosen, no reason is given, or the officer is of another unit.
        Refused: `by` is no senior of the unit.
    """
    must_be_writing()
    senior = db.session.get_one(Staff, by)
    if Role.SENIOR_PROBATION not in {row.role for row in senior.roles}:
        raise Refused(SENIORS)
    _check(men, to_id, why, senior)
    made, before, faults = [], Counter[int](), []
    for one in sorted(men, key=lambda one: one.case_id):
        try:
            row, was = _give(one, to_id, why.strip(), senior)
        except Refused as refused:
            faults.append(Fault(one.case_id, " ".join(refused.reasons)))
            continue
        made.append(row)
        if was is not None:
            before[was] += 1
    if faults:
        raise NotAll(faults)
    _tell(made, to_id, before, by)
    return made


def _check(men: Sequence[Asked], to_id: int, why: str, senior: Staff) -> None:
    problems = []
    if not men or len(men) > MOST or len({one.case_id for one in men}) < len(men):
        problems.append(("men", NOBODY))
    if to_id not in {one.id for one in officers_in(senior.organisation_id)}:
        problems.append(("to", OTHER_UNIT))
    if not why.strip():
        problems.append(("why", WHY))
    if problems:
        raise CannotBe(*problems)


def _give(one: Asked, to_id: int, why: str, senior: Staff) -> tuple[ProbationContact, int | None]:
    """Give one man, and say who had him; whatever stands in the way is found before a change."""
    if one.case_id < 1:
        raise Refused(NOT_YOURS)
    case = cases.lock(one.case_id)
    if not stands(viewer_of(senior), case.id, Purpose.SUPERVISION):
        raise Refused(NOT_YOURS)
    had = next((row.staff_id for row in contacts_of(case.id) if row.ended_at is None), None)
    to = db.session.get_one(Staff, to_id)
    row = name_contact(
        case_id=case.id,
        said=Named(unit_id=to.organisation_id, staff_id=to.id),
        seen=one.seen,
        by=senior.id,
        why=why,
        tell_him=False,
    )
    return row, had


def _tell(made: Sequence[ProbationContact], to_id: int, before: Counter[int], by: int) -> None:
    key, many = f"given:{made[0].id}:{uuid.uuid4().hex[:8]}", len(made)
    told = {to_id: YOURS[many == 1].format(many)}
    told |= {staff_id: GONE[n == 1].format(n) for staff_id, n in before.items()}
    for staff_id, text in told.items():
        staff = db.session.get_one(Staff, staff_id)
        if staff_id != by and staff.disabled_at is None:
            tasks.tell(staff.principal_id, key=key, text=text, endpoint=PAGE)
