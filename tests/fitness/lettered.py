"""A plan for later and letters of a case of the matrix: a draft, what was signed, two copies."""

from datetime import date
from typing import Any

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.compliance.contact_rules import Way
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.discharge.letter_content import Letter, content_hash, to_json
from mhtr.discharge.letter_kinds import LetterKind
from mhtr.discharge.models import CaseLetter, LaterPlan, LetterCopy, LetterVersion
from mhtr.discharge.rules import Sent, Stance, To

ON = date(2026, 11, 12)


def lettered(case_id: int, by: int) -> dict[str, Any]:
    """Hang a row of each table on a case; references of what has a page of its own."""
    plan = LaterPlan(
        case_id=case_id,
        number=1,
        words={"signs": "his signs"},
        stance=Stance.DISSENTS,
        dissent="what he sees otherwise",
        way=Way.IN_PERSON,
        by_id=by,
    )
    row = CaseLetter(
        case_id=case_id,
        kind=LetterKind.RISK,
        drafted_at=clock.now(),
        drafted_by=by,
        parts={"worry": "what worries"},
        named=None,
        why_again="why it is issued anew",
    )
    db.session.add_all([plan, row])
    db.session.flush()
    version = _version(row.id, by)
    db.session.add(version)
    db.session.flush()
    approver = _approver(by)  # the words of each planted column need one
    his = LetterCopy(
        version_id=version.id,
        whom=To.HIM,
        sent=Sent.HANDED,
        on=ON,
        exception_why="planted",
        approver_id=approver,
        by_id=by,
    )
    gps = LetterCopy(
        version_id=version.id,
        whom=To.GP,
        sent=Sent.POST,
        on=ON,
        gp_name="a practice",
        exception_why="why his GP is told",
        approver_id=approver,
        by_id=by,
    )
    db.session.add_all([his, gps])
    db.session.flush()
    return {
        "plan_ref": plan.ref,
        "letter_ref": row.ref,
        "signed_ref": version.ref,
        "copy_ref": his.ref,
    }


def _approver(by: int) -> int:
    return db.session.scalars(select(Staff.id).where(Staff.id != by)).first() or by


def _version(letter_id: int, by: int) -> LetterVersion:
    letter = Letter(
        kind=LetterKind.RISK,
        reference="0000",
        number=1,
        service="The service",
        written_on=ON,
        person_name="Somebody",
        person_born_on=None,
        nhs_number="",
        facts=(("Treatment", "CBT"),),
        parts=(("What we are worried about", "It is worse."),),
        plan=(),
        services=(),
        author="Who treats",
        author_title="",
        registration="",
    )
    return LetterVersion(
        letter_id=letter_id,
        number=1,
        content=to_json(letter),
        content_hash=content_hash(letter),
        pdf=b"%PDF-1.7",
        signed_by=by,
    )
