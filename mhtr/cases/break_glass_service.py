"""Emergency access: a clinician of a treating trust opens one man's record without a grant.

Never across the wall, never for administrators; a named grant that runs out by itself; the
privacy officer is told in the same transaction and reviews every use.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select

from mhtr.accounts.models import (
    BreakGlass,
    OrganisationKind,
    SignInAttempt,
    Staff,
    StaffRole,
)
from mhtr.accounts.sessions import viewer_of
from mhtr.cases import policy
from mhtr.cases.break_glass_finding import NobodyFound as NobodyFound
from mhtr.cases.break_glass_finding import Wanted as Wanted
from mhtr.cases.break_glass_finding import cases_of
from mhtr.cases.models import Case
from mhtr.cases.queries import in_scope
from mhtr.cases.service import lock
from mhtr.core import access, audit, clock
from mhtr.core.access import CLINICAL_ROLES, EMERGENCY, PROBATION_ROLES, Grant, Purpose, Role
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.policy import values
from mhtr.core.transaction import must_be_writing
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import end_of_day, working_calendar
from mhtr.tasks.models import TaskKind

BECAUSE = EMERGENCY


class OpenAlready(Refused):
    """He may open the record as it is: the refusal leads there."""

    def __init__(self, case_ids: Collection[int]) -> None:
        super().__init__("You can open this record already: the way to it is below.")
        self.case_ids = tuple(sorted(case_ids))


class Finding(StrEnum):
    """What the privacy officer found."""

    JUSTIFIED = "justified"
    NOT_JUSTIFIED = "not_justified"
    FOLLOW_UP = "follow_up"


def open_access(wanted: Wanted, *, reason: str, by: int) -> list[BreakGlass]:
    """Open the cases of the man to this clinician until the time limit, one use for each.

    All of them: what keeps him safe may stand in an older one, or in another trust.

    Raises:
        Refused: not entitled, no sufficient reason, too many searches, or access he has already.
        NobodyFound: no single man fits.
    """
    must_be_writing()
    staff = _entitled(by)
    set_values = values(
        policy.BREAK_GLASS_MINUTES, policy.BREAK_GLASS_REASON, policy.BREAK_GLASS_TRIES
    )
    _must_not_be_guessing(by, int(set_values["break_glass_tries"]))
    shortest = int(set_values["break_glass_reason"])
    if len(reason.strip()) < shortest:
        raise Refused(f"Say why in {shortest} characters or more.")
    cases = cases_of(wanted, staff)
    viewer = replace(viewer_of(staff), emergency=True)
    seen = select(Case.id).where(
        Case.id.in_([case.id for case in cases]), in_scope(viewer, Purpose.CLINICAL)
    )
    open_already = set(db.session.scalars(seen))
    until = clock.now() + timedelta(minutes=int(set_values["break_glass_minutes"]))
    made = [_open(case, staff, reason, until) for case in cases if case.id not in open_already]
    if not made:
        raise OpenAlready(open_already)
    return made


def _open(case: Case, staff: Staff, reason: str, until: datetime) -> BreakGlass:
    made = BreakGlass(staff_id=staff.id, case_id=case.id, reason=reason.strip(), until=until)
    db.session.add(made)
    db.session.flush()
    access.grant(
        case.id, Purpose.CLINICAL, staff.principal_id, because=BECAUSE, by=staff.id, until=until
    )
    audit.record("break_glass.opened", by=staff.id, case_id=case.id, break_glass=made.id)
    _tell_privacy(made, staff)
    return made


def note_miss(*, by: int) -> None:
    """Note that a search for emergency access found nobody."""
    must_be_writing()
    db.session.add(SignInAttempt(key=_tries_key(by), at=clock.now()))
    audit.record("break_glass.missed", by=by)


def end(break_glass_id: int, *, by: int) -> None:
    """End one's own emergency access early; one that has ended stays as it is.

    Raises:
        NotFound: not one's own.
    """
    must_be_writing()
    row = db.session.get(BreakGlass, break_glass_id)
    if row is None or row.staff_id != by:
        raise NotFound
    lock(row.case_id)
    if row.ended_at is not None or row.until <= clock.now():
        return
    row.ended_at = clock.now()
    principal_id = db.session.get_one(Staff, by).principal_id
    # A grant given meanwhile for another reason has no end, or another one: it stays.
    for grant in db.session.scalars(
        select(Grant).where(
            Grant.case_id == row.case_id,
            Grant.principal_id == principal_id,
            Grant.because == BECAUSE,
            Grant.ends_at == row.until,
        )
    ):
        grant.ends_at = row.ended_at
    audit.record("break_glass.ended", by=by, case_id=row.case_id, break_glass=row.id)


def review(break_glass_id: int, *, finding: Finding, note: str, by: int) -> None:
    """Record the privacy officer's finding. Nobody reviews his own use.

    Raises:
        Refused: not a privacy officer, his own use, reviewed already, or no note where one is due.
    """
    must_be_writing()
    row = db.session.scalars(
        select(BreakGlass).where(BreakGlass.id == break_glass_id).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound
    officer = db.session.get_one(Staff, by)
    if Role.PRIVACY_OFFICER not in {held.role for held in officer.roles}:
        raise Refused("Only a privacy officer reviews emergency access.")
    if row.staff_id == by:
        raise Refused("Nobody reviews his own emergency access. Ask another privacy officer.")
    if row.reviewed_at is not None:
        raise Refused("This use has been reviewed already.")
    if finding is not Finding.JUSTIFIED and not note.strip():
        raise Refused("Say what was found and what follows.")
    row.reviewed_by, row.reviewed_at = by, clock.now()
    row.finding, row.review_note = finding.value, note.strip() or None
    audit.record(
        "break_glass.reviewed",
        by=by,
        case_id=row.case_id,
        break_glass=row.id,
        finding=finding.value,
    )
    task = tasks.with_key(_task_key(row.id))
    if task is not None:
        tasks.finish(task, by=by)


def entitled(staff: Staff) -> bool:
    """Whether somebody may use emergency access at all: a clinician of a treating trust."""
    held = {row.role for row in staff.roles}
    return (
        staff.disabled_at is None
        and staff.organisation.kind is OrganisationKind.TREATING_TRUST
        and bool(held & CLINICAL_ROLES)
        and not held & PROBATION_ROLES
    )


def _entitled(staff_id: int) -> Staff:
    staff = db.session.get(Staff, staff_id)
    if staff is None or not entitled(staff):
        raise Refused("Emergency access is for clinicians of treating trusts only.")
    return staff


def _must_not_be_guessing(staff_id: int, tries: int) -> None:
    recent = select(func.count(SignInAttempt.id)).where(
        SignInAttempt.key == _tries_key(staff_id),
        SignInAttempt.at > clock.now() - timedelta(hours=1),
    )
    if (db.session.scalar(recent) or 0) >= tries:
        raise Refused("Too many searches found nobody. Wait an hour, or ask the clinical lead.")


def _tell_privacy(made: BreakGlass, staff: Staff) -> None:
    """Tell every privacy officer, and give the review to one who is not the user himself."""
    officers = list(
        db.session.scalars(
            select(Staff)
            .where(
                Staff.disabled_at.is_(None),
                Staff.id != staff.id,
                Staff.roles.any(StaffRole.role == Role.PRIVACY_OFFICER),
            )
            .order_by(Staff.organisation_id != staff.organisation_id, Staff.id)
        )
    )
    for officer in officers:
        tasks.tell(
            officer.principal_id,
            key=f"break-glass:{made.id}",
            text="Emergency access was used. It waits for your review.",
            case_id=made.case_id,
            endpoint="break_glass.review",
            subject_ref=made.ref,
        )
    owner = officers[0] if officers else None
    tasks.open_task(
        TaskKind.BREAK_GLASS_REVIEW,
        key=_task_key(made.id),
        title="Review of emergency access",
        # Without a privacy officer the task waits with the organisation, and is not lost.
        owner_principal_id=(owner or staff.organisation).principal_id,
        owner_staff_id=owner.id if owner else None,
        due_at=_review_due(),
        by=staff.id,
        case_id=made.case_id,
        endpoint="break_glass.review",
        subject_ref=made.ref,
    )


def _review_due() -> datetime:
    days = int(values(policy.BREAK_GLASS_REVIEW_DAYS)["break_glass_review_days"])
    due_on = working_calendar().add(clock.today(), days)
    return end_of_day(due_on)


def _task_key(break_glass_id: int) -> str:
    return f"break-glass:{break_glass_id}:review"


def _tries_key(staff_id: int) -> str:
    return f"break-glass:{staff_id}"
