"""Whoever begins the work on a colleague's case takes it over first: then it is hers."""

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.transaction import must_be_writing
from mhtr.intake import giving_case, queries, triage

ELSEWHERE = "The case is another trust’s: a clinical lead there allocates it."


def take(case: Case, *, by: int) -> None:
    """Allocate a locked case to who asks, as a lead would: its work goes along, both are told.

    Raises:
        Refused: it is another trust's, or cannot be allocated now.
    """
    must_be_writing()
    referral, staff = queries.referral_of(case.id), db.session.get_one(Staff, by)
    if referral is None or staff.organisation_id != referral.trust_id:
        raise Refused(ELSEWHERE)
    giving_case.give(case, referral, staff, None, by)
    triage.tell_referrer(case, "A referral was given to an assessor")
