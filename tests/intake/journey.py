"""The referral form as a practitioner fills it in: what is typed on each page."""

import uuid
from typing import Any

from mhtr.accounts.models import Organisation
from mhtr.core.database import db
from mhtr.core.transaction import writing
from tests.makers import make_organisation
from tests.pages import PageClient

SAFETY: dict[str, Any] = {"safety": "safe"}
PERSON = {
    "given_name": "Tunde",
    "family_name": "Okafor",
    "born-day": "3",
    "born-month": "2",
    "born-year": "1990",
}
PLACE = {"source": "ld", "place": "met-brixton", "stage": "guilty_plea"}
NEEDS = {
    "vulnerable_1": ["anxiety", "trauma"],
    "need": "medium",
    "risk": "low",
    "urgency": "routine",
    "stages": ["identified_on", "screened_on"],
}
AGREEMENT = {
    "willing": "willing",
    "agreed_how": "face_to_face",
    "able_to_agree": "yes",
    "phone": "07700 900123",
    "safe_to_text": "yes",
    "interpreter": "no",
}
PAGES: dict[str, dict[str, Any]] = {
    "person": PERSON,
    "place": PLACE,
    "needs": NEEDS,
    "agreement": AGREEMENT,
}


def make_trust(area: str = "south") -> Organisation:
    """A treating trust for one part of London."""
    made = make_organisation()
    with writing():
        db.session.get_one(Organisation, made.id).area = area
    return made


def begin(client: PageClient, **changes: str) -> str:
    """Save the first page; the address of the draft without its step."""
    answer = client.post(
        "/referrals/new", data={"submission_key": str(uuid.uuid4()), **SAFETY, **changes}
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.location).rpartition("/")[0]


def save(client: PageClient, draft: str, step: str, version: int = 0, **changes: Any) -> Any:
    """Post one page of a draft; the answer."""
    key = {"submission_key": str(uuid.uuid4()), "version": str(version)}
    return client.post(f"{draft}/{step}", data={**key, **PAGES.get(step, SAFETY), **changes})


def fill(client: PageClient, **person: str) -> str:
    """A draft with every page saved."""
    draft = begin(client)
    for step in PAGES:
        typed: dict[str, Any] = dict(person) if step == "person" else {}
        answer = save(client, draft, step, **typed)
        assert answer.status_code == 303, answer.get_data(as_text=True)
    assert answer.location == f"{draft}/check"
    return draft


def send(client: PageClient, draft: str, version: int = 5) -> Any:
    """Send a draft; the answer."""
    key = {"submission_key": str(uuid.uuid4()), "version": str(version)}
    return client.post(f"{draft}/check", data=key)
