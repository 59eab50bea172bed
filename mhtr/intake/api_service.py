"""What a call of the referral API writes: the call itself, and the referral it brought."""

from typing import Any

from sqlalchemy import select

from mhtr.cases.facts import CaseState
from mhtr.cases.models import Case
from mhtr.cases.standing_words import outside_state
from mhtr.cases.wording import STATE_WORDS
from mhtr.core import access, audit, clock
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.intake import known_reference, queries, service
from mhtr.intake.api_tokens import Caller
from mhtr.intake.known_reference import ReferenceTaken
from mhtr.intake.models import ApiCall
from mhtr.intake.referral import ReferralSubmission


def take(
    *, caller: Caller, call_id: int, key: str, digest: str, submission: ReferralSubmission
) -> ApiCall:
    """Take a referral under an idempotency key; the answer is kept for whoever repeats the call.

    The same referral under a known external reference is answered (200) and not taken again.

    Raises:
        IntegrityError: this token has used the key before.
        ReferenceTaken: the external reference stands for a referral that says something else.
        Refused: the referral cannot be taken.
    """
    must_be_writing()
    call = db.session.get_one(ApiCall, call_id)
    call.idempotency_key, call.body_hash, call.status = key, digest, 201
    db.session.flush()
    again = known_reference.earlier(caller.organisation_id, submission)
    if again is not None:
        call.status, call.answer = 200, _repeat(again, caller, submission.external_reference)
        audit.record("api.repeated", by=None, case_id=again.id, token=caller.token_id)
        return call
    case = service.submit_referral(
        submission=submission,
        channel="api",
        referrer_id=None,
        organisation_id=caller.organisation_id,
        by=None,
    )
    call.answer = receipt(case, submission.external_reference)
    audit.record("api.referral", by=None, case_id=case.id, token=caller.token_id)
    return call


def _repeat(case: Case, caller: Caller, external_reference: str) -> dict[str, Any]:
    """Where the case stands, for whoever may ask for that; else the receipt as it first was."""
    answer = receipt(case, external_reference)
    if is_told(case, caller):
        return answer
    referral = queries.referral_of(case.id)
    sent = (referral.referred_at if referral else case.created_at).astimezone(clock.LONDON).date()
    state = CaseState.REFERRED
    return answer | {"state": state, "words": STATE_WORDS[state], "since": sent.isoformat()}


def is_told(case: Case, caller: Caller) -> bool:
    """Whether the organisation is told what became of it. Some sources are promised a receipt.

    A restricted record is for named people only, never for a whole organisation.
    """
    organisation = queries.organisation_principal(caller.organisation_id)
    return not case.restricted and access.holds(case.id, queries.REFERRED, (organisation,))


def refuse(*, caller: Caller, taken: ReferenceTaken) -> None:
    """Note a referral that was refused for its reference; what it says of safety is looked into."""
    must_be_writing()
    known_reference.look_into(taken, by=None)
    audit.record("api.reference_taken", by=None, case_id=taken.case_id, token=caller.token_id)


def note_call(*, call_id: int, status: int, shown_case_id: int | None) -> None:
    """Note how a call was answered, and audit the case it was told about."""
    must_be_writing()
    call = db.session.get_one(ApiCall, call_id)
    call.status = status
    if shown_case_id is not None:
        audit.record("api.read", by=None, case_id=shown_case_id, token=call.token_id)


def earlier(*, token_id: int, key: str) -> ApiCall | None:
    """The call that used this key first."""
    return db.session.scalars(
        select(ApiCall).where(ApiCall.token_id == token_id, ApiCall.idempotency_key == key)
    ).one_or_none()


def receipt(case: Case, external_reference: str) -> dict[str, Any]:
    """What the sender is told: no clinical record, no recommendation before it is released."""
    state = outside_state(case.state)
    return {
        "reference": str(case.ref),
        **({"external_reference": external_reference} if external_reference else {}),
        "state": state.value,
        "words": STATE_WORDS[state],
        "since": case.state_since.isoformat(),
    }
