"""Flags on record as pages show them: their words made from the scores, their responses."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from mhtr.people.models import Person
from outcome_measures.definitions import Instrument
from outcome_measures.flag_kinds import FlagKind
from outcome_measures.flags.queries import states_of
from outcome_measures.flags.rules import RISE, Held, holding, key_of
from outcome_measures.flags.standing import course
from outcome_measures.flags.state import CaseMeasures, Flag
from outcome_measures.flags.words import KIND_WORDS, RISE_WORDS
from outcome_measures.instruments.registry import INSTRUMENTS
from outcome_measures.models import MeasureFlag
from outcome_measures.scores.score import NOT_INSTALLED

GONE = "The scores or answers behind it were corrected since."
_Responder, ASSESSOR = aliased(Staff), aliased(Staff)


class FlagState(StrEnum):
    """What became of a flag; the value is what a filter sends."""

    WAITING = "waiting"
    RESPONDED = "responded"
    ENDED = "ended"
    """Its rule no longer holds and nobody responded."""


@dataclass(frozen=True)
class FlagRow:
    """A flag as a page shows it."""

    id: int
    ref: uuid.UUID
    case_id: int
    case_ref: uuid.UUID
    person_id: int
    who: str
    born: date | None
    assessor: str
    kind: FlagKind
    title: str
    rule: str
    reason: str
    since: date
    raised_at: datetime
    ended_at: datetime | None
    response: str
    responded_at: datetime | None
    responder: str
    in_supervision: bool | None

    @property
    def state(self) -> FlagState:
        """What became of it."""
        if self.responded_at is not None:
            return FlagState.RESPONDED
        return FlagState.WAITING if self.ended_at is None else FlagState.ENDED


def title_of(kind: FlagKind, instrument: str | None, key: str = "") -> str:
    """`Score up: PHQ-9`; the key tells a rise of an answer from the answer itself."""
    known = INSTRUMENTS.get(instrument or "")
    words = RISE_WORDS if RISE in key.split(":") else KIND_WORDS[kind]
    if kind is FlagKind.RISK and known:
        words += f" ({_whom(known, key)})"
    return f"{words}: {known.name}" if known else words


def _whom(instrument: Instrument, key: str) -> str:
    """Whom the question of a flag about risk asks about: `12:risk:phq9:9:2026-03-02`."""
    after = key.rpartition(f":{instrument.id}:")[2]
    return instrument.item(int(after.partition(":")[0])).risk_to.words


def states_behind(lines: Iterable[Any]) -> Mapping[int, CaseMeasures]:
    """What the words of these flags are made from."""
    return states_of({line.MeasureFlag.case_id for line in lines})


def flags_of_case(case_id: int, state: CaseMeasures) -> list[FlagRow]:
    """Every flag of a case the viewer may see: waiting ones first, then the newest."""
    rows = rows_of(db.session.execute(_of_case(), {"case": case_id}).all(), {case_id: state})
    return sorted(rows, key=lambda row: list(FlagState).index(row.state))


@cache
def _of_case() -> Any:
    """Made once: making it takes longer than asking it."""
    of_case = MeasureFlag.case_id == bindparam("case")
    return flag_lines().where(of_case).order_by(MeasureFlag.id.desc())


def find_flag(case: Case, ref: uuid.UUID) -> FlagRow:
    """One flag of a case that was found in the viewer's scope.

    Raises:
        NotFound: this case has no such flag.
    """
    query = flag_lines().where(MeasureFlag.case_id == case.id, MeasureFlag.ref == ref)
    lines = db.session.execute(query).all()
    if not lines:
        raise NotFound
    return rows_of(lines, states_behind(lines))[0]


def flag_lines() -> Any:
    return (
        select(
            MeasureFlag,
            Case.ref.label("case_ref"),
            Person.id.label("person_id"),
            Person.given_name,
            Person.family_name,
            Person.born,
            ASSESSOR.name.label("assessor"),
            _Responder.name.label("responder"),
        )
        .join(Case, Case.id == MeasureFlag.case_id)
        .join(Person, Person.id == Case.person_id)
        .outerjoin(ASSESSOR, ASSESSOR.id == Case.assessor_id)
        .outerjoin(_Responder, _Responder.id == MeasureFlag.responded_by)
    )


def rows_of(lines: Sequence[Any], states: Mapping[int, CaseMeasures] | None) -> list[FlagRow]:
    """`states`: what the words are made from; None where none are wanted."""
    words = states or {}
    said = _said(lines, words)
    made = []
    for line in lines:
        row: MeasureFlag = line.MeasureFlag
        rule, reason = ("", "")
        if row.case_id in words:
            rule, reason = _words(row, said[row.case_id])
        made.append(
            FlagRow(
                id=row.id,
                ref=row.ref,
                case_id=row.case_id,
                case_ref=line.case_ref,
                person_id=line.person_id,
                who=f"{line.given_name} {line.family_name}".strip(),
                born=line.born,
                assessor=line.assessor or "",
                kind=row.kind,
                title=title_of(row.kind, row.instrument, row.key),
                rule=rule,
                reason=reason,
                since=_since(row),
                raised_at=row.created_at,
                ended_at=row.ended_at,
                response=row.response or "",
                responded_at=row.responded_at,
                responder=line.responder or "",
                in_supervision=row.in_supervision,
            )
        )
    return made


@dataclass(frozen=True)
class _Said:
    """What the flags of a man say."""

    now: Mapping[str, Held]
    """As they hold now, by key without its day."""
    begun: Mapping[str, Flag]
    """As each held at first, by key; empty where none has ended."""


def _said(lines: Sequence[Any], states: Mapping[int, CaseMeasures]) -> Mapping[int, _Said]:
    """What each flag of these cases says: as it holds now or, ended, as it held at first."""
    ended = {line.MeasureFlag.case_id for line in lines if line.MeasureFlag.ended_at is not None}
    return {
        case_id: _Said(
            {key_of(identity): held for identity, held in holding(state).items()},
            course(state).begun if case_id in ended else {},
        )
        for case_id, state in states.items()
    }


def _words(row: MeasureFlag, said: _Said) -> tuple[str, str]:
    """Rule and reason of a flag."""
    key = row.key.removeprefix(f"{row.case_id}:")
    now = said.now.get(key.rpartition(":")[0])
    found = now if row.ended_at is None else said.begun.get(key)
    if found is None:
        known = row.instrument is None or row.instrument in INSTRUMENTS
        return "", GONE if known else f"{NOT_INSTALLED}."
    return found.rule, found.reason


def _since(row: MeasureFlag) -> date:
    # A copy made for measuring speed has a mark behind the day.
    return date.fromisoformat(row.key.rpartition(":")[2][:10])
