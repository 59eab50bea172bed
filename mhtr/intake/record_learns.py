"""What a second or an amended referral tells the record of a man who is on it already.

"Not safe" holds at once and what the record lacks is filled; the rest is compared by somebody of
the service (`correction`).
"""

from collections.abc import Mapping

from sqlalchemy import select

from mhtr.cases import contact_elsewhere
from mhtr.cases.facts import CaseState
from mhtr.cases.models import Case
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.intake import correction, queries
from mhtr.intake.models import Referral
from mhtr.intake.referral import ReferralSubmission
from mhtr.intake.referral_values import HowAgreed
from mhtr.intake.whose_record import known_how
from mhtr.people.learning import learn
from mhtr.people.learning_rules import noes
from mhtr.people.sections import Value
from mhtr.tasks import service as tasks

REACHED = frozenset({"phone", "safe_to_text", "language", "interpreter"})
"""Answers of a referral about reaching him and speaking with him."""
CHANGED = "How a man may be reached has changed. Look before you contact him."


def from_another(
    case: Case, referral: Referral, submission: ReferralSubmission, *, by: int | None
) -> None:
    """A referral of a man who was here: his record learns from it, and differences are asked."""
    must_be_writing()
    said: dict[str, Value] = {
        **submission.identifiers,
        **_reached({name: str(text) for name, text in referral.answers.items()}),
        "born": submission.born,
        "contact_known_how": known_how(submission.agreed_how),
    }
    if submission.also_known_as:
        said["aliases"] = (" ".join(submission.also_known_as.split()),)
    if learn(person_id=case.person_id, said=said, reason="Said with another referral", by=by):
        tell_changed(case.person_id)
    correction.ask(case, referral, by=by)


def from_first(
    case: Case, _referral: Referral, submission: ReferralSubmission, *, by: int | None
) -> None:
    """A new record was made with what was said: records that may be his elsewhere learn of it."""
    must_be_writing()
    no = noes({"safe_to_text": submission.safe_to_text.value})
    contact_elsewhere.said(case.person_id, no, submission.phone, False, by)


def from_amendment(case: Case, referral: Referral, before: Mapping[str, str], *, by: int) -> None:
    """The part of a sent referral about reaching him was put right.

    Args:
        before: the answers that changed, as they were.
    """
    must_be_writing()
    about = REACHED.intersection(before)
    if not about:
        return
    answers = {name: str(text) for name, text in referral.answers.items()}
    how = answers.get("agreed_how")
    less_safe = learn(
        person_id=case.person_id,
        said={**_reached(answers), "contact_known_how": known_how(HowAgreed(how) if how else None)},
        reason="Put right in his referral",
        by=by,
        former_number=before.get("phone", ""),
        answer_taken_back="safe_to_text" in about,
    )
    if less_safe:
        tell_changed(case.person_id)
    correction.ask(case, referral, by=by, about=about)


def _reached(answers: dict[str, str]) -> dict[str, Value]:
    return {name: answers[name] for name in sorted(REACHED) if answers.get(name)}


def tell_changed(person_id: int) -> None:
    """Tell those who have an open case of his that he may not be reached as before."""
    open_cases = select(Case).where(Case.person_id == person_id, Case.state != CaseState.CLOSED)
    for case in db.session.scalars(open_cases.order_by(Case.id)):
        referral = queries.referral_of(case.id)
        if case.assessor_id is not None:
            principal_id = queries.staff_principal(case.assessor_id)
        elif referral is not None:
            principal_id = queries.organisation_principal(referral.trust_id)
        else:
            continue
        tasks.tell(
            principal_id,
            key=f"reached:{case.id}:{case.person.version}",
            text=CHANGED,
            case_id=case.id,
            endpoint="people.details",
            subject_ref=case.ref,
        )
