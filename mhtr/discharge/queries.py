"""What is on record of his plan for later, of letters and of who had a copy."""

import hashlib
import uuid
from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import defer

from mhtr.cases.consent_queries import standing_of
from mhtr.cases.models import Case
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from mhtr.discharge.letter_content import Letter, content_hash, from_json
from mhtr.discharge.models import CaseLetter, LaterPlan, LetterCopy, LetterVersion
from mhtr.discharge.rules import PLAN_HEADINGS, Agreed, Gp, Plan
from mhtr.people.kinds import GpStatus
from mhtr.people.models import ConsentDecision, ConsentItem

_PLANS = select(LaterPlan).where(LaterPlan.case_id == bindparam("case")).order_by(LaterPlan.number)
_LETTERS = select(CaseLetter).where(CaseLetter.case_id == bindparam("case")).order_by(CaseLetter.id)
_VERSIONS = (
    select(LetterVersion)
    .join(CaseLetter, CaseLetter.id == LetterVersion.letter_id)
    .where(CaseLetter.case_id == bindparam("case"))
    .order_by(LetterVersion.letter_id, LetterVersion.number)
    .options(defer(LetterVersion.pdf))
)
_COPIES = (
    select(LetterCopy)
    .join(LetterVersion, LetterVersion.id == LetterCopy.version_id)
    .join(CaseLetter, CaseLetter.id == LetterVersion.letter_id)
    .where(CaseLetter.case_id == bindparam("case"))
    .order_by(LetterCopy.id)
)
_SAID = {
    ConsentDecision.GIVEN: Agreed.YES,
    ConsentDecision.REFUSED: Agreed.NO,
    ConsentDecision.WITHDRAWN: Agreed.TAKEN_BACK,
}


def plans_of(case_id: int) -> Sequence[LaterPlan]:
    """Every version of his plan for later, the first one first."""
    return db.session.scalars(_PLANS, {"case": case_id}).all()


def find_plan(case_id: int, ref: uuid.UUID) -> LaterPlan:
    """A version of his plan. Raises NotFound where there is none."""
    found = next((one for one in plans_of(case_id) if one.ref == ref), None)
    if found is None:
        raise NotFound
    return found


def plan_now(case_id: int) -> LaterPlan | None:
    """His plan as it stands."""
    rows = plans_of(case_id)
    return rows[-1] if rows else None


def said_of(row: LaterPlan) -> Plan:
    """What a version of his plan says."""
    words = {name: str(row.words.get(name, "")) for name in PLAN_HEADINGS}
    return Plan(**words, stance=row.stance, dissent=row.dissent or "")


def letters_of(case_id: int) -> Sequence[CaseLetter]:
    """Every letter, also those of which nothing was signed; the first one first."""
    return db.session.scalars(_LETTERS, {"case": case_id}).all()


def find_letter(case_id: int, ref: uuid.UUID) -> CaseLetter:
    """A letter. Raises NotFound where there is none."""
    found = next((one for one in letters_of(case_id) if one.ref == ref), None)
    if found is None:
        raise NotFound
    return found


def versions_of(case_id: int) -> Sequence[LetterVersion]:
    """Every version that was signed, by letter and number, without the files."""
    return db.session.scalars(_VERSIONS, {"case": case_id}).all()


def versions_of_letter(row: CaseLetter) -> list[LetterVersion]:
    """The versions of one letter that were signed, the first one first."""
    return [one for one in versions_of(row.case_id) if one.letter_id == row.id]


def find_version(case_id: int, ref: uuid.UUID) -> LetterVersion:
    """A version that was signed. Raises NotFound where there is none."""
    found = next((one for one in versions_of(case_id) if one.ref == ref), None)
    if found is None:
        raise NotFound
    return found


def verified(row: LetterVersion) -> Letter | None:
    """What a version says, or None where it is not what was signed."""
    try:
        letter = from_json(row.content)
    except (ValueError, KeyError, TypeError):
        return None
    return letter if content_hash(letter) == row.content_hash else None


def is_file_intact(row: LetterVersion) -> bool:
    """Whether the stored PDF is the one that was signed."""
    return hashlib.sha256(row.pdf).hexdigest() == row.pdf_hash


def copies_of(case_id: int) -> Sequence[LetterCopy]:
    """Every copy that was recorded, what was taken back among it."""
    return db.session.scalars(_COPIES, {"case": case_id}).all()


def find_copy(case_id: int, ref: uuid.UUID) -> LetterCopy:
    """A copy that was recorded and not taken back. Raises NotFound where there is none."""
    found = next((one for one in copies_of(case_id) if one.ref == ref), None)
    if found is None or found.taken_back_at is not None:
        raise NotFound
    return found


def gp_of(case: Case) -> Gp:
    """His GP as he is on record now, and what he said to that GP being told."""
    event = standing_of(case).get(ConsentItem.GP)
    person = case.person
    return Gp(
        _SAID[event.decision] if event is not None else Agreed.NOT_ASKED,
        person.gp_status is GpStatus.REGISTERED,
        person.gp_name,
    )


def consent_id_of(case: Case) -> int | None:
    """The decision of his that lets his GP be told now; None where none does."""
    event = standing_of(case).get(ConsentItem.GP)
    return event.id if event is not None and event.decision is ConsentDecision.GIVEN else None
