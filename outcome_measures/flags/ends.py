"""What lacks at the end of treatments, for many men: read from their last sessions on."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace

from sqlalchemy import bindparam, select

from mhtr.core.prepared import Prepared
from outcome_measures.counting import course_parts, planned_of
from outcome_measures.flags.attended import with_attended
from outcome_measures.flags.due import Asked, in_order
from outcome_measures.flags.queries import (
    asked_one,
    contacts_of,
    empty_state,
    with_complete,
    without_goals,
)
from outcome_measures.flags.state import CaseMeasures
from outcome_measures.models import MeasureOccasion, OccasionState
from outcome_measures.reading.queries import points_of


def ends_of(case_ids: Collection[int]) -> Mapping[int, CaseMeasures]:
    """As `states_of`, as far as it says what lacks at the last treatment session or after it.

    Those without a treatment session on record are left out: nothing lacks after it.
    """
    met = with_attended(contacts_of(case_ids), {}, case_ids)
    contacts = {key: in_order(ones) for key, ones in met.items()}
    last = {key: ones[-1] for key, ones in contacts.items() if ones}
    if not last:
        return {}
    since = min(contact.held_on for contact in last.values())
    asked: dict[int, list[tuple[int, Asked]]] = defaultdict(list)
    for line in _ASKED_SINCE.all({"cases": list(last), "since": since}):
        one = asked_one(line.instrument, line.asked_on, line.point, line.session_number, line.form)
        asked[line.case_id].append((line.id, one))
    empty, points, planned = empty_state(), points_of(last, since=since), planned_of(last)
    parts = course_parts(last)
    return without_goals(
        {
            key: replace(
                empty,
                contacts=(contact,),
                planned_sessions=planned.get(key),
                parts=parts.get(key, ()),
                asked=with_complete(asked[key], points.get(key, ())),
            )
            for key, contact in last.items()
        }
    )


_ASKED_SINCE = Prepared(
    select(
        MeasureOccasion.id,
        MeasureOccasion.case_id,
        MeasureOccasion.instrument,
        MeasureOccasion.asked_on,
        MeasureOccasion.point,
        MeasureOccasion.session_number,
        MeasureOccasion.state.label("form"),
    )
    .where(
        MeasureOccasion.case_id.in_(bindparam("cases", expanding=True)),
        MeasureOccasion.asked_on >= bindparam("since"),
        MeasureOccasion.state != OccasionState.WITHDRAWN,
    )
    .order_by(MeasureOccasion.id)
)
