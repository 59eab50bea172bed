"""A referral as a practitioner would send it at three in the morning. Everybody is made up."""

from mhtr.core import clock
from mhtr.intake import queries
from mhtr.intake.referral import CodeLists, ReferralSubmission, read_referral

ANSWERS = {
    "safety": "safe",
    "given_name": "Tunde",
    "family_name": "Okafor",
    "born": "1990-02-03",
    "source": "ld",
    "place": "met-brixton",
    "stage": "guilty_plea",
    "vulnerabilities": "anxiety;trauma",
    "need": "medium",
    "risk": "low",
    "urgency": "routine",
    "identified_on": "2026-11-18",
    "screened_on": "2026-11-18",
    "willing": "willing",
    "agreed_how": "face_to_face",
    "able_to_agree": "yes",
    "phone": "07700 900123",
    "safe_to_text": "yes",
}


def lists() -> CodeLists:
    """The shipped lists, for made-up numbers."""
    return queries.code_lists(fictional=True)


def submission(**changes: str) -> ReferralSubmission:
    """The sample referral with some answers changed (an empty text takes one out)."""
    read = read_referral({**ANSWERS, **changes}, clock.today(), lists())
    assert isinstance(read, ReferralSubmission), read
    return read
