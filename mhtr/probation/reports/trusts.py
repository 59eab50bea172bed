"""By which agreement a man is reported on: that of the trust that treats him.

It is the trust of his last course; before there is one, the trust to which his referral went.
"""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from mhtr.accounts.models import Organisation
from mhtr.cases.models import Case
from mhtr.core.prepared import Prepared
from mhtr.intake.models import Referral
from mhtr.probation.reports.terms import SHIPPED, Terms
from mhtr.wall.agreement_queries import in_force
from sessions.courses.models import Course

_LATEST = aliased(Course)
_LAST = (
    select(_LATEST.organisation_id)
    .where(_LATEST.case_id == Case.id)
    .order_by(_LATEST.id.desc())
    .limit(1)
    .correlate(Case)
    .scalar_subquery()
)
_TREATING = Prepared(
    select(Case.id, Organisation.id.label("trust_id"), Organisation.name)
    .outerjoin(Referral, Referral.case_id == Case.id)
    .join(Organisation, Organisation.id == func.coalesce(_LAST, Referral.trust_id))
    .where(Case.id.in_(bindparam("cases", expanding=True)))
)


def terms_of(case_ids: Collection[int], on: date) -> Mapping[int, Terms]:
    """By case, what a report on him may hold on a day."""
    found = dict.fromkeys(case_ids, SHIPPED)
    of_trust: dict[int, Terms] = {}
    for line in _TREATING.all({"cases": list(case_ids)}):
        if line.trust_id not in of_trust:
            agreed = in_force(line.trust_id, on)
            since_of = tuple(sorted(agreed.since_of.items()))
            of_trust[line.trust_id] = Terms(
                line.name, agreed.version, agreed.since, agreed.held, since_of
            )
        found[line.id] = of_trust[line.trust_id]
    return found
