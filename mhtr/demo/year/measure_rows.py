"""What is written when PHQ-9 and GAD-7 are taken at a session, but for flags: see `writer`."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from mhtr.core import clock
from mhtr.demo.acts.course import ASKED, adding_up
from mhtr.demo.year.person import Held, Person, starts
from mhtr.demo.year.rows import Row, Rows
from outcome_measures.definitions import AnswerState
from outcome_measures.instruments.registry import find_instrument
from outcome_measures.models import (
    MeasureAnswer,
    MeasureContact,
    MeasureMode,
    MeasureOccasion,
    OccasionState,
)
from outcome_measures.time_points import TimePoint


def measure(rows: Rows, man: Person, at: datetime, held: Held, totals: Sequence[int]) -> None:
    """As `acts.course.session`: recorded, both forms submitted, closed.

    Args:
        totals: of both measures; none where he was not asked.
    """
    given = {
        "case_id": man.case_id,
        "point": TimePoint.SESSION,
        "session_number": man.number(held.part),
        "mode": MeasureMode.IN_PERSON,
        "created_at": at,
    }
    ref = rows.ref()
    contact = rows.add(
        MeasureContact,
        **given,
        ref=ref,
        context=f"contact:{ref}",
        held_on=starts(held).astimezone(clock.LONDON).date(),
        by_id=man.by,
    )
    _said(rows, man, at, "measures.contact_recorded", contact=contact["id"])
    forms = [_opened(rows, man, at, contact, name, given) for name in ASKED[: len(totals)]]
    for form, total in zip(forms, totals, strict=True):
        _submit(rows, man, at, form, total)
    contact |= {"closed_at": at, "closed_by": man.by}
    contact["version"] += 1
    _said(rows, man, at, "measures.contact_closed", contact=contact["id"])


def _opened(rows: Rows, man: Person, at: datetime, contact: Row, name: str, given: Row) -> Row:
    form = rows.add(
        MeasureOccasion,
        **given,
        contact_id=contact["id"],
        context=contact["context"],
        instrument=name,
        instrument_version=find_instrument(name).version,
        language=find_instrument(name).language,
        asked_on=contact["held_on"],
        entered_by=man.by,
        kept_at=at,
    )
    _said(rows, man, at, "measures.opened", occasion=form["id"])
    return form


def _submit(rows: Rows, man: Person, at: datetime, form: Row, total: int) -> None:
    form |= {"state": OccasionState.SUBMITTED, "submitted_at": at, "version": 2}
    for item, value in _answers(form["instrument"], total):
        rows.add(
            MeasureAnswer,
            occasion_id=form["id"],
            item=item,
            state=AnswerState.ANSWERED,
            value=value,
        )
    man.scores.setdefault(form["instrument"], []).append(total)
    _said(rows, man, at, "measures.submitted", occasion=form["id"], complete=True)


@lru_cache
def _answers(instrument: str, total: int) -> tuple[tuple[int, int], ...]:
    return tuple(sorted(adding_up(instrument, total).items()))


def _said(rows: Rows, man: Person, at: datetime, action: str, **detail: object) -> None:
    rows.note(at, action, by=man.by, case_id=man.case_id, **detail)
