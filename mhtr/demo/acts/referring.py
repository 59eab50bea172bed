"""A practitioner refers by the form."""

from datetime import date, timedelta

from mhtr.core import clock
from mhtr.demo.men import Man
from mhtr.demo.world import FACE_COURT, World
from mhtr.intake import queries
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
