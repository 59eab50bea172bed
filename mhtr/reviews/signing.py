"""The three say of a sheet that they sign it, or do not: each on its own, of exactly those words.

A change afterwards makes another sheet, which asks again. What was signed stays as it was.
"""

from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.compliance.contact_rules import Way
from mhtr.core import audit
from mhtr.core.access import CLINICAL_ROLES
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, Refused, Stale
from mhtr.core.transaction import must_be_writing
from mhtr.orders.cover_queries import concerned
from mhtr.reviews import building, due_service, queries
from mhtr.reviews.models import Review, ReviewSheet, ReviewSignature
from mhtr.reviews.point_service import HOW_HE_SAID, must_supervise
from mhtr.reviews.rules import Party, Signs
from mhtr.reviews.sheet import Sheet, content_hash, to_json

NOT_HELD = "It is not recorded as held, so there is nothing to sign."
OTHER_CLINICIAN = "{} held it, and signs for the service."
CLINICIANS_ONLY = "Only a clinician signs for the service, and records what he says."
OTHER_OFFICER = "His officer signs, or whoever covers for that officer."
SIGNS_HERE = "His officer signs in here, and signs there."
ALREADY = "This is recorded already."


def sign(
    *, review_id: int, party: Party, signs: Signs, way: Way | None, content: str, by: int
) -> ReviewSignature:
    """Record what one of the three says of the sheet.

    The therapist and an officer who signs in here say it themselves; what he says, and an officer
    who does not sign in, is recorded by a clinician with how it was said.

    Args:
        content: the hash of the sheet that was read.

    Raises:
        CannotBe: how it was said is missing.
        Refused: it was not held, it is not for `by` to say, or it is recorded already.
        Stale: the sheet says something else by now.
        NotFound: `by` supervises him no longer.
    """
    must_be_writing()
    row = db.session.get_one(Review, review_id)
    case = cases.lock(row.case_id)
    sheet = building.sheet_now(row)
    if sheet is None:
        raise Refused(NOT_HELD)
    himself = _must_be_for(case, row, party, by)
    if content_hash(sheet) != content:
        raise Stale(sheet)
    if not himself and way is None:
        raise CannotBe(("way", HOW_HE_SAID))
    on = keep_sheet(row, sheet)
    before = queries.sheets_of(row.id)[-1].said.get(party)
    if before is not None and before.row.signs is signs:
        raise Refused(ALREADY)
    made = ReviewSignature(
        sheet_id=on.id, party=party, signs=signs, way=None if himself else way, by_id=by
    )
    db.session.add(made)
    db.session.flush()
    audit.record("reviews.signed", by=by, case_id=case.id, review=row.id, party=party.value)
    due_service.follow(case, by=by)
    return made


def stands_against(case: Case, row: Review, party: Party, by: int) -> str:
    """Why somebody may not say it for this party; empty where he may."""
    if party is Party.THERAPIST:
        meeting = queries.last_meeting(row.id)
        held = db.session.get_one(Staff, meeting.clinician_id) if meeting is not None else None
        # Where that one left, another clinician signs, by name: else nobody ever could.
        if held is not None and held.id != by and held.disabled_at is None:
            return OTHER_CLINICIAN.format(held.name)
    named = {one.id for one in concerned(case.id)}
    return OTHER_OFFICER if party is Party.OFFICER and named and by not in named else ""


def records_for_officer(case: Case) -> bool:
    """Whether a clinician records what probation says: nobody of it signs in here."""
    return not concerned(case.id)


def _must_be_for(case: Case, row: Review, party: Party, by: int) -> bool:
    """Whether who records it is the one who says it.

    Raises:
        Refused: it is not for him to say or record.
    """
    who = {one.role for one in db.session.get_one(Staff, by).roles}
    if party is not Party.OFFICER and not who & CLINICAL_ROLES:
        raise Refused(CLINICIANS_ONLY)
    if party is Party.HIM:
        return False
    if party is Party.OFFICER and who & CLINICAL_ROLES:
        if not records_for_officer(case):
            raise Refused(SIGNS_HERE)
        return False
    if party is Party.OFFICER:
        must_supervise(case, by)
    if against := stands_against(case, row, party, by):
        raise Refused(against)
    return True


def keep_sheet(row: Review, sheet: Sheet) -> ReviewSheet:
    """The sheet on record with these words; made where the last one says something else."""
    found = queries.sheets_of(row.id)
    digest = content_hash(sheet)
    if found and found[-1].row.content_hash == digest:
        return found[-1].row
    made = ReviewSheet(
        review_id=row.id, number=len(found) + 1, content=to_json(sheet), content_hash=digest
    )
    db.session.add(made)
    db.session.flush()
    return made
