"""Reading measures and contacts of cases the caller has found in his viewer's scope."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache, lru_cache

from sqlalchemy import String, and_, bindparam, cast, func, literal, select

from mhtr.accounts.models import Staff
from mhtr.core.database import db
from mhtr.core.prepared import Prepared
from outcome_measures.answers import NOT_KNOWN
from outcome_measures.definitions import (
    NOT_REACHED,
    Answer,
    AnswerState,
    Instrument,
    Item,
    Responses,
)
from outcome_measures.goals.service import GOAL_INSTRUMENT, goals_asked
from outcome_measures.instruments.registry import recorded
from outcome_measures.models import (
    AnswerCorrection,
    MeasureAnswer,
    MeasureContact,
    MeasureOccasion,
    OccasionState,
)
from outcome_measures.reading.standing_totals import standing_total
from outcome_measures.risk.service import responses_of
from outcome_measures.scores import scoring
from outcome_measures.scores.total_checks import left_open, part_labels
from outcome_measures.series import ScorePoint, in_order
from outcome_measures.signing.offered import nobody_stands_for
from outcome_measures.signing.service import in_force


@dataclass(frozen=True)
class ContactLine:
    """A contact as a list shows it."""

    contact: MeasureContact
    by: str


@dataclass(frozen=True)
class Correction:
    """What an answer, or a total that was typed in, was before it was corrected."""

    item: int
    what: str
    """Which: `Question 9`, `Total`, or a subscale's name."""
    before: str
    by: str
    at: datetime
    reason: str

    @property
    def quoted(self) -> str:
        """What it was in quotation marks; words that have their own get no second pair."""
        return self.before if self.before.startswith("“") else f"“{self.before}”"


@dataclass(frozen=True)
class Answered:
    """One question with its answer in words."""

    number: int
    text: str
    words: str
    value: int | None


@dataclass(frozen=True)
class Taken:
    """One measure as it stands: its answers, score and corrections.

    Of a total that was typed in, the answers are those to risk questions only.
    """

    occasion: MeasureOccasion
    instrument: Instrument
    score: scoring.Score
    answers: tuple[Answered, ...]
    corrections: tuple[Correction, ...]

    @property
    def unsigned(self) -> str:
        """What is to be read beside the score while nobody stands for the words of its form."""
        return nobody_stands_for(self.instrument)


def of_context(context: str) -> dict[str, MeasureOccasion]:
    """The measures of one context, by instrument."""
    rows = db.session.scalars(select(MeasureOccasion).where(MeasureOccasion.context == context))
    return {row.instrument: row for row in rows}


def taken(occasion: MeasureOccasion) -> Taken:
    """A measure with its score, its answers in words, and what was corrected."""
    instrument = _in_his_words(in_force(occasion.instrument), occasion)
    responses = responses_of(occasion)
    typed = None if left_open(instrument, responses) else occasion.typed_total
    return Taken(
        occasion,
        instrument,
        scoring.score(instrument, responses)
        if typed is None
        else scoring.typed_score(instrument, typed, occasion.typed_parts),
        tuple(
            _answered(instrument, item, responses.get(item.number, NOT_REACHED), typed is not None)
            for item in _shown(instrument, responses, typed is not None)
        ),
        _corrections(occasion, instrument),
    )


def _in_his_words(instrument: Instrument, occasion: MeasureOccasion) -> Instrument:
    """The instrument with each goal as he put it; any other as it is."""
    if instrument.id != GOAL_INSTRUMENT:
        return instrument
    asked = goals_asked(occasion)
    items = (
        replace(item, text=f"{item.text}: {asked[item.number].words}")
        if item.number in asked
        else item
        for item in instrument.items
    )
    return replace(instrument, items=tuple(items))


def _shown(instrument: Instrument, responses: Responses, beside_total: bool) -> Iterable[Item]:
    """The questions of which something is shown; of one not installed those with an answer."""
    if not instrument.installed:
        return [item for item in instrument.items if item.number in responses]
    return instrument.risk_items if beside_total else instrument.items


def _answered(instrument: Instrument, item: Item, answer: Answer, beside_total: bool) -> Answered:
    words = answer_words(instrument, item.number, answer, beside_total=beside_total)
    return Answered(item.number, item.text, words, answer.value)


def points_of(
    case_ids: Collection[int], *, since: date = date.min
) -> Mapping[int, tuple[ScorePoint, ...]]:
    """The scores of the submitted measures of each case, as taken; in one statement.

    A case without any is absent. An incomplete form is a point without a total.

    Args:
        since: those from this day on.
    """
    if not case_ids:
        return {}
    rows = _points().all({"cases": list(case_ids), "since": since})
    found: dict[int, list[ScorePoint]] = defaultdict(list)
    for case_id, key, ref, name, on, typed, point, session, origin, historic, answers in rows:
        total = typed if typed is not None else total_of(name, answers or "")
        found[case_id].append(
            ScorePoint(str(ref), name, on, total, point, session, origin, historic, key)
        )
    return {case_id: in_order(points) for case_id, points in found.items()}


@cache
def _points() -> Prepared:
    """Made once: making it takes longer than asking it."""
    # What does not apply has no value; a question left out because of it is not missing.
    value = func.coalesce(cast(MeasureAnswer.value, String), "")
    given = cast(MeasureAnswer.item, String) + literal("=") + value
    row = MeasureOccasion
    return Prepared(
        select(
            row.case_id,
            row.id,
            row.ref,
            row.instrument,
            row.asked_on,
            standing_total(),
            row.point,
            row.session_number,
            row.origin,
            row.historic,
            func.aggregate_strings(given, ";"),
        )
        .outerjoin(
            MeasureAnswer,
            and_(
                MeasureAnswer.occasion_id == row.id,
                MeasureAnswer.state.in_((AnswerState.ANSWERED, AnswerState.NOT_APPLICABLE)),
            ),
        )
        .where(
            row.case_id.in_(bindparam("cases", expanding=True)),
            row.state == OccasionState.SUBMITTED,
            row.asked_on >= bindparam("since"),
        )
        .group_by(row.id)
    )


@lru_cache(maxsize=50_000)
def total_of(instrument: str, answers: str) -> int | None:
    """The total of answers given as `1=0;2=3;3=`, by the instrument's rules; pages ask it often.

    Without a value the question does not apply.
    """
    pairs = (part.split("=") for part in answers.split(";") if part)
    responses = {
        int(item): Answer(AnswerState.ANSWERED, int(value))
        if value
        else Answer(AnswerState.NOT_APPLICABLE)
        for item, value in pairs
    }
    return scoring.total_of(recorded(instrument), responses)


def answer_words(
    instrument: Instrument, item: int, answer: Answer, *, beside_total: bool = False
) -> str:
    """An answer as a clinician reads it: its option's words, or why there is none.

    Args:
        beside_total: of a total that was typed in, where nobody knows what was not answered.
    """
    if beside_total and answer.state is AnswerState.NOT_REACHED:
        return NOT_KNOWN
    for option in instrument.item(item).options:
        if answer.value is not None and option.value == answer.value:
            return option.label
    return answer.state.words


def _corrections(occasion: MeasureOccasion, instrument: Instrument) -> tuple[Correction, ...]:
    rows = db.session.execute(
        select(AnswerCorrection, Staff.name)
        .join(Staff, Staff.id == AnswerCorrection.by_id)
        .where(AnswerCorrection.occasion_id == occasion.id)
        .order_by(AnswerCorrection.id)
    )
    return tuple(
        Correction(
            row.item,
            *_before(instrument, row, occasion.typed_total is not None),
            name,
            row.created_at,
            row.reason,
        )
        for row, name in rows
    )


def _before(instrument: Instrument, row: AnswerCorrection, beside_total: bool) -> tuple[str, str]:
    if row.item > 0:
        answer = Answer(row.before_state, row.before_value)
        words = answer_words(instrument, row.item, answer, beside_total=beside_total)
        return f"Question {row.item}", words
    was = "not typed in" if row.before_value is None else str(row.before_value)
    if row.item == 0:
        return "Total", was
    return (part_labels(instrument)[-1 - row.item] if instrument.installed else "A part", was)


def contacts_of(case_id: int) -> tuple[ContactLine, ...]:
    """The contacts of a case, the latest first; without those that were taken back."""
    rows = db.session.execute(_CONTACTS, {"case": case_id})
    return tuple(ContactLine(contact, name) for contact, name in rows)


_CONTACTS = (
    select(MeasureContact, Staff.name)
    .join(Staff, Staff.id == MeasureContact.by_id)
    .where(MeasureContact.case_id == bindparam("case"), MeasureContact.taken_back.is_(False))
    .order_by(MeasureContact.held_on.desc(), MeasureContact.id.desc())
)
