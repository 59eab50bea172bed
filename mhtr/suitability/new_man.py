"""The man a PSR author asks about by name: his case where there is one, otherwise a referral.

A CRN alone is not enough: one mistyped would open another man's case to her. Name or birth date
that do not agree leave it to a new referral, where duplicate detection puts the question to the
service.
"""

import unicodedata
import uuid
from collections.abc import Iterable

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.cases.standing import BEFORE_SENTENCE
from mhtr.core import access, audit, clock
from mhtr.core.access import Purpose
from mhtr.core.database import db
from mhtr.intake import urgency
from mhtr.intake.eligibility import Willingness
from mhtr.intake.identity import SameMan
from mhtr.intake.models import CourtCoverage
from mhtr.intake.referral import ReferralSubmission
from mhtr.intake.referral_values import Answer, HearingPurpose, PsrKind, Safety
from mhtr.intake.service import submit_referral
from mhtr.people.models import Identifier, IdentifierKind, Person
from mhtr.people.names import PersonName, is_placeholder
from mhtr.people.queries import crn_of
from mhtr.suitability import news
from mhtr.suitability.asked import PLEA_STAGES, Asked, Man
from mhtr.suitability.concerned import assessing
from mhtr.suitability.deadlines import PsrType
from mhtr.suitability.number_task import CRN, number_waiting, told_with

PSR_KINDS = {
    PsrType.ORAL: PsrKind.ORAL,
    PsrType.SHORT: PsrKind.SHORT,
    PsrType.STANDARD: PsrKind.STANDARD,
}


def cases_of(man: Man, asked: Asked, *, by: int) -> list[Case]:
    """The cases before sentence of exactly this man, newest first. `which_case` picks one.

    Exactly: the same CRN with the same name or alias and no other birth date on record; or, where
    his record has no CRN, the same name and birth date, the same court, one her team writes for,
    on the same day, and nobody else on record of that name and birth date or with that CRN; the
    number is then to be confirmed (`whose_number`). Two men who agree are never chosen between:
    the service is asked (`refer`).
    """
    courts, known, found = _courts(by), _is_known(man.crn), []
    for case in _cases_like(man):
        person = case.person
        crn = crn_of(person)
        if not _same_name(person, man) or person.born not in (None, man.born):
            continue
        if crn == man.crn:
            found.append(case)
            continue
        here = case.court_code in courts and _same_hearing(case, asked)
        if crn or known or not here or is_placeholder(PersonName(man.given_name, man.family_name)):
            continue
        if _only_one(man) and not _another_waits(case, man):
            found.append(case)
    return found


def _cases_like(man: Man) -> Iterable[Case]:
    """Cases before sentence with his CRN, or without one and with his birth date; newest first."""
    rows = db.session.scalars(
        select(Case)
        .join(Person, Person.id == Case.person_id)
        .outerjoin(
            Identifier,
            (Identifier.person_id == Person.id) & (Identifier.kind == IdentifierKind.CRN),
        )
        .where(
            Person.merged_into_id.is_(None),
            Case.state.in_(sorted(BEFORE_SENTENCE)),
            Case.restricted.is_(False),
            (Identifier.value == man.crn) | (Identifier.id.is_(None) & (Person.born == man.born)),
        )
        .order_by(Case.id.desc())
    )
    return rows.unique()


def _only_one(man: Man) -> bool:
    """Whether one record alone has his name and birth date, whatever became of its cases."""
    born_then = db.session.scalars(
        select(Person).where(Person.merged_into_id.is_(None), Person.born == man.born)
    )
    return sum(_same_name(person, man) for person in born_then.unique()) == 1


def _is_known(crn: str) -> bool:
    """Whether this CRN is on a record."""
    held = select(Identifier.id).where(
        Identifier.kind == IdentifierKind.CRN, Identifier.value == crn
    )
    return db.session.scalars(held).first() is not None


def _same_hearing(case: Case, asked: Asked) -> bool:
    """Whether the hearing she names is the one on record: the same court on the same day."""
    day = asked.hearing_on
    return day is not None and (case.court_code, case.hearing_on) == (asked.court_code, day)


def _another_waits(case: Case, man: Man) -> bool:
    """Whether another number waits to be confirmed for him."""
    waiting = number_waiting(case.id)
    return waiting is not None and told_with(waiting)[CRN] != man.crn


def _courts(by: int) -> frozenset[str]:
    """Courts for which her teams write, or will: what a team wrote for once opens nothing."""
    staff, today = db.session.get_one(Staff, by), clock.today()
    teams = [m.team_id for m in staff.memberships if m.team.closed_on is None]
    return frozenset(
        db.session.scalars(
            select(CourtCoverage.court_code).where(
                CourtCoverage.court_team_id.in_(teams),
                (CourtCoverage.live_to.is_(None)) | (CourtCoverage.live_to >= today),
            )
        )
    )


def _same_name(person: Person, man: Man) -> bool:
    wanted = (_plain(man.given_name), _plain(man.family_name))
    held = [(person.given_name, person.family_name)]
    held += [(alias.given_name, alias.family_name) for alias in person.aliases]
    return any((_plain(given), _plain(family)) == wanted for given, family in held)


def _plain(name: str) -> str:
    """A name without case, accents, hyphens and spacing."""
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    return "".join(char for char in decomposed if char.isalnum())


def refer(
    man: Man,
    asked: Asked,
    *,
    safe: bool,
    by: int,
    author_id: int | None = None,
    not_he: uuid.UUID | None = None,
    may_be: uuid.UUID | None = None,
) -> int:
    """Refer him through intake, source court probation, and return the case's id.

    Args:
        author_id: who asks for the report, where somebody else refers him for her.
        not_he: a record that is known to be another man's.
        may_be: a record of another trust that agrees with what she says of him.
    """
    author = db.session.get_one(Staff, author_id or by)
    known = [(not_he, SameMan.DIFFERENT), (may_be, SameMan.SAME)]
    case = submit_referral(
        submission=_submission(man, asked, safe=safe),
        channel="form",
        referrer_id=author.id,
        organisation_id=author.organisation_id,
        by=by,
        same_man={ref: answer for ref, answer in known if ref is not None},
    )
    # What a referrer sees would tell her that he was not known before.
    access.end_grants(case.id, Purpose.PROBATION_REFERRAL, because="suitability.requested", by=by)
    return case.id


def _submission(man: Man, asked: Asked, *, safe: bool) -> ReferralSubmission:
    return ReferralSubmission(
        safety=Safety.SAFE if safe else Safety.NOT_KNOWN,
        given_name=man.given_name,
        family_name=man.family_name,
        born=man.born,
        crn=man.crn,
        source="court-probation",
        place=asked.court_code,
        willing=Willingness.NOT_ASKED,
        stage=PLEA_STAGES[asked.plea],
        court=asked.court_code,
        hearing_on=asked.hearing_on,
        hearing_purpose=HearingPurpose.SENTENCE,
        psr_kind=PSR_KINDS.get(asked.psr_type),
        language=asked.language,
        interpreter=Answer.YES if asked.interpreter else Answer.NO,
    )


def make_urgent(case: Case, *, by: int) -> None:
    """She does not know whether he is safe now: as where a new referral says so."""
    was = case.urgent
    urgency.hurry(case, look=True, by=by)
    if was:
        return
    news.tell(
        assessing(case).principal_id,
        case,
        f"urgent:{case.id}:{case.version}",
        "Probation does not know whether a man is safe now. His case is marked urgent.",
    )
    audit.record("suitability.marked_urgent", by=by, case_id=case.id)
