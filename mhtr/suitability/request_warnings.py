"""What probation warns of becomes a flag on his record: the fact for all, the reason for few."""

from datetime import timedelta

from sqlalchemy import select

from mhtr.cases.models import Case
from mhtr.core import audit, clock, policy
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.people.models import Flag, FlagKind
from mhtr.suitability.asked import Asked
from mhtr.suitability.policy import FLAG_REVIEW_DAYS

STAFF_SAFETY = "Probation warns of a risk to staff. Read the reason before you see him."
NO_CONTACT = "There are people he must not contact. Read the reason before you book or see him."
EXCLUSIONS = "There are places he must keep away from. Read the reason before you book or see him."


def keep(case: Case, asked: Asked, *, by: int) -> None:
    """Flag what she stated; the same warning again makes no second flag."""
    must_be_writing()
    wanted = (
        (FlagKind.STAFF_SAFETY, STAFF_SAFETY, asked.staff_safety_reason, asked.staff_safety),
        (FlagKind.MUST_NOT_MEET, NO_CONTACT, asked.no_contact, bool(asked.no_contact)),
        (FlagKind.MUST_NOT_MEET, EXCLUSIONS, asked.exclusions, bool(asked.exclusions)),
    )
    days = int(policy.values(FLAG_REVIEW_DAYS)["flag_review_days"])
    for kind, fact, reason, stated in wanted:
        if stated and not _held(case.person_id, kind, fact, reason):
            flag = Flag(
                person_id=case.person_id,
                kind=kind,
                fact=fact,
                reason=reason or None,
                owner_staff_id=case.assessor_id or by,
                review_on=clock.today() + timedelta(days=days),
                made_by=by,
            )
            db.session.add(flag)
            db.session.flush()
            audit.record("people.flag_added", by=by, case_id=case.id, flag=flag.id, kind=kind.value)


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
