"""Recording that a copy of a letter was given or sent: the only writer of it.

His agreement and his GP are read under the lock: what he took back a moment ago counts.
"""

from datetime import date

from mhtr.accounts.leads import lead_ids
from mhtr.accounts.models import Staff
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import CannotBe, Refused
from mhtr.core.transaction import must_be_writing
from mhtr.discharge import follow, queries
from mhtr.discharge.letter_kinds import shape_of
from mhtr.discharge.models import CaseLetter, LetterCopy, LetterVersion
from mhtr.discharge.rules import (
    NOT_SAFE,
    WAYS,
    Agreed,
    Copy,
    Gp,
    Sent,
    To,
    exception_objections,
    gp_objections,
)
from mhtr.people.kinds import Permission
from mhtr.suitability.result_owner import trust_of
from mhtr.tasks import service as tasks

SUPERSEDED = "Another version took its place: give or send that one."
NO_WAY = "Select how it was given or sent"
NOT_THEN = "It was signed after that day"
FUTURE = "The day must not be in the future"
BACK_ALREADY = "It is taken back already."
APPROVED = "It is on record that you approved a letter about risk to a GP without his agreement."
PAGE = "discharge.letters"


def approvers_of(case: Case, by: int) -> tuple[int, ...]:
    """The clinical leads of the trust who may approve an exception: everybody but himself."""
    return tuple(one for one in lead_ids(trust_of(case).id) if one != by)


def stands_against(case: Case, letter: CaseLetter, to: To) -> tuple[str, ...]:
    """Why nobody can have a copy now, whoever sends it; empty where one can be recorded."""
    if to is To.HIM:
        return ()
    gp = queries.gp_of(case)
    return gp_objections(gp, exception=shape_of(letter.kind).exception)


def record(*, version_id: int, said: Copy, on: date | None, by: int) -> LetterCopy:
    """Record that a copy was given or sent, or that he did not want one.

    Raises:
        CannotBe: the way, the day, or the reason for an exception cannot be.
        Refused: another version took its place; or his GP may not have it: he does not agree,
            has taken that back, or no practice is on record.
    """
    must_be_writing()
    version = db.session.get_one(LetterVersion, version_id)
    letter = db.session.get_one(CaseLetter, version.letter_id)
    case = cases.lock(letter.case_id)
    if queries.versions_of_letter(letter)[-1].id != version.id:
        raise Refused(SUPERSEDED)
    gp = queries.gp_of(case)
    if against := stands_against(case, letter, said.to):
        raise Refused(*against)
    if wrong := _cannot_be(case, letter, version, said, gp, on, by):
        raise CannotBe(*wrong)
    made = _keep(case, version, said, gp, on or clock.today(), by)
    if made.approver_id is not None:
        _tell_approver(case, made)
    audit.record(
        "discharge.copy_recorded",
        by=by,
        case_id=case.id,
        signed=version.id,
        copy=made.id,
        to=said.to.value,
        exception=made.exception_why is not None,
    )
    follow.follow(case, by=by)
    return made


def take_back(*, copy_id: int, by: int) -> None:
    """Take back what was recorded of a copy by mistake. It stays on record as taken back.

    Raises:
        Refused: it is taken back already.
    """
    must_be_writing()
    row = db.session.get_one(LetterCopy, copy_id)
    version = db.session.get_one(LetterVersion, row.version_id)
    case = cases.lock(db.session.get_one(CaseLetter, version.letter_id).case_id)
    db.session.refresh(row)
    if row.taken_back_at is not None:
        raise Refused(BACK_ALREADY)
    row.taken_back_at, row.taken_back_by = clock.now(), by
    db.session.flush()
    audit.record("discharge.copy_taken_back", by=by, case_id=case.id, copy=row.id)
    follow.follow(case, by=by)


def _cannot_be(
    case: Case,
    letter: CaseLetter,
    version: LetterVersion,
    said: Copy,
    gp: Gp,
    on: date | None,
    by: int,
) -> list[tuple[str, str]]:
    wrong = []
    if said.sent not in WAYS[said.to]:
        wrong.append(("sent", NO_WAY))
    if _not_safe(case, said):
        wrong.append(("sent", NOT_SAFE))
    if on is not None and on > clock.today():
        wrong.append(("on", FUTURE))
    if on is not None and on < version.created_at.astimezone(clock.LONDON).date():
        wrong.append(("on", NOT_THEN))
    exception = shape_of(letter.kind).exception
    approvers = approvers_of(case, by)
    return [*wrong, *exception_objections(said, gp, allowed=exception, approvers=approvers)]


def _not_safe(case: Case, said: Copy) -> bool:
    letter = said.to is To.HIM and said.sent is Sent.POST
    return letter and case.person.safe_to_write is Permission.NO


def _keep(case: Case, version: LetterVersion, said: Copy, gp: Gp, on: date, by: int) -> LetterCopy:
    if said.sent is None:
        raise ValueError("it was checked before")
    gps = said.to is To.GP
    exception = gps and gp.agreed is not Agreed.YES
    made = LetterCopy(
        version_id=version.id,
        whom=said.to,
        sent=said.sent,
        on=on,
        gp_name=gp.name if gps else "",
        consent_id=queries.consent_id_of(case) if gps else None,
        exception_why=said.exception_why.strip() if exception else None,
        approver_id=said.approver_id if exception else None,
        by_id=by,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _tell_approver(case: Case, made: LetterCopy) -> None:
    approver = db.session.get_one(Staff, made.approver_id)
    tasks.tell(
        approver.principal_id,
        key=f"letter_approved:{made.id}",
        text=APPROVED,
        case_id=case.id,
        endpoint=PAGE,
        subject_ref=case.ref,
    )
