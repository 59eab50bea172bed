"""Taking a referral: the man, his case, who may see it, and who must act on it."""

from datetime import date, datetime

from mhtr.cases import flag_men, hearings, link_news, shared_access
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.core import access, audit, clock
from mhtr.core.access import Purpose
from mhtr.core.database import db
from mhtr.core.policy import values
from mhtr.core.transaction import must_be_writing, remember
from mhtr.intake import (
    another_case,
    chasing,
    known_reference,
    policy,
    queries,
    record_learns,
    referred_again,
    signs,
    urgency,
)
from mhtr.intake.models import Referral
from mhtr.intake.referral import ReferralSubmission
from mhtr.intake.referral_answers import to_answers
from mhtr.intake.routing import Route
from mhtr.intake.rules import ReferralSource
from mhtr.intake.whose_record import Answers, find_or_make
from mhtr.people.models import Person
from mhtr.tasks import service as tasks
from mhtr.tasks.models import TaskKind

SOURCES = {
    "ld": ReferralSource.LIAISON_AND_DIVERSION,
    "court-probation": ReferralSource.COURT_PROBATION,
    "probation": ReferralSource.PROBATION_PRACTITIONER,
    "judiciary": ReferralSource.JUDICIARY,
    "defence": ReferralSource.DEFENCE,
    "self": ReferralSource.SELF,
}
"""Codes of the list of sources, as the rules name them."""


def submit_referral(
    *,
    submission: ReferralSubmission,
    channel: str,
    referrer_id: int | None,
    organisation_id: int,
    by: int | None,
    same_man: Answers | None = None,
    safety_at: datetime | None = None,
) -> Case:
    """Open a case from a referral; the same one, by its reference, leads to its first case.

    Args:
        channel: form, csv or api.
        referrer_id: the member of staff who referred; None for an outside system.
        same_man: what the referrer said of possible earlier records; a possible record he was
            not asked about raises a question for somebody else.
        safety_at: when "Is he safe now?" was answered; None where nobody said.

    Raises:
        ReferenceTaken: the external reference stands for a referral that says something else.
        Refused: there is no treating trust to receive it.
    """
    must_be_writing()
    earlier = known_reference.earlier(organisation_id, submission)
    if earlier is not None:
        return earlier
    day = submission.hearing_on or clock.today()
    route = queries.find_route(submission.court, submission.place, day)
    found = find_or_make(submission, same_man or {}, trust_id=route.trust_id, by=by)
    case = _case(found.person, submission, by)
    referral = _referral(case.id, submission, channel, referrer_id, organisation_id, route)
    referral.safety_at = safety_at
    _begin(case, referral, route, by)
    learn = record_learns.from_another if found.was_here else record_learns.from_first
    learn(case, referral, submission, by=by)
    for person_id in found.claimed:
        link_news.claimed(case.id, route.trust_id, person_id)
    referred_again.tell_who_has_him(case, signs.signs_in(referral.answers), by=by)
    return case


def _begin(case: Case, referral: Referral, route: Route, by: int | None) -> None:
    """What opens with a referral: who sees the case, and who must act on it."""
    because = route.because.value
    audit.record(
        "intake.referred", by=by, case_id=case.id, channel=referral.channel, routed=because
    )
    _grants(case.id, referral, route, by)
    flag_men.look(case.person_id, by=by)
    open_triage(case, route.trust_id, by=by)
    another_case.opened(case, by=by)
    if case.urgent:
        look = signs.for_a_clinician(signs.signs_in(referral.answers))
        urgency.hurry(case, look=look, by=by)
    chasing.chase(case.id, by=by)


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
    remember(case_id, Referral, referral)
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


def _moment(day: date) -> datetime:
    """When something of a day happened: now if it was today, else at an hour nobody recorded."""
    return clock.now() if day == clock.today() else clock.some_time_on(day)


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
    restricted = db.session.get_one(Case, case_id).restricted
    if restricted and not shared_access.named_in(case_id, route.trust_id):
        shared_access.let_leads_in(case_id, route.trust_id, by=by)
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
