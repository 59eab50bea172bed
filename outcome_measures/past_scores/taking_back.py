"""Taking imported scores back: the only writer of that.

What was derived from the score is again what it was before. What it gave clinicians to look at
stays: no risk review and no list of past answers loses it.
"""

from sqlalchemy import select

from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.cases.queries import in_scope
from mhtr.core import audit, clock
from mhtr.core.access import Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.core.transaction import must_be_writing
from outcome_measures.flags import service as flag_service
from outcome_measures.models import ImportedScore, MeasureOccasion, OccasionState
from outcome_measures.reading.withdrawn import may_take_back


def take_back(*, occasion_id: int, reason: str, viewer: Viewer) -> None:
    """Withdraw one imported score. It is kept, with its answers, who took it back and why.

    The same measure of that day can be imported or recorded again afterwards.

    Raises:
        NotFound: the case left the viewer's scope.
        Refused: no reason, not an imported score, taken back already, or neither a clinical lead
            nor whoever imported it asks.
    """
    must_be_writing()
    occasion, by = db.session.get_one(MeasureOccasion, occasion_id), viewer.staff_id
    case = cases.lock(occasion.case_id)
    db.session.refresh(occasion)
    mine = select(Case.id).where(Case.id == case.id, in_scope(viewer, Purpose.CLINICAL))
    if db.session.scalar(mine) is None:
        raise NotFound
    if occasion.state is OccasionState.WITHDRAWN:
        raise Refused("This score was taken back already.")
    if not may_take_back(viewer, occasion):
        raise Refused("Imported scores are taken back by a clinical lead or whoever imported them.")
    if not reason.strip():
        raise Refused("Say why it is taken back.")
    came = _came(occasion)
    came.withdrawn_at, came.withdrawn_by, came.withdrawn_because = clock.now(), by, reason.strip()
    occasion.state = OccasionState.WITHDRAWN
    # Its place is free: what he really answered that day can be recorded in it.
    occasion.context = f"{occasion.context}:withdrawn:{occasion.id}"
    occasion.version += 1
    db.session.flush()
    audit.record("measures.past_withdrawn", by=by, case_id=case.id, occasion=occasion.id)
    flag_service.look_again_without(case_id=case.id, by=by)


def _came(occasion: MeasureOccasion) -> ImportedScore:
    query = select(ImportedScore).where(ImportedScore.occasion_id == occasion.id)
    found = db.session.scalars(query).one_or_none()
    if found is None:
        # Imported before files were noted with what came from them.
        found = ImportedScore(occasion_id=occasion.id)
        db.session.add(found)
    return found
