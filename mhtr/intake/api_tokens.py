"""Tokens with which another system sends referrals for one organisation, and their limits."""

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import func, select

from mhtr.accounts.models import Organisation, OrganisationKind
from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.policy import values
from mhtr.core.transaction import must_be_writing
from mhtr.intake import policy
from mhtr.intake.models import ApiCall, ApiToken

LONGEST_LIFE = timedelta(days=366)
PREFIX = "mhtr_"


class Scope(StrEnum):
    """What a token may be used for."""

    WRITE = "referrals:write"
    READ = "referrals:read"


SCOPE_WORDS = {Scope.WRITE: "Send referrals", Scope.READ: "Ask what became of them"}


@dataclass(frozen=True)
class Caller:
    """The system behind a token."""

    token_id: int
    organisation_id: int
    scopes: frozenset[str]


def make(
    *, organisation_id: int, label: str, scopes: frozenset[Scope], expires_on: date, by: int
) -> str:
    """Make a token and return it; only its hash is kept.

    Raises:
        Refused: no scope, too long a life, or an organisation that sends no referrals.
    """
    must_be_writing()
    organisation = db.session.get_one(Organisation, organisation_id)
    if organisation.kind is not OrganisationKind.LD_TEAM or organisation.closed_on:
        raise Refused("Only a Liaison and Diversion team can send referrals this way.")
    if not scopes:
        raise Refused("Say what the token may be used for.")
    if not clock.today() < expires_on <= clock.today() + LONGEST_LIFE:
        raise Refused("A token ends on a day within the next year.")
    token = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(
        organisation_id=organisation_id,
        label=label.strip(),
        token_hash=hashed(token),
        scopes=" ".join(sorted(scopes)),
        made_by=by,
        expires_on=expires_on,
    )
    db.session.add(row)
    db.session.flush()
    audit.record("intake.api_token_made", by=by, token=row.id, organisation=organisation_id)
    return token


def revoke(*, ref: uuid.UUID, by: int) -> None:
    """End a token at once.

    Raises:
        NotFound: there is no such token.
    """
    must_be_writing()
    row = db.session.scalars(select(ApiToken).where(ApiToken.ref == ref)).one_or_none()
    if row is None:
        raise NotFound
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        audit.record("intake.api_token_revoked", by=by, token=row.id)


def recognise(token: str) -> Caller | None:
    """Who is behind a token; nobody for one that is unknown, revoked or past its day, or whose
    organisation is closed."""
    row = db.session.scalars(
        select(ApiToken)
        .join(Organisation, Organisation.id == ApiToken.organisation_id)
        .where(ApiToken.token_hash == hashed(token), Organisation.closed_on.is_(None))
    ).one_or_none()
    if row is None or row.revoked_at is not None or row.expires_on < clock.today():
        return None
    return Caller(row.id, row.organisation_id, frozenset(row.scopes.split()))


def seconds_to_wait(token_id: int) -> int:
    """Seconds until this token may call again; 0 where it may now."""
    limit = int(values(policy.API_CALLS_A_MINUTE)["api_calls_a_minute"])
    since = clock.now() - timedelta(minutes=1)
    count, oldest = db.session.execute(
        select(func.count(ApiCall.id), func.min(ApiCall.at)).where(
            ApiCall.token_id == token_id, ApiCall.at > since
        )
    ).one()
    if count < limit or oldest is None:
        return 0
    return max(1, int((oldest - since).total_seconds()) + 1)


def take_turn(token_id: int) -> tuple[int, int]:
    """Count a call against the token's limit before it is answered, one call after the other.

    Returns:
        Seconds to wait, and then nothing was counted; or 0 and the number of the call.
    """
    must_be_writing()
    db.session.scalars(select(ApiToken.id).where(ApiToken.id == token_id).with_for_update()).one()
    wait = seconds_to_wait(token_id)
    if wait:
        return wait, 0
    call = ApiCall(token_id=token_id, at=clock.now())
    db.session.add(call)
    db.session.flush()
    return 0, call.id


def hashed(token: str) -> str:
    """What is stored of a token: it is long and random, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
