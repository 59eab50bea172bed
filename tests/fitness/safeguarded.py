"""A safeguarding referral with every text, put right once, and acknowledged."""

from typing import Any

from mhtr.core import clock
from mhtr.core.database import db
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
