"""The answer behind a risk review and the one before it: for clinical viewers only."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import aliased

from mhtr.accounts.models import Staff
from mhtr.core import clock, formats
from mhtr.core.database import db
from mhtr.tasks.models import Task
from outcome_measures.definitions import NOT_REACHED, Answer, AnswerState, Instrument, RiskTo
from outcome_measures.instruments.registry import recorded
from outcome_measures.models import (
    AnswerCorrection,
    MeasureAnswer,
    MeasureOccasion,
    OccasionState,
)
from outcome_measures.reading.queries import answer_words
from outcome_measures.risk.service import NotSaved
from outcome_measures.scores.risk_signals import WHOLE_FORM
from outcome_measures.time_points import Origin

_WHY = {
    NotSaved.SIGNED_OUT: "after the session had expired",
    NotSaved.OUT_OF_DATE: "on a page that was out of date and was refused",
    NotSaved.REFUSED: "in a form that was refused: it could not be saved as it was",
}
_ASKED = aliased(MeasureOccasion)
# Made once: Today of every clinician asks it.
_HISTORY = (
    select(
        MeasureOccasion.id,
        MeasureOccasion.case_id,
        MeasureOccasion.instrument,
        MeasureOccasion.asked_on,
        MeasureOccasion.origin,
        MeasureOccasion.state.label("form"),
        MeasureAnswer.item,
        MeasureAnswer.state,
        MeasureAnswer.value,
    )
    .join(MeasureAnswer, MeasureAnswer.occasion_id == MeasureOccasion.id)
    .where(
        MeasureOccasion.case_id.in_(
            select(_ASKED.case_id).where(_ASKED.id.in_(bindparam("occasions", expanding=True)))
        ),
        MeasureAnswer.item.in_(bindparam("items", expanding=True)),
        # What was taken back is no time before; a review it opened shows it all the same.
        or_(
            MeasureOccasion.state != OccasionState.WITHDRAWN,
            MeasureOccasion.id.in_(bindparam("occasions", expanding=True)),
        ),
    )
    .order_by(MeasureOccasion.asked_on, MeasureOccasion.id)
)
_CORRECTIONS = (
    select(
        AnswerCorrection.occasion_id,
        AnswerCorrection.item,
        AnswerCorrection.before_state,
        AnswerCorrection.before_value,
        AnswerCorrection.reason,
        AnswerCorrection.created_at,
        Staff.name.label("by"),
        MeasureOccasion.origin,
    )
    .join(Staff, Staff.id == AnswerCorrection.by_id)
    .join(MeasureOccasion, MeasureOccasion.id == AnswerCorrection.occasion_id)
    .where(AnswerCorrection.occasion_id.in_(bindparam("occasions", expanding=True)))
    .order_by(AnswerCorrection.id)
)
_TYPED = select(Task.key, Task.about).where(
    Task.key.in_(bindparam("keys", expanding=True)), Task.about.is_not(None)
)
_NAMES = select(Staff.id, Staff.name).where(Staff.id.in_(bindparam("ids", expanding=True)))
_KEY = re.compile(r"risk:occasion:(\d+):item:(\d+)(?::|$)")


@dataclass(frozen=True)
class Said:
    """One answer in words: the option he chose, or why there is none. Never a level of risk."""

    words: str
    on: date


@dataclass(frozen=True)
class Changed:
    """What was answered before the answer was changed: who changed it, when and why."""

    words: str
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class Answers:
    """What was asked, what he answered, and what he answered the time before."""

    instrument: str
    number: int
    question: str
    to: RiskTo | None
    """Whom the question asks about; None where nobody knows, its pack being deleted."""
    now: Said
    before: Said | None
    changed: tuple[Changed, ...] = ()
    """Earlier answers on the same form, the first one first: the first opened the review."""
    taken_back: bool = False
    """The form was taken back since; the answer is looked at all the same."""
    not_saved: str = ""
    """Where the answer was typed and is not on record: who typed it, and why it is not."""

    @property
    def lines(self) -> tuple[str, ...]:
        """As a row of a list shows it."""
        earlier = (
            f"Before ({formats.day(self.before.on)}): {self.before.words}"
            if self.before
            else "Not asked before"
        )
        about = f" ({self.to.words})" if self.to else ""
        said = f"{self.instrument}, question {self.number}{about}: {self.now.words}"
        if self.changed:
            said += f", first answered: {self.changed[0].words}"
        if self.taken_back:
            said += " (form taken back since)"
        return (f"{said} (not saved)",) if self.not_saved else (said, earlier)


@dataclass(frozen=True)
class _Given:
    """What was answered on one occasion, and whether that was beside a total typed in."""

    occasion: int
    on: date
    answer: Answer
    beside_total: bool
    taken_back: bool = False

    def words(self, instrument: Instrument, number: int) -> str:
        return answer_words(instrument, number, self.answer, beside_total=self.beside_total)


def question_of(key: str) -> tuple[int, int] | None:
    """The occasion and the item that a risk review's key names."""
    found = _KEY.match(key)
    return (int(found[1]), int(found[2])) if found else None


def answers_of(keys: Iterable[str]) -> Mapping[str, Answers]:
    """The answers behind risk reviews, by the reviews' keys, however many, in a few queries."""
    asked = list(keys)
    typed = [key for key in asked if key.startswith("risk:unsaved:")]
    return {**_saved(asked), **_unsaved(typed)}


def _unsaved(keys: Sequence[str]) -> dict[str, Answers]:
    """Answers that were typed and are on no record: each is kept with its task."""
    if not keys:
        return {}
    rows = db.session.execute(_TYPED, {"keys": keys}).all()
    ids = {about["by"] for _, about in rows}
    names = dict(db.session.execute(_NAMES, {"ids": ids}).all())
    return {key: _typed(about, names[about["by"]]) for key, about in rows}


def _typed(about: Mapping[str, Any], name: str) -> Answers:
    instrument, number = recorded(about["instrument"]), int(about["item"])
    at = datetime.fromisoformat(about["at"])
    answer = Answer(AnswerState(about["state"]), about["value"])
    return Answers(
        instrument=instrument.name,
        number=number,
        question=instrument.item(number).text,
        to=_whom(instrument, number),
        now=Said(answer_words(instrument, number, answer), at.astimezone(clock.LONDON).date()),
        before=None,
        not_saved=f"{name} typed it on {formats.moment(at)}, {_WHY[about['why']]}.",
    )


def _saved(keys: Iterable[str]) -> dict[str, Answers]:
    wanted = {key: pair for key in keys if (pair := question_of(key)) is not None}
    if not wanted:
        return {}
    occasions = {occasion for occasion, _ in wanted.values()}
    rows = db.session.execute(
        _HISTORY, {"occasions": occasions, "items": {item for _, item in wanted.values()}}
    )
    history: dict[tuple[int, str, int], list[_Given]] = {}
    place: dict[int, tuple[int, str]] = {}
    seen = set()
    for occasion, case_id, instrument, on, origin, form, item, state, value in rows:
        place[occasion] = (case_id, instrument)
        seen.add((occasion, item))
        given = _Given(
            occasion,
            on,
            Answer(state, value),
            origin is Origin.TOTAL,
            form is OccasionState.WITHDRAWN,
        )
        history.setdefault((case_id, instrument, item), []).append(given)
    bare = {pair for pair in wanted.values() if pair not in seen and pair[1] != WHOLE_FORM}
    _without_row(bare, history, place)
    changed = _changed(occasions)
    return {
        key: replace(
            _answers(history[(*place[occasion], item)], recorded(place[occasion][1]), pair),
            changed=tuple(
                Changed(given.words(recorded(place[occasion][1]), item), name, at, reason)
                for given, name, at, reason in changed.get(pair, ())
            ),
        )
        for key, pair in wanted.items()
        for occasion, item in [pair]
        if occasion in place and (*place[occasion], item) in history
    }


def _without_row(
    pairs: Collection[tuple[int, int]],
    history: dict[tuple[int, str, int], list[_Given]],
    place: dict[int, tuple[int, str]],
) -> None:
    """Add questions of which nothing is on record: behind a total that was imported."""
    if not pairs:
        return
    row = MeasureOccasion
    columns = (row.id, row.case_id, row.instrument, row.asked_on, row.origin, row.state)
    query = select(*columns).where(row.id.in_({occasion for occasion, _ in pairs}))
    found = {line.id: line for line in db.session.execute(query)}
    for occasion, item in pairs:
        if (line := found.get(occasion)) is not None:
            place[occasion] = (line.case_id, line.instrument)
            beside_total, back = line.origin is Origin.TOTAL, line.state is OccasionState.WITHDRAWN
            given = _Given(occasion, line.asked_on, NOT_REACHED, beside_total, back)
            history.setdefault((*place[occasion], item), []).append(given)
            history[(*place[occasion], item)].sort(key=lambda one: (one.on, one.occasion))


def _changed(occasions: Collection[int]) -> dict[tuple[int, int], list[Any]]:
    """The corrections of these occasions with who made them, by occasion and item."""
    found: dict[tuple[int, int], list[Any]] = {}
    for row in db.session.execute(_CORRECTIONS, {"occasions": occasions}):
        answer = Answer(row.before_state, row.before_value)
        given = _Given(row.occasion_id, row.created_at.date(), answer, row.origin is Origin.TOTAL)
        told = (given, row.by, row.created_at, row.reason)
        found.setdefault((row.occasion_id, row.item), []).append(told)
    return found


def _answers(history: list[_Given], instrument: Instrument, pair: tuple[int, int]) -> Answers:
    occasion, number = pair
    at = max((n for n, given in enumerate(history) if given.occasion == occasion), default=0)
    before = history[at - 1] if at else None
    return Answers(
        instrument=instrument.name,
        number=number,
        question=instrument.item(number).text,
        to=_whom(instrument, number),
        now=Said(history[at].words(instrument, number), history[at].on),
        before=Said(before.words(instrument, number), before.on) if before else None,
        taken_back=history[at].taken_back,
    )


def _whom(instrument: Instrument, number: int) -> RiskTo | None:
    item = instrument.item(number)
    return item.risk_to if item.risk else None
