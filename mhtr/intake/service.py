"""Taking a referral: the man, his case, who may see it, and who must act on it."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime, time

from sqlalchemy import select

from mhtr.accounts.models import Organisation
from mhtr.cases import hearings
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.core import access, audit, clock
from mhtr.core.access import Purpose
from mhtr.core.database import db
from mhtr.core.policy import values
from mhtr.core.transaction import must_be_writing
from mhtr.intake import chasing, policy, queries
from mhtr.intake.identity import SameMan, Step, identity_step, said
from mhtr.intake.models import Referral
from mhtr.intake.referral import ReferralSubmission
from mhtr.intake.referral_answers import to_answers
from mhtr.intake.referral_values import Answer, HowAgreed
from mhtr.intake.routing import Route
from mhtr.intake.rules import ReferralSource
from mhtr.people import queries as people_queries
from mhtr.people import service as people
from mhtr.people.contact_rules import is_fictional_phone
from mhtr.people.identifiers import NhsNumberRange
from mhtr.people.matching import PersonSketch
from mhtr.people.models import IdentifierKind, Person
from mhtr.people.rules import Accepts
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind

Answers = Mapping[uuid.UUID, SameMan]
"""By the reference of a person already on record: whether he is the same man."""

SOURCES = {
    "ld": ReferralSource.LIAISON_AND_DIVERSION,
    "court-probation": ReferralSource.COURT_PROBATION,
    "probation": ReferralSource.PROBATION_PRACTITIONER,
    "judiciary": ReferralSource.JUDICIARY,
    "defence": ReferralSource.DEFENCE,
    "self": ReferralSource.SELF,
}
"""Codes of the list of sources, as the rules name them."""

_KNOWN_HOW: dict[HowAgreed | None, str] = {
    HowAgreed.TELEPHONE: "telephone",
    HowAgreed.WRITING: "writing",
}
"""How a safe way of reaching him became known, by how he was asked to agree."""


def _known_how(submission: ReferralSubmission) -> str:
    """How it is known that he may be reached so; empty where no way of reaching him was given."""
    if not submission.phone and submission.safe_to_text is Answer.UNKNOWN:
        return ""
    return _KNOWN_HOW.get(submission.agreed_how, "in_person")


def sketch(submission: ReferralSubmission) -> PersonSketch:
    """What duplicate detection compares."""
    return PersonSketch(
        names=submission.names,
        date_of_birth=submission.born,
        identifiers=submission.identifiers,
    )


def submit_referral(
    *,
    submission: ReferralSubmission,
    channel: str,
    referrer_id: int | None,
    organisation_id: int,
    by: int | None,
    same_man: Answers | None = None,
) -> Case:
    """Open a case from a referral, once for each external reference of an organisation.

    Args:
        submission: what was said, read by `read_referral`.
        channel: form, csv or api.
        referrer_id: the member of staff who referred; None for an outside system.
        organisation_id: the organisation that referred.
        same_man: what the referrer said of possible earlier records; a possible record he was
            not asked about raises a question for somebody else.

    Raises:
        Refused: there is no treating trust to receive it.
    """
    must_be_writing()
    earlier = _earlier(organisation_id, submission.external_reference)
    if earlier is not None:
        return earlier
    route = queries.find_route(
        submission.court, submission.place, submission.hearing_on or clock.today()
    )
    owner = queries.organisation_principal(route.trust_id)
    case = _case(_person(submission, same_man or {}, owner, by), submission, by)
    referral = _referral(case.id, submission, channel, referrer_id, organisation_id, route)
    audit.record(
        "intake.referred", by=by, case_id=case.id, channel=channel, routed=route.because.value
    )
    _grants(case.id, referral, route, by)
    open_triage(case, route.trust_id, by=by)
    chasing.chase(case.id, by=by)
    return case


def _referral(
    case_id: int,
    submission: ReferralSubmission,
    channel: str,
    referrer_id: int | None,
    organisation_id: int,
    route: Route,
) -> Referral:
    referral = Referral(
        case_id=case_id,
        referrer_id=referrer_id,
        organisation_id=organisation_id,
        source=submission.source,
        place_code=submission.place,
        external_reference=submission.external_reference or None,
        channel=channel,
        referred_at=clock.now(),
        safety=submission.safety,
        safety_handover=submission.told_whom or None,
        answers=to_answers(submission),
        trust_id=route.trust_id,
        routed_because=route.because.value,
    )
    db.session.add(referral)
    db.session.flush()
    return referral


def open_triage(case: Case, trust_id: int, *, by: int | None, again: str = "") -> None:
    """Open the trust's task to triage a case. `again` names a second round, after a reopening."""
    days = 0 if case.urgent else int(values(policy.TRIAGE_DAYS)["triage_days"])
    tasks.open_task(
        TaskKind.TRIAGE,
        key=f"triage:{case.id}{again}",
        title="Urgent: triage a new referral" if case.urgent else "Triage a new referral",
        owner_principal_id=queries.organisation_principal(trust_id),
        due_at=queries.due_in(days),
        by=by,
        case_id=case.id,
        endpoint="intake.triage_case",
        subject_ref=case.ref,
    )


def _earlier(organisation_id: int, external_reference: str) -> Case | None:
    # One referral at a time for an organisation: the same one sent twice meets the first here.
    db.session.scalars(
        select(Organisation.id).where(Organisation.id == organisation_id).with_for_update()
    ).one()
    if not external_reference:
        return None
    return db.session.scalars(
        select(Case)
        .join(Referral, Referral.case_id == Case.id)
        .where(
            Referral.organisation_id == organisation_id,
            Referral.external_reference == external_reference,
        )
    ).one_or_none()


def _person(submission: ReferralSubmission, answers: Answers, owner: int, by: int | None) -> Person:
    found = people_queries.candidates(sketch(submission))
    steps = [(c, identity_step(c.match.verdict, answers.get(c.person_ref))) for c in found]
    known = next((c for c, step in steps if step is Step.USE_RECORD), None)
    if known is not None:
        return db.session.get_one(Person, known.person_id)
    person = people.create_person(
        given_name=submission.given_name,
        family_name=submission.family_name,
        born=submission.born,
        identifiers={IdentifierKind(k): v for k, v in submission.identifiers.items()},
        aliases=[submission.also_known_as] if submission.also_known_as else [],
        settings=_as_read(submission),
        by=by,
        phone=submission.phone,
        safe_to_text=submission.safe_to_text.value,
        language=submission.language,
        interpreter=submission.interpreter.value,
        contact_known_how=_known_how(submission),
    )
    for candidate, step in steps:
        if step is Step.ASK:
            people.raise_identity_question(
                person_id=person.id,
                other_id=candidate.person_id,
                verdict=candidate.match.verdict.value,
                reasons=[*candidate.match.reasons, said(answers.get(candidate.person_ref))],
                by=by,
                owner_principal_id=owner,
            )
    return person


def _as_read(submission: ReferralSubmission) -> Accepts:
    """What `read_referral` accepted is accepted here: it knew the installation's settings."""
    return Accepts(
        nhs_numbers=NhsNumberRange.ANY,
        fictional=bool(submission.phone) and is_fictional_phone(submission.phone),
    )


def _moment(day: date) -> datetime:
    """When something of a day happened: now if it was today, else noon of that day."""
    if day == clock.today():
        return clock.now()
    return clock.from_london(datetime.combine(day, time(12)))


def _case(person: Person, submission: ReferralSubmission, by: int | None) -> Case:
    case = cases.open_case(
        person_id=person.id,
        by=by,
        at=clock.now(),
        stage=submission.stage,
        urgent=submission.urgent,
    )
    _first_facts(case, submission, by)
    return case


def _first_facts(case: Case, submission: ReferralSubmission, by: int | None) -> None:
    if submission.screened_on is not None:
        cases.add_fact(case, FactKind.SCREENED, by=by, at=_moment(submission.screened_on))
    if submission.court or submission.hearing_on:
        hearings.record_hearing(
            case,
            court_code=submission.court,
            on=submission.hearing_on,
            by=by,
            purpose=submission.hearing_purpose or "",
            psr_kind=submission.psr_kind or "",
        )


def _grants(case_id: int, referral: Referral, route: Route, by: int | None) -> None:
    trust = queries.organisation_principal(route.trust_id)
    for purpose in (Purpose.CLINICAL, Purpose.ADMINISTRATION):
        access.grant(case_id, purpose, trust, because="intake.referred", by=by)
    let_referrer_see(case_id, referral, by)


def let_referrer_see(case_id: int, referral: Referral, by: int | None) -> None:
    """Whoever referred sees what became of it, where his source is told; the others a receipt."""
    source = SOURCES[referral.source]
    if not source.sees_outcome:
        return
    purpose = (
        Purpose.REFERRAL
        if source is ReferralSource.LIAISON_AND_DIVERSION
        else Purpose.PROBATION_REFERRAL
    )
    principals = [queries.organisation_principal(referral.organisation_id)]
    if referral.referrer_id is not None:
        principals.append(queries.staff_principal(referral.referrer_id))
    for principal_id in principals:
        access.grant(case_id, purpose, principal_id, because="intake.referred", by=by)
