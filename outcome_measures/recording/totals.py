"""Totals typed in from a form that was scored elsewhere: told apart for good from scored answers.

A total says nothing about risk. So the answer to every risk question is asked for beside it, or
recorded as not known, which a clinician looks at like any silence.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mhtr.core import audit, clock
from mhtr.core.database import db
from mhtr.core.errors import Refused
from outcome_measures.definitions import NOT_REACHED, Answer, AnswerState, Instrument
from outcome_measures.flags import service as flag_service
from outcome_measures.models import MeasureOccasion, OccasionState
from outcome_measures.recording.answers import THE_TOTAL, begun, keep_before, write_answer
from outcome_measures.recording.service import begin, locked
from outcome_measures.risk.service import raise_risk, responses_of
from outcome_measures.scores.scoring import Score
from outcome_measures.scores.total_checks import check_total, part_names, place_of
from outcome_measures.signing.service import in_force
from outcome_measures.time_points import Origin


@dataclass(frozen=True)
class TypedTotal:
    """What was typed. `risk` holds the answers to risk questions that are known."""

    total: int
    parts: Mapping[str, int] = field(default_factory=dict)
    risk: Mapping[int, Answer] = field(default_factory=dict)


def type_total(occasion: MeasureOccasion, typed: TypedTotal, *, version: int, by: int) -> Score:
    """End an open form with a total in place of answers.

    A risk question whose answer is not given is on record without one, and opens its review.

    Raises:
        InvalidTotal: it is out of range, or does not go with an answer beside it.
        Refused: the form is not open, or has answers, or an answer to something else was given.
        Stale: somebody saved it meanwhile.
    """
    case = begin(occasion, version)
    instrument = in_force(occasion.instrument)
    if begun(occasion):
        raise Refused("Answers are on record for this form. Go on with them instead of a total.")
    asked = {item.number for item in instrument.risk_items}
    if set(typed.risk) - asked:
        raise Refused("Only risk questions are answered beside a total.")
    given = {number: typed.risk.get(number, NOT_REACHED) for number in asked}
    score = check_total(instrument, typed.total, typed.parts, given)
    for number, answer in sorted(given.items()):
        write_answer(occasion, number, answer)
    occasion.origin, occasion.typed_total = Origin.TOTAL, typed.total
    occasion.typed_parts = dict(typed.parts) or None
    occasion.state, occasion.submitted_at = OccasionState.SUBMITTED, clock.now()
    occasion.version += 1
    occasion.entered_by, occasion.kept_at = by, clock.now()
    db.session.flush()
    audit.record("measures.total_typed", by=by, case_id=case.id, occasion=occasion.id)
    raise_risk(occasion, case, frozenset(asked), submitted=True, by=by)
    flag_service.look_again(case_id=case.id, by=by)
    return score


def correct_total(
    occasion: MeasureOccasion,
    total: int,
    parts: Mapping[str, int],
    *,
    reason: str,
    version: int,
    by: int,
) -> Score:
    """Put a typed-in total right; what it was is kept, with who and why.

    The answers to risk questions beside it are corrected as answers are: `service.correct`.

    Raises:
        InvalidTotal: as `type_total`.
        Refused: no reason, nothing changed, or the form has no typed-in total.
        Stale: somebody changed it meanwhile.
    """
    case = locked(occasion, version)
    _may_correct(occasion, reason)
    instrument = in_force(occasion.instrument)
    score = check_total(instrument, total, parts, responses_of(occasion))
    changed = _changed(instrument, occasion, total, parts)
    if not changed:
        raise Refused("This is the total on record.")
    for place, was in changed.items():
        before = NOT_REACHED if was is None else Answer(AnswerState.ANSWERED, was)
        keep_before(occasion, place, before, reason=reason, by=by)
    occasion.typed_total, occasion.typed_parts = total, dict(parts) or None
    occasion.version += 1
    db.session.flush()
    audit.record(
        "measures.corrected", by=by, case_id=case.id, occasion=occasion.id, fields=["total"]
    )
    raise_risk(occasion, case, frozenset({THE_TOTAL}), submitted=True, by=by)
    flag_service.look_again(case_id=case.id, by=by)
    return score


def _may_correct(occasion: MeasureOccasion, reason: str) -> None:
    if occasion.origin is not Origin.TOTAL:
        raise Refused("This form was scored from its answers. Correct an answer instead.")
    if occasion.state is not OccasionState.SUBMITTED:
        raise Refused("This score was taken back. It is kept as it was.")
    if not reason.strip():
        raise Refused("Say why the total is corrected.")


def _changed(
    instrument: Instrument, occasion: MeasureOccasion, total: int, parts: Mapping[str, int]
) -> dict[int, int | None]:
    """What it was before, by place, of everything that is another now."""
    held: Mapping[str, int] = occasion.typed_parts or {}
    found: dict[int, int | None] = {
        place_of(instrument, name): held.get(name)
        for name in part_names(instrument)
        if held.get(name) != parts.get(name)
    }
    if occasion.typed_total != total:
        found[THE_TOTAL] = occasion.typed_total
    return found
