"""Flags on record as pages show them, with their responses."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.cases.report_due import Countdowns
from mhtr.core.database import db
from mhtr.core.due import Left
from mhtr.core.errors import NotFound
from mhtr.core.prepared import Prepared
from mhtr.people.models import Person
from outcome_measures.definitions import Instrument
from outcome_measures.flag_kinds import FlagKind
from outcome_measures.flags.rules import RISE
from outcome_measures.flags.words import KIND_WORDS, RISE_WORDS
from outcome_measures.instruments.registry import INSTRUMENTS
from outcome_measures.models import MeasureFlag

NOT_KEPT = "Why it was raised was not kept: look at his scores."
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
    report: Left | None
    """The countdown to the report on him."""

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


def flags_of_case(case_id: int) -> list[FlagRow]:
    """Every flag of a case the viewer may see: waiting ones first, then the newest."""
    rows = rows_of(_of_case().all({"case": case_id}))
    return sorted(rows, key=lambda row: list(FlagState).index(row.state))


@cache
def _of_case() -> Prepared:
    """Made once: making it takes longer than asking it."""
    of_case = MeasureFlag.case_id == bindparam("case")
    return Prepared(flag_lines().where(of_case).order_by(MeasureFlag.id.desc()))


def find_flag(case: Case, ref: uuid.UUID) -> FlagRow:
    """One flag of a case that was found in the viewer's scope.

    Raises:
        NotFound: this case has no such flag.
    """
    query = flag_lines().where(MeasureFlag.case_id == case.id, MeasureFlag.ref == ref)
    lines = db.session.execute(query).all()
    if not lines:
        raise NotFound
    return rows_of(lines)[0]


def flag_lines() -> Any:
    return (
        select(
            MeasureFlag.id,
            MeasureFlag.ref,
            MeasureFlag.case_id,
            MeasureFlag.kind,
            MeasureFlag.instrument,
            MeasureFlag.key,
            MeasureFlag.said,
            MeasureFlag.created_at,
            MeasureFlag.ended_at,
            MeasureFlag.response,
            MeasureFlag.responded_at,
            MeasureFlag.in_supervision,
            Case.ref.label("case_ref"),
            Case.state,
            Case.report_due_on,
            Case.progress,
            Case.paused,
            Case.stage,
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


def rows_of(lines: Sequence[Any]) -> list[FlagRow]:
    """Lines of `flag_lines` as pages show them."""
    countdowns = Countdowns()
    return [_row(line, countdowns) for line in lines]


def _row(line: Any, countdowns: Countdowns) -> FlagRow:
    said = line.said or {"rule": "", "reason": NOT_KEPT}
    return FlagRow(
        id=line.id,
        ref=line.ref,
        case_id=line.case_id,
        case_ref=line.case_ref,
        person_id=line.person_id,
        who=f"{line.given_name} {line.family_name}".strip(),
        born=line.born,
        assessor=line.assessor or "",
        kind=line.kind,
        title=title_of(line.kind, line.instrument, line.key),
        rule=said["rule"],
        reason=said["reason"],
        since=_since(line.key),
        raised_at=line.created_at,
        ended_at=line.ended_at,
        response=line.response or "",
        responded_at=line.responded_at,
        responder=line.responder or "",
        in_supervision=line.in_supervision,
        report=countdowns.of(line),
    )


def _since(key: str) -> date:
    # A copy made for measuring speed has a mark behind the day.
    return date.fromisoformat(key.rpartition(":")[2][:10])
