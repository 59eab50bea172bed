"""The man a PSR author asks about by name: his case where there is one, otherwise a referral.

A CRN alone is not enough: one mistyped would open another man's case to her. Name or birth date
that do not agree leave it to a new referral, where duplicate detection puts the question to the
service.
"""

import unicodedata

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.cases.standing import BEFORE_SENTENCE
from mhtr.core import access, audit
from mhtr.core.access import Purpose
from mhtr.core.database import db
from mhtr.intake import queries
from mhtr.intake.eligibility import Willingness
from mhtr.intake.models import CourtCoverage
from mhtr.intake.referral import ReferralSubmission
from mhtr.intake.referral_values import Answer, HearingPurpose, PsrKind, Safety
from mhtr.intake.service import submit_referral
from mhtr.people import service as people
from mhtr.people.identifiers import NhsNumberRange
from mhtr.people.models import Identifier, IdentifierKind, Person
from mhtr.people.rules import Accepts
from mhtr.suitability import news
from mhtr.suitability.asked import PLEA_STAGES, Asked, Man
from mhtr.suitability.concerned import assessing
from mhtr.suitability.deadlines import PsrType
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind

PSR_KINDS = {
    PsrType.ORAL: PsrKind.ORAL,
    PsrType.SHORT: PsrKind.SHORT,
    PsrType.STANDARD: PsrKind.STANDARD,
}


def find_case_of(man: Man, *, by: int) -> int | None:
    """The newest case before sentence of exactly this man, or None.

    Exactly: the same CRN with the same name or alias and no other birth date on record; or,
    where no CRN is on record, the same name and birth date at a court her team writes for.
    """
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
    courts = _courts(by)
    for case in rows.unique():
        person = case.person
        crn = next((i.value for i in person.identifiers if i.kind is IdentifierKind.CRN), "")
        if not _same_name(person, man) or person.born not in (None, man.born):
            continue
        if crn == man.crn or (not crn and case.court_code in courts):
            return case.id
    return None


def _courts(by: int) -> frozenset[str]:
    """Courts for which her teams write."""
    staff = db.session.get_one(Staff, by)
    teams = [membership.team_id for membership in staff.memberships]
    return frozenset(
        db.session.scalars(
            select(CourtCoverage.court_code).where(CourtCoverage.court_team_id.in_(teams))
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


def refer(man: Man, asked: Asked, *, safe: bool, by: int) -> int:
    """Refer him through intake, source court probation, and return the case's id."""
    author = db.session.get_one(Staff, by)
    submission = ReferralSubmission(
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
    case = submit_referral(
        submission=submission,
        channel="form",
        referrer_id=author.id,
        organisation_id=author.organisation_id,
        by=by,
    )
    # What a referrer sees would tell her that he was not known before.
    access.end_grants(case.id, Purpose.PROBATION_REFERRAL, because="suitability.requested", by=by)
    return case.id


def note_crn(case_id: int, man: Man, *, by: int) -> None:
    """Put the CRN she gave on a record that has none, unless another man's record holds it."""
    person = db.session.get_one(Case, case_id).person
    held = db.session.scalars(
        select(Identifier.id).where(
            (Identifier.kind == IdentifierKind.CRN)
            & ((Identifier.person_id == person.id) | (Identifier.value == man.crn))
        )
    ).first()
    if held is None:
        people.update_person(
            person_id=person.id,
            changes={"crn": man.crn},
            settings=Accepts(nhs_numbers=NhsNumberRange.ANY, fictional=False),
            by=by,
            reason="Given by probation with a request for a report",
        )


def make_urgent(case: Case, *, by: int) -> None:
    """She does not know whether he is safe now: as where a new referral says so."""
    if case.urgent:
        return
    case.urgent = True
    for task in tasks.open_tasks(case.id, TaskKind.TRIAGE):
        tasks.move(task, due_at=min(task.due_at, queries.due_in(0)), by=by)
    news.tell(
        assessing(case).principal_id,
        case,
        f"urgent:{case.id}:{case.version}",
        "Probation does not know whether a man is safe now. His case is marked urgent.",
    )
    audit.record("suitability.marked_urgent", by=by, case_id=case.id)
