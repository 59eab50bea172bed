"""A safeguarding referral and an incident with every text, each put right once."""

from typing import Any

from sqlalchemy import select

from mhtr.accounts.models import Staff
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.safeguarding.incident_models import Incident, IncidentStep, IncidentVersion
from mhtr.safeguarding.incident_rules import Candour, Harm, Harmed
from mhtr.safeguarding.incident_rules import StepKind as Reviewed
from mhtr.safeguarding.kinds import Agreed, Kind, Knows, StepKind
from mhtr.safeguarding.models import SafeguardingReferral, SafeguardingStep, SafeguardingVersion


def safeguarded(case_id: int, by: int) -> SafeguardingReferral:
    """Hang one on a case."""
    row = SafeguardingReferral(case_id=case_id, by_id=by)
    db.session.add(row)
    db.session.flush()
    said: dict[str, Any] = {
        "referral_id": row.id,
        "kind": Kind.CHILD,
        "authority": "A borough",
        "sent_how": "By their form",
        "about": "who is at risk",
        "concern": "what the concern is",
        "done": "what was done",
        "agreed": Agreed.NOT_ASKED,
        "override_why": "why without agreement",
        "knows": Knows.NOT_TOLD,
        "not_told_why": "why he was not told",
        "by_id": by,
    }
    db.session.add_all(
        [
            SafeguardingVersion(number=1, **said),
            SafeguardingVersion(number=2, why="why it is put right", **said),
        ]
    )
    step = SafeguardingStep(
        referral_id=row.id,
        version=2,
        kind=StepKind.ACKNOWLEDGED,
        on=clock.today(),
        words="what they said",
        by_id=by,
    )
    db.session.add(step)
    db.session.flush()
    return row


def happened(case_id: int, by: int) -> Incident:
    """Hang an incident on a case, closed and opened again by somebody else."""
    other = db.session.scalars(select(Staff.id).where(Staff.id != by).order_by(Staff.id)).first()
    row = Incident(case_id=case_id, by_id=by)
    db.session.add(row)
    db.session.flush()
    said: dict[str, Any] = {
        "incident_id": row.id,
        "on": clock.today(),
        "place": "where it was",
        "what": "what happened",
        "harmed": Harmed.HE,
        "harm": Harm.MODERATE,
        "harm_words": "how he was harmed",
        "done": "what was done",
        "reported": "to whom",
        "candour": Candour.DONE,
        "candour_words": "how he was told",
        "by_id": by,
    }
    db.session.add_all(
        [IncidentVersion(number=1, **said), IncidentVersion(number=2, why="why", **said)]
    )
    step: dict[str, Any] = {"incident_id": row.id, "version": 2, "writer_id": by, "by_id": other}
    for kind in (Reviewed.CLOSED, Reviewed.REOPENED):
        db.session.add(IncidentStep(kind=kind, words="what was learned", **step))
    db.session.flush()
    return row
