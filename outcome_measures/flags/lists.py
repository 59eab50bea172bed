"""Lists of flags: in whose scope, narrowed and sorted how. One statement for each shape of list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, or_
from sqlalchemy.orm import aliased

from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.access import Purpose, Viewer
from mhtr.core.prepared import Prepared
from mhtr.core.scope import ANYBODY, asked_by, visible
from mhtr.people.models import Person
from mhtr.web.paging import order_of
from outcome_measures import listeners
from outcome_measures.flag_kinds import FlagKind
from outcome_measures.flags.reading import (
    ASSESSOR,
    FlagRow,
    FlagState,
    flag_lines,
    rows_of,
)
from outcome_measures.models import MeasureContact, MeasureFlag

RECENT_DAYS = 28
"""How long a response counts as recent."""
SOMETIME = datetime.min.replace(tzinfo=UTC)
_Met = aliased(MeasureContact)


@dataclass(frozen=True)
class Asked:
    """What a list of flags was asked for; empty and None: any."""

    state: FlagState = FlagState.WAITING
    kind: FlagKind | None = None
    assessor_id: int | None = None
    own: bool = False
    """Only of cases that the viewer assesses or treats, or at which he has met the man."""
    left_out: frozenset[FlagKind] = frozenset()
    """Kinds that the list does not show."""
    since: datetime | None = None
    """Only those responded to from then on."""
    sort: str = "raised"
    """A key of `SORTS`, after a minus sign from the other end."""


SORTS: dict[str, tuple[Any, ...]] = {
    "raised": (MeasureFlag.created_at,),
    "responded": (MeasureFlag.responded_at,),
    "name": (Person.sort_name,),
    "assessor": (ASSESSOR.name,),
    "kind": (MeasureFlag.kind,),
}


def flags_in_scope(viewer: Viewer, asked: Asked, *, limit: int, offset: int = 0) -> list[FlagRow]:
    """A page of a list of flags in the viewer's clinical scope."""
    return rows_of(_find(viewer, asked, limit, offset))


def supervision(
    viewer: Viewer, asked: Asked, *, limit: int, offset: int, recent: int
) -> tuple[list[FlagRow], list[FlagRow]]:
    """A page of flags, and so many of the latest responses (0: none)."""
    lines = _find(viewer, asked, limit, offset)
    since = clock.now() - timedelta(days=RECENT_DAYS)
    latest = Asked(state=FlagState.RESPONDED, since=since, sort="-responded")
    responses = _find(viewer, latest, recent, 0) if recent else []
    return rows_of(lines), rows_of(responses)


def _find(viewer: Viewer, asked: Asked, limit: int, offset: int) -> Sequence[Any]:
    shape = replace(
        asked,
        kind=asked.kind and FlagKind.RISK,
        assessor_id=asked.assessor_id and 1,
        left_out=asked.left_out and frozenset({FlagKind.RISK}),
        since=asked.since and SOMETIME,
    )
    given = asked_by(viewer, Purpose.CLINICAL) | {
        ME: viewer.staff_id,
        "since": asked.since,
        "kind": asked.kind,
        "assessor": asked.assessor_id,
        "left_out": sorted(asked.left_out),
        "limit": limit,
        "offset": offset,
    }
    return _found(shape).all(given)


@lru_cache
def _found(shape: Asked) -> Prepared:
    """Made once for each shape of list: making it takes longer than asking it."""
    return Prepared(
        flag_lines()
        .where(*_narrowed(shape), visible(ANYBODY, Case.id, Case.restricted))
        .order_by(*order_of(SORTS, shape.sort, MeasureFlag.id))
        .limit(bindparam("limit"))
        .offset(bindparam("offset"))
    )


def _narrowed(asked: Asked) -> Iterable[ColumnElement[bool]]:
    """Which flags; what they are narrowed to has places."""
    flag = MeasureFlag
    if asked.state is FlagState.RESPONDED:
        yield flag.responded_at.is_not(None)
    else:
        yield flag.responded_at.is_(None)
        waits = asked.state is FlagState.WAITING
        yield flag.ended_at.is_(None) if waits else flag.ended_at.is_not(None)
    if asked.since is not None:
        yield flag.responded_at >= bindparam("since")
    if asked.kind is not None:
        yield flag.kind == bindparam("kind")
    if asked.assessor_id is not None:
        yield Case.assessor_id == bindparam("assessor")
    if asked.left_out:
        yield flag.kind.not_in(bindparam("left_out", expanding=True))
    if asked.own:
        yield is_his()


ME = "me"


def is_his() -> ColumnElement[bool]:
    """The condition that a member of staff assesses or treats the `Case` of a query, or has met the
    man at it."""
    return or_(
        Case.assessor_id == bindparam(ME),
        exists().where(
            _Met.case_id == Case.id, _Met.by_id == bindparam(ME), _Met.taken_back.is_(False)
        ),
        *(condition(ME) for condition in listeners.treats),
    )
