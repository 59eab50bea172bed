"""What probation warns of becomes a flag on his record: the fact for all, the reason for few."""

from datetime import timedelta

from sqlalchemy import select

from mhtr.accounts.models import Organisation, Staff, StaffRole
from mhtr.cases.models import Case
from mhtr.core import clock, policy
from mhtr.core.access import Role
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.people.flags import end_flag, raise_flag
from mhtr.people.models import Flag, FlagKind
from mhtr.suitability.asked import Asked
from mhtr.suitability.concerned import assessing
from mhtr.suitability.models import ReportRequest
from mhtr.suitability.policy import FLAG_REVIEW_DAYS

STAFF_SAFETY = "Probation warns of a risk to staff. Read why before you see him, or ask who may."
NO_CONTACT = "Find out who they are before you book or see him: clinicians of the service know."
NOT_CONTACTED = "People named in conditions of bail or court"
EXCLUSIONS = (
    "There are places he must keep away from. Find out which before you book: clinicians of the "
    "service know."
)

ABOUT_ANOTHER = "Probation's request, and this warning with it, was about another man."


def keep(case: Case, asked: Asked, *, by: int) -> None:
    """Flag what she stated; the same warning again makes no second flag."""
    must_be_writing()
    wanted = _stated(asked)
    days = int(policy.values(FLAG_REVIEW_DAYS)["flag_review_days"])
    for kind, fact, reason, stated in wanted:
        if stated and not _held(case.person_id, kind, fact, reason):
            raise_flag(
                person_id=case.person_id,
                kind=kind,
                fact=fact,
                reason=reason,
                owner_staff_id=_owner(case) or by,
                review_on=clock.today() + timedelta(days=days),
                by=by,
                other_name=NOT_CONTACTED if kind is FlagKind.MUST_NOT_MEET else "",
                case_id=case.id,
                case_ref=case.ref,
            )


def take_back(case: Case, asked: Asked, request: ReportRequest, *, by: int) -> None:
    """End what this request of hers warned of: it was about another man."""
    must_be_writing()
    stated = {(kind, fact, reason) for kind, fact, reason, said in _stated(asked) if said}
    live = select(Flag).where(
        Flag.person_id == case.person_id,
        Flag.made_by == request.author_id,
        Flag.created_at >= request.requested_at,
        Flag.ended_at.is_(None),
    )
    for flag in db.session.scalars(live.order_by(Flag.id)).all():
        if (flag.kind, flag.fact, flag.reason or "") in stated:
            end_flag(flag_ref=flag.ref, person_id=case.person_id, reason=ABOUT_ANOTHER, by=by)


def _stated(asked: Asked) -> tuple[tuple[FlagKind, str, str, bool], ...]:
    return (
        (FlagKind.STAFF_SAFETY, STAFF_SAFETY, asked.staff_safety_reason, asked.staff_safety),
        (FlagKind.MUST_NOT_MEET, NO_CONTACT, asked.no_contact, bool(asked.no_contact)),
        (FlagKind.RISK, EXCLUSIONS, asked.exclusions, bool(asked.exclusions)),
    )


def _owner(case: Case) -> int | None:
    """The assessor, or a clinical lead of the trust that will assess him."""
    owner = assessing(case)
    if owner.staff_id is not None:
        return owner.staff_id
    return db.session.scalars(
        select(Staff.id)
        .join(Organisation, Organisation.id == Staff.organisation_id)
        .join(StaffRole, StaffRole.staff_id == Staff.id)
        .where(
            Organisation.principal_id == owner.principal_id,
            StaffRole.role == Role.CLINICAL_LEAD,
            Staff.disabled_at.is_(None),
        )
        .order_by(Staff.id)
    ).first()


def _held(person_id: int, kind: FlagKind, fact: str, reason: str) -> bool:
    rows = db.session.scalars(
        select(Flag).where(
            Flag.person_id == person_id,
            Flag.kind == kind,
            Flag.fact == fact,
            Flag.ended_at.is_(None),
        )
    )
    return any((row.reason or "") == reason for row in rows)
