"""Opening the review of a sign of risk in a measure, with those who have the man."""

from collections.abc import Mapping

from mhtr.cases.models import Case
from mhtr.cases.who_has import asked_first
from mhtr.tasks.risk_duty import open_risk_review

RISK_ENDPOINT = "suitability.risk_reviews"


def open_review(
    case: Case,
    found_by: int | None,
    *,
    key: str,
    title: str,
    about: Mapping[str, object],
    by: int | None,
) -> None:
    """Open a review once, for whoever found the sign if he works with the man; else for those
    who do: emergency access gives neither its user nor his trust more than it is.

    Raises:
        NobodyToAsk: nobody at all could own it.
    """
    assessor_id, trust_id = asked_first(case, found_by)
    open_risk_review(
        key=key,
        case_id=case.id,
        assessor_id=assessor_id,
        organisation_id=trust_id,
        by=by,
        endpoint=RISK_ENDPOINT,
        subject_ref=case.ref,
        title=title,
        about=about,
    )
