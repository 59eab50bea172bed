"""The answer behind a risk review and the one before it: for clinical viewers only."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from mhtr.cases.models import Case
from mhtr.cases.other_cases import name_of
from mhtr.core import clock, formats
from mhtr.core.access import Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.scope import asked_by
from mhtr.overview.answer_statements import CORRECTIONS, HISTORY, NAMES, TYPED
from outcome_measures.definitions import NOT_REACHED, Answer, AnswerState, Instrument, RiskTo
from outcome_measures.instruments.registry import recorded
from outcome_measures.models import MeasureOccasion, OccasionState
from outcome_measures.reading.queries import answer_words
from outcome_measures.risk.service import NotSaved
from outcome_measures.scores.risk_signals import WHOLE_FORM
from outcome_measures.time_points import Origin

_WHY = {
    NotSaved.SIGNED_OUT: "after the session had expired",
    NotSaved.OUT_OF_DATE: "on a page that was out of date and was refused",
    NotSaved.REFUSED: "in a form that was refused: it could not be saved as it was",
}
_KEY = re.compile(r"risk:occasion:(\d+):item:(\d+)(?::|$)")


@dataclass(frozen=True)
class Said:
    """One answer in words: the option he chose, or why there is none. Never a level of risk."""

    words: str
    on: date
    case: str = ""
    """His other case on which he said it; empty where it is the same one."""

    @property
    def when(self) -> str:
        """The day, and the case where it is another one."""
        return formats.day(self.on) + (f", on his other case: {self.case}" if self.case else "")


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
    """Earlier answers on the same form, the first one first: one of them opened the review."""
    taken_back: bool = False
    """The form was taken back since; the answer is looked at all the same."""
    not_saved: str = ""
    """Where the answer was typed and is not on record: who typed it, and why it is not."""

    @property
    def lines(self) -> tuple[str, ...]:
        """As a row of a list shows it."""
        earlier = (
            f"Before ({self.before.when}): {self.before.words}"
            if self.before
            else "Not asked before"
        )
        about = f" ({self.to.words})" if self.to else ""
        said = f"{self.instrument}, question {self.number}{about}: {self.now.words}"
        if self.changed:
            # Every one: the review may have been opened by the second as well as by the first.
            said += f", first answered: {', then '.join(one.words for one in self.changed)}"
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
    case_id: int = 0
    case: tuple[str, date | None, datetime] | None = None
    """Court, hearing and beginning of the case: from them it has its name beside another one."""

    def words(self, instrument: Instrument, number: int) -> str:
        return answer_words(instrument, number, self.answer, beside_total=self.beside_total)


def question_of(key: str) -> tuple[int, int] | None:
    """The occasion and the item that a risk review's key names."""
    found = _KEY.match(key)
    return (int(found[1]), int(found[2])) if found else None


def answers_of(viewer: Viewer, keys: Iterable[str]) -> Mapping[str, Answers]:
    """The answers behind risk reviews, by the reviews' keys, however many, in a few queries.

    The time before is his, on whichever of his cases the reader may open as a clinician.
    """
    asked = list(keys)
    typed = [key for key in asked if key.startswith("risk:unsaved:")]
    return {**_saved(viewer, asked), **_unsaved(typed)}


def _unsaved(keys: Sequence[str]) -> dict[str, Answers]:
    """Answers that were typed and are on no record: each is kept with its task."""
    if not keys:
        return {}
    rows = TYPED.all({"keys": keys})
    ids = {about["by"] for _, about in rows}
    names = dict(NAMES.all({"ids": ids}))
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


def _saved(viewer: Viewer, keys: Iterable[str]) -> dict[str, Answers]:
    wanted = {key: pair for key in keys if (pair := question_of(key)) is not None}
    if not wanted:
        return {}
    occasions = {occasion for occasion, _ in wanted.values()}
    rows = HISTORY.all(
        {
            "occasions": occasions,
            "items": {item for _, item in wanted.values()},
            **asked_by(viewer, Purpose.CLINICAL),
        },
    )
    history: dict[tuple[int, str, int], list[_Given]] = {}
    place: dict[int, tuple[int, str]] = {}
    seen = set()
    for row in rows:
        place[row.id] = (row.person_id, row.instrument)
        seen.add((row.id, row.item))
        history.setdefault((*place[row.id], row.item), []).append(
            _given(row, Answer(row.state, row.value))
        )
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


def _given(row: Any, answer: Answer) -> _Given:
    return _Given(
        row.id,
        row.asked_on,
        answer,
        row.origin is Origin.TOTAL,
        row.form is OccasionState.WITHDRAWN,
        row.case_id,
        (row.court_code, row.hearing_on, row.opened_at),
    )


def _without_row(
    pairs: Collection[tuple[int, int]],
    history: dict[tuple[int, str, int], list[_Given]],
    place: dict[int, tuple[int, str]],
) -> None:
    """Add questions of which nothing is on record: behind a total that was imported."""
    if not pairs:
        return
    row = MeasureOccasion
    columns = (row.id, Case.person_id, row.case_id, row.instrument, row.asked_on)
    named = (Case.court_code, Case.hearing_on, Case.opened_at)
    query = select(*columns, row.origin, row.state.label("form"), *named)
    query = query.join(Case, Case.id == row.case_id)
    query = query.where(row.id.in_({occasion for occasion, _ in pairs}))
    found = {line.id: line for line in db.session.execute(query)}
    for occasion, item in pairs:
        if (line := found.get(occasion)) is not None:
            place[occasion] = (line.person_id, line.instrument)
            history.setdefault((*place[occasion], item), []).append(_given(line, NOT_REACHED))
            history[(*place[occasion], item)].sort(key=lambda one: (one.on, one.occasion))


def _changed(occasions: Collection[int]) -> dict[tuple[int, int], list[Any]]:
    """The corrections of these occasions with who made them, by occasion and item."""
    found: dict[tuple[int, int], list[Any]] = {}
    for row in CORRECTIONS.all({"occasions": occasions}):
        answer = Answer(row.before_state, row.before_value)
        given = _Given(row.occasion_id, row.created_at.date(), answer, row.origin is Origin.TOTAL)
        told = (given, row.by, row.created_at, row.reason)
        found.setdefault((row.occasion_id, row.item), []).append(told)
    return found


def _answers(history: list[_Given], instrument: Instrument, pair: tuple[int, int]) -> Answers:
    occasion, number = pair
    at = max((n for n, given in enumerate(history) if given.occasion == occasion), default=0)
    before = history[at - 1] if at else None
    another = before is not None and before.case_id != history[at].case_id
    elsewhere = name_of(*before.case) if another and before and before.case else ""
    return Answers(
        instrument=instrument.name,
        number=number,
        question=instrument.item(number).text,
        to=_whom(instrument, number),
        now=Said(history[at].words(instrument, number), history[at].on),
        before=Said(before.words(instrument, number), before.on, elsewhere) if before else None,
        taken_back=history[at].taken_back,
    )


def _whom(instrument: Instrument, number: int) -> RiskTo | None:
    item = instrument.item(number)
    return item.risk_to if item.risk else None
