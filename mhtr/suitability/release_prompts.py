"""What must not stand in a report of this case, and where a wording looks as if it did.

The same prompts for the author before the countersignature is asked for, for the clinical lead
before signing, and before the release: found late, the report has to be signed and heard again.
"""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import aliased

from mhtr.accounts.models import Organisation, OrganisationKind
from mhtr.cases.models import Case
from mhtr.core.database import db
from mhtr.intake.queries import referral_of
from mhtr.people.models import Flag, FlagKind, Person
from mhtr.suitability.assessment_queries import read_assessment
from mhtr.suitability.assessment_steps import SPECS
from mhtr.suitability.models import Assessment, ReportRequest
from mhtr.suitability.release_checks import Forbidden, ReleaseWarning, find_forbidden, names_in
from mhtr.suitability.report_content import ReportContent
from mhtr.suitability.request_warnings import NOT_CONTACTED
from mhtr.suitability.sections import QuestionKind

_SHORT = 12


def prompts(
    case: Case, assessment: Assessment, content: ReportContent
) -> tuple[ReleaseWarning, ...]:
    """Everything in the wording that looks as if it should not be in it."""
    found = find_forbidden(content, _forbidden(case, assessment))
    return (*found, *_another_trust(case, content))


def _another_trust(case: Case, content: ReportContent) -> Iterable[ReleaseWarning]:
    """The institution proposed is a trust that does not have the case, for example any more."""
    referral, named = referral_of(case.id), (content.institution or "").casefold()
    if referral is None or not named:
        return
    trusts = select(Organisation.id, Organisation.name).where(
        Organisation.kind == OrganisationKind.TREATING_TRUST
    )
    names = {trust_id: name for trust_id, name in db.session.execute(trusts)}
    ours = names.get(referral.trust_id, "")
    others = [name for name in names.values() if name != ours and name.casefold() in named]
    if others and ours.casefold() not in named:
        yield ReleaseWarning("institution", f"It names {others[0]}, and {ours} has the case now.")


def _forbidden(case: Case, assessment: Assessment) -> Forbidden:
    return forbidden_of(case, _clinical(assessment))


def forbidden_of(case: Case, clinical: Iterable[str]) -> Forbidden:
    """What must not stand in a document about a man that leaves the service.

    Args:
        clinical: texts for clinicians, of which nothing is to be repeated.
    """
    person = case.person
    return Forbidden(
        names=_others(case),
        addresses=tuple(a for a in (person.address, person.postcode) if a),
        phones=(person.phone,) if person.phone else (),
        passages=(*clinical, *_referral(case.id)),
    )


def _others(case: Case) -> tuple[str, ...]:
    """Others the record names: linked, typed, or in what is said of whom he must not contact."""
    other = aliased(Person)
    flags = db.session.execute(
        select(Flag, other)
        .outerjoin(other, other.id == Flag.other_person_id)
        .where(Flag.person_id == case.person_id, Flag.kind == FlagKind.MUST_NOT_MEET)
        .order_by(Flag.id)
    )
    found: list[str] = []
    for flag, linked in flags:
        if linked is not None:
            found.append(linked.name)
        if flag.other_name and flag.other_name != NOT_CONTACTED:
            found.append(flag.other_name)
        found += names_in(flag.reason or "")
    asked = select(ReportRequest.details).where(ReportRequest.case_id == case.id)
    for details in db.session.scalars(asked.order_by(ReportRequest.id)):
        found += names_in(details.get("no_contact", ""))
    return tuple(dict.fromkeys(found))


def _referral(case_id: int) -> Iterable[str]:
    """What the referrer wrote for clinicians."""
    referral = referral_of(case_id)
    notes = "" if referral is None else str(referral.answers.get("notes", ""))
    if len(notes.strip()) >= _SHORT:
        yield notes


def _clinical(assessment: Assessment) -> Iterable[str]:
    answers = read_assessment(assessment.id)
    for section, given in answers.answers.items():
        for question in SPECS[section].questions:
            text = given.get(question.key)
            clinical = question.kind is QuestionKind.TEXT and not question.released
            if clinical and isinstance(text, str) and len(text.strip()) >= _SHORT:
                yield text
