"""Flags on record as pages show them: their words made from the scores, their responses."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.cases.queries import in_scope
from mhtr.core import clock
from mhtr.core.access import Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound
from mhtr.people.models import Person
from mhtr.web.paging import order_of
from outcome_measures.definitions import Instrument
from outcome_measures.flag_kinds import FlagKind
from outcome_measures.flag_queries import states_of
from outcome_measures.flag_rules import RISE
from outcome_measures.flag_state import CaseMeasures, Flag
from outcome_measures.flag_words import KIND_WORDS, RISE_WORDS
from outcome_measures.flags import course, flags
from outcome_measures.instruments.registry import INSTRUMENTS
from outcome_measures.models import MeasureContact, MeasureFlag
from outcome_measures.scores import NOT_INSTALLED

RECENT_DAYS = 28
"""How long a response counts as recent."""
GONE = "The scores or answers behind it were corrected since."
_Responder, _Assessor, _Met = aliased(Staff), aliased(Staff), aliased(MeasureContact)


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


@dataclass(frozen=True)
class Asked:
    """What a list of flags was asked for; empty and None: any."""

    state: FlagState = FlagState.WAITING
    kind: FlagKind | None = None
    assessor_id: int | None = None
    own: bool = False
    """Only of cases that the viewer assesses, or at which he has met the man."""
    left_out: frozenset[FlagKind] = frozenset()
    """Kinds that the list does not show."""
    words: bool = True
    """Whether rule and reason are made; they are empty otherwise, and cost nothing."""
    since: datetime | None = None
    """Only those responded to from then on."""
    sort: str = "raised"
    """A key of `SORTS`, after a minus sign from the other end."""


SORTS: dict[str, tuple[Any, ...]] = {
    "raised": (MeasureFlag.created_at,),
    "responded": (MeasureFlag.responded_at,),
    "name": (Person.family_name, Person.given_name),
    "assessor": (_Assessor.name,),
    "kind": (MeasureFlag.kind,),
}


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


def flags_in_scope(viewer: Viewer, asked: Asked, *, limit: int, offset: int = 0) -> list[FlagRow]:
    """A page of a list of flags in the viewer's clinical scope, with their words."""
    lines = _find(viewer, asked, limit, offset)
    return _rows(lines, _states(lines) if asked.words else None)


def supervision(
    viewer: Viewer, asked: Asked, *, limit: int, offset: int, recent: int
) -> tuple[list[FlagRow], list[FlagRow]]:
    """A page of flags, and so many of the latest responses (0: none), read together."""
    lines = _find(viewer, asked, limit, offset)
    since = clock.now() - timedelta(days=RECENT_DAYS)
    latest = Asked(state=FlagState.RESPONDED, since=since, sort="-responded")
    responses = _find(viewer, latest, recent, 0) if recent else []
    states = _states([*lines, *responses])
    return _rows(lines, states), _rows(responses, states)


def _find(viewer: Viewer, asked: Asked, limit: int, offset: int) -> Sequence[Any]:
    query = (
        _lines()
        .where(*_narrowed(viewer, asked), in_scope(viewer, Purpose.CLINICAL))
        .order_by(*order_of(SORTS, asked.sort, MeasureFlag.id))
        .limit(limit)
        .offset(offset)
    )
    return db.session.execute(query).all()


def _states(lines: Iterable[Any]) -> Mapping[int, CaseMeasures]:
    return states_of({line.MeasureFlag.case_id for line in lines})


def flags_of_case(case_id: int, state: CaseMeasures) -> list[FlagRow]:
    """Every flag of a case the viewer may see: waiting ones first, then the newest."""
    rows = _rows(db.session.execute(_of_case(), {"case": case_id}).all(), {case_id: state})
    return sorted(rows, key=lambda row: list(FlagState).index(row.state))


@cache
def _of_case() -> Any:
    """Made once: making it takes longer than asking it."""
    of_case = MeasureFlag.case_id == bindparam("case")
    return _lines().where(of_case).order_by(MeasureFlag.id.desc())


def find_flag(case: Case, ref: uuid.UUID) -> FlagRow:
    """One flag of a case that was found in the viewer's scope.

    Raises:
        NotFound: this case has no such flag.
    """
    query = _lines().where(MeasureFlag.case_id == case.id, MeasureFlag.ref == ref)
    lines = db.session.execute(query).all()
    if not lines:
        raise NotFound
    return _rows(lines, _states(lines))[0]


def _lines() -> Any:
    return (
        select(
            MeasureFlag,
            Case.ref.label("case_ref"),
            Person.id.label("person_id"),
            Person.given_name,
            Person.family_name,
            Person.born,
            _Assessor.name.label("assessor"),
            _Responder.name.label("responder"),
        )
        .join(Case, Case.id == MeasureFlag.case_id)
        .join(Person, Person.id == Case.person_id)
        .outerjoin(_Assessor, _Assessor.id == Case.assessor_id)
        .outerjoin(_Responder, _Responder.id == MeasureFlag.responded_by)
    )


def _narrowed(viewer: Viewer, asked: Asked) -> Iterable[ColumnElement[bool]]:
    flag = MeasureFlag
    if asked.state is FlagState.RESPONDED:
        yield flag.responded_at.is_not(None)
    else:
        yield flag.responded_at.is_(None)
        waits = asked.state is FlagState.WAITING
        yield flag.ended_at.is_(None) if waits else flag.ended_at.is_not(None)
    if asked.since is not None:
        yield flag.responded_at >= asked.since
    if asked.kind is not None:
        yield flag.kind == asked.kind
    if asked.assessor_id is not None:
        yield Case.assessor_id == asked.assessor_id
    if asked.left_out:
        yield flag.kind.not_in(sorted(asked.left_out))
    if asked.own:
        yield is_his(viewer)


def is_his(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that the viewer assesses the `Case` of a query, or has met the man at it."""
    met = exists().where(_Met.case_id == Case.id, _Met.by_id == viewer.staff_id)
    return or_(Case.assessor_id == viewer.staff_id, met)


def _rows(lines: Sequence[Any], states: Mapping[int, CaseMeasures] | None) -> list[FlagRow]:
    """`states`: what the words are made from; None where none are wanted."""
    words = states or {}
    held = _held(lines, words)
    made = []
    for line in lines:
        row: MeasureFlag = line.MeasureFlag
        rule, reason = ("", "")
        if row.case_id in words:
            rule, reason = _words(row, held[row.case_id])
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


def _held(
    lines: Sequence[Any], states: Mapping[int, CaseMeasures]
) -> Mapping[int, Mapping[str, Flag]]:
    """What each flag of a case says, by key: as it holds now or, ended, as it held at first."""
    ended = {line.MeasureFlag.case_id for line in lines if line.MeasureFlag.ended_at is not None}
    found = {}
    for case_id, state in states.items():
        if case_id in ended:
            ever = course(state)
            found[case_id] = {**ever.begun, **{flag.key: flag for flag in ever.now}}
        else:
            found[case_id] = {flag.key: flag for flag in flags(state)}
    return found


def _words(row: MeasureFlag, held: Mapping[str, Flag]) -> tuple[str, str]:
    """Rule and reason of a flag."""
    flag = held.get(row.key.removeprefix(f"{row.case_id}:"))
    if flag is None:
        known = row.instrument is None or row.instrument in INSTRUMENTS
        return "", GONE if known else f"{NOT_INSTALLED}."
    return flag.rule, flag.reason


def _since(row: MeasureFlag) -> date:
    # A copy made for measuring speed has a mark behind the day.
    return date.fromisoformat(row.key.rpartition(":")[2][:10])
