"""What a call of the referral API writes: the call itself, and the referral it brought."""

from typing import Any

from sqlalchemy import select

from mhtr.cases.models import Case
from mhtr.cases.standing_words import outside_state
from mhtr.cases.wording import STATE_WORDS
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.intake import service
from mhtr.intake.api_tokens import Caller
from mhtr.intake.models import ApiCall
from mhtr.intake.referral import ReferralSubmission


def take(
    *, caller: Caller, key: str, digest: str, submission: ReferralSubmission
) -> dict[str, Any]:
    """Take a referral under an idempotency key; the answer is kept for whoever repeats the call.

    Raises:
        IntegrityError: this token has used the key before.
        Refused: the referral cannot be taken.
    """
    must_be_writing()
    call = ApiCall(
        token_id=caller.token_id,
        at=clock.now(),
        idempotency_key=key,
        body_hash=digest,
        status=201,
    )
    db.session.add(call)
    db.session.flush()
    case = service.submit_referral(
        submission=submission,
        channel="api",
        referrer_id=None,
        organisation_id=caller.organisation_id,
        by=None,
    )
    call.answer = receipt(case, submission.external_reference)
    audit.record("api.referral", by=None, case_id=case.id, token=caller.token_id)
    return call.answer


def note_call(*, token_id: int, status: int, shown_case_id: int | None) -> None:
    """Count a call against the token's limit, and audit the case it was told about."""
    must_be_writing()
    db.session.add(ApiCall(token_id=token_id, at=clock.now(), status=status))
    if shown_case_id is not None:
        audit.record("api.read", by=None, case_id=shown_case_id, token=token_id)


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
