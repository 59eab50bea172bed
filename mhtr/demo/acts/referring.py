"""A practitioner refers by the form."""

import hashlib
import json
from datetime import date, timedelta

from sqlalchemy import select

from mhtr.core import clock
from mhtr.core.database import db
from mhtr.demo.men import Man
from mhtr.demo.world import FACE_COURT, World
from mhtr.intake import api_service, api_tokens, queries
from mhtr.intake.api_tokens import Scope
from mhtr.intake.models import Referral
from mhtr.intake.referral import ReferralSubmission, read_referral
from mhtr.intake.service import submit_referral

NEEDS = (
    "anxiety;depression",
    "trauma;anxiety",
    "depression;alcohol",
    "trauma;depression;housing",
    "anxiety;adhd",
    "depression;bereavement;isolation",
)


def answers(
    world: World,
    man: Man,
    today: date,
    *,
    stage: str = "guilty_plea",
    hearing_on: date | None = None,
    psr: str = "standard",
    court: str = FACE_COURT,
    **more: str,
) -> dict[str, str]:
    """What the form would hold, as strings."""
    chance = world.chance
    given = {
        "safety": "safe",
        "given_name": man.given,
        "family_name": man.family,
        "born": man.born.isoformat(),
        "nhs_number": man.nhs_number,
        "crn": man.crn,
        "source": "ld",
        "place": chance.choice(("met-charing-cross", "met-hounslow", "met-acton", "met-islington")),
        "stage": stage,
        "vulnerabilities": chance.choice(NEEDS),
        "need": chance.choice(("medium", "high")),
        "risk": chance.choice(("low", "medium")),
        "identified_on": (today - timedelta(days=1)).isoformat(),
        "screened_on": today.isoformat(),
        "willing": "willing",
        "agreed_how": "face_to_face",
        "agreed_on": today.isoformat(),
        "able_to_agree": "yes",
        "phone": man.phone,
        "safe_to_text": chance.choice(("yes", "yes", "no")),
    }
    given |= _hearing(stage, court, hearing_on, psr)
    return {name: text for name, text in (given | more).items() if text}


def _hearing(stage: str, court: str, hearing_on: date | None, psr: str) -> dict[str, str]:
    if stage in ("", "under_investigation"):
        return {}
    if hearing_on is None:
        return {"court": court}
    return {
        "court": court,
        "hearing_on": hearing_on.isoformat(),
        "hearing_purpose": "sentence" if "guilty" in stage else "plea",
        "psr_kind": psr if stage in ("guilty_plea", "found_guilty") else "",
    }


def read(given: dict[str, str]) -> ReferralSubmission:
    """The referral these answers make; they are ours, so they must be good."""
    found = read_referral(given, clock.today(), queries.code_lists(fictional=True))
    if isinstance(found, list):
        raise ValueError(f"the demonstration's own referral is refused: {found}")
    return found


def refer(world: World, given: dict[str, str], *, by: str = "ld") -> int:
    """Send a referral by the form; the id of its case."""
    staff_id = world.staff(by)
    case = submit_referral(
        submission=read(given),
        channel="form",
        referrer_id=staff_id,
        organisation_id=world.cast.organisations[world.cast.home[by]],
        by=staff_id,
    )
    return case.id


def make_token(world: World, organisation: str) -> str:
    """A token with which an organisation's own system may send referrals."""
    return api_tokens.make(
        organisation_id=world.cast.organisations[organisation],
        label="Case system of the team",
        scopes=frozenset(Scope),
        expires_on=clock.today() + timedelta(days=180),
        by=world.staff("system"),
    )


def send(token: str, given: dict[str, str]) -> int:
    """Send a referral by the referral API; the id of its case."""
    caller = api_tokens.recognise(token)
    if caller is None:
        raise ValueError("the token is not known")
    digest = hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()
    key = given["external_reference"]
    _, call_id = api_tokens.take_turn(caller.token_id)
    api_service.take(caller=caller, call_id=call_id, key=key, digest=digest, submission=read(given))
    taken = select(Referral.case_id).where(
        Referral.organisation_id == caller.organisation_id, Referral.external_reference == key
    )
    return db.session.scalars(taken).one()
