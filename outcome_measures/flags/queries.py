"""Reading what flags are made from, for any number of cases at once."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, select

from mhtr.core import clock
from mhtr.core.policy import in_force
from mhtr.core.prepared import Prepared
from outcome_measures import policy
from outcome_measures.counting import course_parts, planned_of
from outcome_measures.definitions import AnswerState, Instrument, Item
from outcome_measures.flags.attended import with_attended
from outcome_measures.flags.due import Asked, Contact, History, Schedule, Schedules
from outcome_measures.flags.state import CaseMeasures, Measured, RiskAnswer, Thresholds
from outcome_measures.goals.service import GOAL_INSTRUMENT, with_goals
from outcome_measures.models import MeasureAnswer, MeasureContact, MeasureOccasion, OccasionState
from outcome_measures.reading.lines import Line
from outcome_measures.reading.queries import ContactLine, points_of
from outcome_measures.series import BaselineRule, ScorePoint
from outcome_measures.signing.offered import asked_when, asked_when_by_day
from outcome_measures.signing.service import all_in_force
from outcome_measures.time_points import Origin, TimePoint

OUTCOME = ("phq9", "gad7")
"""The instruments whose scores decide the outcome of treatment, as NHS Talking Therapies pairs."""
_POLICY = (
    policy.BASELINE_RULE,
    policy.LEAST_IMPROVEMENT_BY,
    policy.NEAR_END,
    policy.PAIR_BY,
)


def states_of(case_ids: Collection[int]) -> Mapping[int, CaseMeasures]:
    """The measures of these cases as they stand today, with the policy in force."""
    if not case_ids:
        return {}
    instruments, empty = all_in_force(), empty_state()
    points = points_of(case_ids)
    contacts = with_attended(contacts_of(case_ids), points, case_ids)
    found, planned = _occasions_of(case_ids, instruments), planned_of(case_ids)
    parts = course_parts(case_ids)
    found_of = {
        case_id: replace(
            empty,
            points=points.get(case_id, ()),
            contacts=contacts.get(case_id, ()),
            risk_answers=tuple(found.risk[case_id]),
            planned_sessions=planned.get(case_id),
            parts=parts.get(case_id, ()),
            asked=with_complete(found.asked[case_id], points.get(case_id, ())),
        )
        for case_id in case_ids
    }
    return without_goals(found_of)


def state_of(case_id: int, lines: Sequence[Line], contacts: Sequence[ContactLine]) -> CaseMeasures:
    """As `states_of`, from what a page about one man has read of him already."""
    points = tuple(line.point for line in lines if line.state is OccasionState.SUBMITTED)
    met = {case_id: tuple(_contact(line.contact) for line in reversed(contacts))}
    recorded = sorted(lines, key=lambda line: line.point.order)
    asked = [(line.point.order, _asked_at(line)) for line in recorded]
    state = replace(
        empty_state(),
        points=points,
        contacts=with_attended(met, {case_id: points}, [case_id])[case_id],
        risk_answers=tuple(
            _risk_answer(line, item) for line in recorded for item in _risk_items(line)
        ),
        planned_sessions=planned_of([case_id]).get(case_id),
        parts=course_parts([case_id]).get(case_id, ()),
        asked=with_complete(asked, points),
    )
    return without_goals({case_id: state})[case_id]


def _asked_at(line: Line) -> Asked:
    number = line.point.session_number
    return asked_one(line.instrument.id, line.point.on, line.point.point, number, line.state)


def asked_one(
    instrument: str, on: date, point: TimePoint, number: int | None, form: OccasionState
) -> Asked:
    """A form as what is due sees it; whether it has a total, `with_complete` says."""
    unfinished_at = (number or 0) if form is OccasionState.CLOSED else None
    finished = form is not OccasionState.OPEN
    return Asked(instrument, on, point, finished, unfinished_at=unfinished_at)


def _risk_items(line: Line) -> Sequence[Item]:
    return () if line.state is OccasionState.OPEN else line.instrument.risk_items


def _risk_answer(line: Line, item: Item) -> RiskAnswer:
    point, answer = line.point, line.answers.get(item.number)
    return RiskAnswer(
        line.instrument.id, line.instrument.name, item.number, point.on,
        answer.value if answer else None, point.occasion_ref, point.order, point.historic,
        item.risk_to, point.origin is Origin.TOTAL,
    )  # fmt: skip


def empty_state() -> CaseMeasures:
    """A man of whom nothing is on record, by the policy in force today."""
    held, instruments = in_force(*_POLICY), all_in_force()
    asks = schedules()
    made = (_measured(instruments[name], asks.get(name, Schedule.NEVER)) for name in OUTCOME)
    return CaseMeasures(
        measures=tuple(measure for measure in made if measure),
        today=clock.today(),
        rule=BaselineRule(str(held[policy.BASELINE_RULE.key])),
        thresholds=Thresholds(
            no_change_from=int(held[policy.LEAST_IMPROVEMENT_BY.key]),
            near_end=int(held[policy.NEAR_END.key]),
            pair_by=int(held[policy.PAIR_BY.key]),
        ),
        schedules=asks,
        history=schedule_history(),
    )


def contacts_of(case_ids: Collection[int]) -> Mapping[int, tuple[Contact, ...]]:
    """The contacts of each case at which measures are asked, the first one first."""
    found: dict[int, list[Contact]] = defaultdict(list)
    for line in _contacts().all({"cases": list(case_ids)}):
        found[line.case_id].append(_contact(line))
    return {case_id: tuple(contacts) for case_id, contacts in found.items()}


@cache
def _contacts() -> Prepared:
    """Made once: making it takes longer than asking it."""
    row = MeasureContact
    return Prepared(
        select(row.case_id, row.ref, row.held_on, row.point, row.session_number, row.closed_at)
        .where(row.case_id.in_(bindparam("cases", expanding=True)), row.taken_back.is_(False))
        .order_by(row.held_on, row.id)
    )


def _contact(row: Any) -> Contact:
    number, closed = row.session_number, row.closed_at is not None
    return Contact(str(row.ref), row.held_on, row.point, number, closed)


def _measured(instrument: Instrument, when: Schedule) -> Measured | None:
    """An instrument with its numbers, on which less is better; None while one is not verified."""
    caseness, change = instrument.caseness, instrument.reliable_change
    if caseness is None or change is None or not instrument.lower_is_better:
        return None
    if not (caseness.source.verified and change.source.verified):
        return None
    return Measured(instrument.id, instrument.name, caseness.at_least, change.points, when)


@dataclass(frozen=True)
class _Occasions:
    """What was asked of each case: all of it, and the questions about risk with their answers."""

    risk: Mapping[int, list[RiskAnswer]]
    asked: Mapping[int, list[tuple[int, Asked]]]
    """With the key of the occasion."""


def _occasions_of(case_ids: Collection[int], instruments: Mapping[str, Instrument]) -> _Occasions:
    """Every occasion of these cases, with the answers to its questions about risk."""
    asking = {name: one for name, one in instruments.items() if one.risk_items}
    numbers = {item.number for instrument in asking.values() for item in instrument.risk_items}
    values, occasions = dict[tuple[int, int], int](), dict[int, Any]()
    given = {"cases": list(case_ids), "items": sorted(numbers)}
    for line in _occasions().all(given):
        occasions[line.id] = line
        if line.state is AnswerState.ANSWERED:
            values[line.id, line.item] = line.value
    found = _Occasions(defaultdict(list), defaultdict(list))
    for line in occasions.values():
        finished = line.form is not OccasionState.OPEN
        asked = asked_one(
            line.instrument, line.asked_on, line.point, line.session_number, line.form
        )
        found.asked[line.case_id].append((line.id, asked))
        instrument = asking.get(line.instrument)
        if instrument is None or not finished:
            continue
        found.risk[line.case_id].extend(
            RiskAnswer(
                instrument.id, instrument.name, item.number, line.asked_on,
                values.get((line.id, item.number)), str(line.ref), line.id, line.historic,
                item.risk_to, line.origin is Origin.TOTAL,
            )
            for item in instrument.risk_items
        )  # fmt: skip
    return found


@cache
def _occasions() -> Prepared:
    """Made once: making it takes longer than asking it."""
    row, answer = MeasureOccasion, MeasureAnswer
    asked = answer.item.in_(bindparam("items", expanding=True))
    return Prepared(
        select(
            row.case_id, row.id, row.ref, row.instrument, row.asked_on, row.historic, row.point,
            row.session_number, row.origin, row.state.label("form"),
            answer.item, answer.state, answer.value,
        )
        .outerjoin(answer, and_(answer.occasion_id == row.id, asked))
        .where(row.case_id.in_(bindparam("cases", expanding=True)))
        .where(row.state != OccasionState.WITHDRAWN)
        .order_by(row.id)
    )  # fmt: skip


def with_complete(
    found: Sequence[tuple[int, Asked]], points: Sequence[ScorePoint]
) -> tuple[Asked, ...]:
    """These forms, by their keys, with whether each has a total."""
    complete = {point.order for point in points if point.complete}
    return tuple(replace(asked, complete=key in complete) for key, asked in found)


def schedules() -> Mapping[str, Schedule]:
    """When each instrument is asked, in the order in which they are asked.

    Those that the service never asks, or may not ask before somebody signs, are left out.
    """
    return _schedules(asked_when())


def schedule_history() -> History:
    """The schedules by the day from which they were in force; empty where they never changed."""
    found = asked_when_by_day()
    return tuple((since, _schedules(asks)) for since, asks in found) if len(found) > 1 else ()


def without_goals(states: Mapping[int, CaseMeasures]) -> Mapping[int, CaseMeasures]:
    """The same, with ratings of goals due only for whoever has a goal: there is nothing to ask."""
    asked = [key for key, state in states.items() if GOAL_INSTRUMENT in state.schedules]
    have = with_goals(asked) if asked else frozenset()
    return {
        key: _less_goals(state) if key in asked and key not in have else state
        for key, state in states.items()
    }


def _less_goals(state: CaseMeasures) -> CaseMeasures:
    return replace(
        state,
        schedules=_but_goals(state.schedules),
        history=tuple((since, _but_goals(asked)) for since, asked in state.history),
    )


def _but_goals(asked: Schedules) -> Schedules:
    return {name: when for name, when in asked.items() if name != GOAL_INSTRUMENT}


def _schedules(asks: Mapping[str, str]) -> Mapping[str, Schedule]:
    return {name: Schedule(when) for name, when in asks.items()}
