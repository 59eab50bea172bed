"""Putting a sent referral right: with a reason, and with what it said before."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from mhtr.accounts.models import Organisation, OrganisationKind, Staff
from mhtr.cases import service as cases
from mhtr.cases.facts import CaseState
from mhtr.cases.models import Case
from mhtr.core import access, audit, clock
from mhtr.core.access import Purpose
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused, Stale
from mhtr.intake import (
    correction,
    queries,
    questions,
    record_learns,
    referred_again,
    says_no,
    service,
    signs,
    urgency,
)
from mhtr.intake.models import Referral, ReferralAmendment
from mhtr.intake.referral import CodeLists, Problem, ReferralSubmission, read_referral
from mhtr.intake.referral_answers import to_answers
from mhtr.intake.referral_dates import DAYS
from mhtr.intake.referral_values import Safety
from mhtr.intake.steps import AMENDED, FormStep, problems_of
from mhtr.tasks import service as tasks

PROBATION = frozenset({OrganisationKind.COURT_TEAM, OrganisationKind.PROBATION_UNIT})


def read_step(
    step: FormStep,
    answers: Mapping[str, str],
    codes: CodeLists,
    held: Mapping[str, str],
) -> dict[str, str] | list[Problem]:
    """One section in canonical form, or what is wrong with it.

    The other answers may be out of date by now (a hearing that has passed, a place that has
    closed) without standing in the way. Days are still compared with his date of birth.

    Args:
        held: all answers of the referral as they are saved.
    """
    today = clock.today()
    others = {
        "safety": Safety.SAFE.value,
        "given_name": "Any",
        "family_name": "Name",
        "source": codes.sources.current(today)[0].code,
        "place": codes.suites.current(today)[0].code,
        "willing": "not_asked",
    }
    days = {name: held.get(name, "") for name in ("born", *DAYS)}
    typed = {name: answers.get(name, "") for name in AMENDED[step]}
    read = read_referral({**others, **days, **typed}, today, codes, clock.london())
    if isinstance(read, ReferralSubmission):
        canonical = to_answers(read)
        return {name: canonical.get(name, "") for name in AMENDED[step]}
    return problems_of(step, read)


def crosses_the_wall(referral: Referral, writer: OrganisationKind | str) -> bool:
    """Whether an amendment would carry words from one side of the disclosure wall to the other.

    Probation reads what probation referred, with every amendment and its reason: what a clinician
    wrote there would reach it. He asks the referrer to put it right instead.
    """
    sender = db.session.get_one(Organisation, referral.organisation_id).kind
    return (sender in PROBATION) != (writer in PROBATION)


def amend(
    *,
    case_id: int,
    step: FormStep,
    answers: Mapping[str, str],
    version: int,
    reason: str,
    by: int,
    answers_question: bool = False,
) -> None:
    """Replace the answers of one section.

    Args:
        answers: canonical, from `read_step`.
        version: the referral's version on the page the answers were typed on.
        answers_question: the referrer says that this is what the service asked him for.

    Raises:
        Stale: somebody amended it meanwhile; carries the answers saved now.
        Refused: no reason, nothing changed, the other side's referral, or a closed case, unless
            it says now that he may not be safe.
    """
    case = cases.lock(case_id)
    referral = queries.referral_of(case_id)
    if referral is None:
        raise NotFound
    held = {name: str(referral.answers.get(name, "")) for name in AMENDED[step]}
    changed = sorted(name for name in held if held[name] != answers.get(name, ""))
    if referral.version != version:
        raise Stale(held)
    if why_not := _why_not(case, referral, changed, answers, reason, by):
        raise Refused(why_not)
    _replace(referral, {name: answers.get(name, "") for name in changed}, reason, by)
    audit.record("intake.amended", by=by, case_id=case_id, fields=changed, referral=referral.id)
    _follow(step, case, referral, {name: held[name] for name in changed}, by)
    if answers_question:
        questions.answered_by_change(case, referral, reason, by=by)


def _why_not(
    case: Case,
    referral: Referral,
    changed: Sequence[str],
    answers: Mapping[str, str],
    reason: str,
    by: int,
) -> str:
    """Why an amendment is refused; empty where it is not."""
    if crosses_the_wall(referral, db.session.get_one(Staff, by).organisation.kind):
        return "Ask the referrer to change it: this referral came from probation."
    if case.state is CaseState.CLOSED and not _unsafe_now(referral, answers):
        return "The case is closed. Reopen it first."
    if not changed:
        return "Nothing was changed."
    return "" if reason.strip() else "Say why the referral is changed."


def _unsafe_now(referral: Referral, answers: Mapping[str, str]) -> bool:
    """Whether it comes to say that he may not be safe: taken, whatever became of the case."""
    new = _signs(referral, answers) - _signs(referral, {})
    return signs.for_a_clinician(new)


def _replace(referral: Referral, changed: Mapping[str, str], reason: str, by: int) -> None:
    held = referral.answers
    before = {name: str(held.get(name, "")) for name in changed}
    if "safety" in changed:
        before |= {"safety_at": referral.safety_at.isoformat()} if referral.safety_at else {}
        referral.safety_at = clock.now()
    db.session.add(
        ReferralAmendment(referral_id=referral.id, by_id=by, reason=reason.strip(), before=before)
    )
    referral.answers = {name: text for name, text in {**held, **changed}.items() if text}
    referral.version += 1
    referral.safety = Safety(referral.answers.get("safety", referral.safety))
    referral.safety_handover = referral.answers.get("told_whom") or None


def _follow(
    step: FormStep, case: Case, referral: Referral, before: Mapping[str, str], by: int
) -> None:
    """What comes of an amendment elsewhere. `before`: the answers that changed, as they were."""
    if step is FormStep.PLACE:
        _place(case.id, referral, before, by)
    if step is FormStep.PERSON:
        correction.ask_who(case, referral, by=by)
    if step is FormStep.AGREEMENT:
        record_learns.from_amendment(case, referral, before, by=by)
        says_no.follow_amendment(case, referral, before, by=by)
    found, earlier = _signs(referral, {}), _signs(referral, before)
    new = found - earlier | _told_again(referral, before)
    referred_again.tell_who_has_him(case, new, by=by)
    newly = (new or found != earlier) and _hurry(case, new, by)
    _tell(case, referral, "A referral is now marked urgent" if newly else _what(referral, before))


def _place(case_id: int, referral: Referral, changed: Mapping[str, str], by: int) -> None:
    """Where he was seen, and who referred him: what the referrer may see follows from that."""
    referral.place_code = referral.answers.get("place", "")
    if "source" in changed:
        referral.source = referral.answers["source"]
        for purpose in (Purpose.REFERRAL, Purpose.PROBATION_REFERRAL):
            access.end_grants(case_id, purpose, because="intake.source_changed", by=by)
        service.let_referrer_see(case_id, referral, by)


def _signs(referral: Referral, before: Mapping[str, str]) -> frozenset[str]:
    """What it says that makes it urgent, with some answers as they were before."""
    return signs.signs_in({**referral.answers, "safety": referral.safety, **before})


def _told_again(referral: Referral, before: Mapping[str, str]) -> frozenset[str]:
    """Custody healthcare was told once more, later: he was not safe once more."""
    told_before = before.get("told_at", "")
    later = bool(told_before) and str(referral.answers.get("told_at", "")) > told_before
    return frozenset({Safety.HEALTHCARE_TOLD} if later else ())


def _hurry(case: Case, new: frozenset[str], by: int) -> bool:
    """Follow what it says of urgency now. Whether it was not urgent before.

    What a clinician has looked into is not asked again where it says less than before.
    """
    was = case.urgent
    if new:
        urgency.hurry(case, look=signs.for_a_clinician(new), by=by)
    else:
        case.urgent = urgency.holds(case)
    return case.urgent and not was


def _tell(case: Case, referral: Referral, text: str) -> None:
    owner = (
        queries.staff_principal(case.assessor_id)
        if case.assessor_id
        else queries.organisation_principal(referral.trust_id)
    )
    tasks.tell(
        owner,
        key=f"amended:{referral.id}:{referral.version}",
        text=text,
        case_id=case.id,
        endpoint="intake.referral",
        subject_ref=case.ref,
    )


def _what(referral: Referral, changed: Mapping[str, str]) -> str:
    """An amendment as the notice about it puts it: what matters is said, not only that it is."""
    against = says_no.words(referral) if says_no.ABOUT.intersection(changed) else ""
    return against or "Referral amended"


def amendments(referral_id: int) -> list[ReferralAmendment]:
    """Every amendment, the newest first."""
    return list(
        db.session.scalars(
            select(ReferralAmendment)
            .where(ReferralAmendment.referral_id == referral_id)
            .order_by(ReferralAmendment.id.desc())
        )
    )
