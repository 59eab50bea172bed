"""The referrals a member of staff or his organisation made, and what became of each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, false, or_, select, union_all

from mhtr.cases import rules
from mhtr.cases.facts import CaseState, CloseReason, FactKind
from mhtr.cases.models import Case, CaseFact
from mhtr.cases.report_due import Countdowns
from mhtr.cases.service import facts_of_many
from mhtr.cases.shared_access import BECAUSE as NAMED
from mhtr.core import clock
from mhtr.core.access import Grant, Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.due import Left
from mhtr.core.prepared import Prepared
from mhtr.core.scope import ALSO, ANYBODY, asked_by, visible
from mhtr.intake.became import BEFORE_RELEASE, became
from mhtr.intake.models import Referral
from mhtr.intake.queries import REFERRED, place_label
from mhtr.intake.referral_filter import STATES, Stands
from mhtr.people.models import Person
from mhtr.web.paging import order_of
from mhtr.web.reads import shows

PAGE = 25
SORTS = {
    "sent": (Referral.referred_at,),
    "hearing": (Case.hearing_on,),
    "name": (Person.sort_name,),
}
SHAPES = 256
"""Shapes of list remembered: roles, filters and sorts."""


@dataclass(frozen=True)
class Sent:
    """A referral as its referrer's list shows it."""

    case: Case
    referral: Referral
    place: str
    became: str
    mine: bool
    report: Left | None
    """The countdown to the report on him."""


@dataclass(frozen=True)
class _Shape:
    """What the statement of a list depends on; everything else has a place in it."""

    refers: bool
    """The viewer has cases as a referrer."""
    enters: bool
    """And those that he wrote down for another."""
    only_mine: bool
    sort: str
    stands: Stands | None
    urgent: bool

    @property
    def newest(self) -> bool:
        """The usual list, read from the indexes of when a man was referred."""
        return self.sort == "-sent" and not (self.only_mine or self.stands or self.urgent)


def _own(shape: _Shape) -> ColumnElement[bool]:
    """What he or his organisation referred; of others' referrals he sees nothing here."""
    ways: list[ColumnElement[bool]] = []
    if shape.refers:
        ways.append(visible(ANYBODY, Case.id, Case.restricted))
    if shape.enters:
        entered = visible(ALSO, Case.id, Case.restricted)
        ways.append(and_(Referral.referrer_id == bindparam("me"), entered))
    return or_(false(), *ways)


def _newest(shape: _Shape) -> ColumnElement[bool]:
    """Among the newest of each way in which a referral can be his, each read from its index.

    By when he was referred: a case with a higher key is not always a later referral.
    """
    named = select(Grant.case_id).where(
        Grant.principal_id == bindparam("asker_principal"),
        Grant.because == NAMED,
        Grant.purpose.in_(REFERRED),
    )
    ways = (
        Referral.organisation_id == bindparam("home"),
        Referral.referrer_id == bindparam("me"),
        # Somebody else's, of which he was named a reader and has since changed his employer.
        Referral.case_id.in_(named),
    )
    branches = [
        select(Referral.id)
        .join(Case, Case.id == Referral.case_id)
        .where(way, _own(shape))
        .order_by(Referral.referred_at.desc(), Referral.id.desc())
        .limit(bindparam("reach"))
        .subquery()
        for way in ways
    ]
    return Referral.id.in_(union_all(*(select(branch.c.id) for branch in branches)))


@lru_cache(maxsize=SHAPES)
def _statement(shape: _Shape) -> Any:
    """Made once for every list of this shape: making it takes longer than asking it."""
    query = (
        select(Case, Referral)
        .join(Referral, Referral.case_id == Case.id)
        .join(Person, Person.id == Case.person_id)
        .where(_newest(shape) if shape.newest else _own(shape), *_narrowed(shape))
        .order_by(*order_of(SORTS, shape.sort, Referral.id))
        .offset(bindparam("offset"))
        .limit(bindparam("limit"))
    )
    return query.where(Referral.referrer_id == bindparam("me")) if shape.only_mine else query


def sent_referrals(
    viewer: Viewer,
    *,
    only_mine: bool,
    sort: str,
    page: int,
    stands: Stands | None = None,
    urgent: bool = False,
) -> tuple[list[Sent], bool]:
    """A page of referrals, and whether there is another.

    Args:
        sort: a key of `SORTS`, after a minus sign from the other end.
        stands: how far they have come; None for all.
    """
    shape = _Shape(
        refers=not viewer.purposes.isdisjoint(REFERRED),
        enters=Purpose.ADMINISTRATION in viewer.purposes,
        only_mine=only_mine,
        sort=sort,
        stands=stands,
        urgent=urgent,
    )
    given = asked_by(viewer, *REFERRED, also=Purpose.ADMINISTRATION) | {
        "me": viewer.staff_id,
        "home": viewer.organisation_id,
        "reach": page * PAGE + 1,
        "offset": (page - 1) * PAGE,
        "limit": PAGE + 1,
    }
    rows = db.session.execute(_statement(shape), given).all()
    return _lines([(case, referral) for case, referral in rows[:PAGE]], viewer), len(rows) > PAGE


def _lines(rows: list[tuple[Case, Referral]], viewer: Viewer) -> list[Sent]:
    countdowns = Countdowns()
    milestones = _milestones([case.id for case, _ in rows])
    stopped = _without_report([case for case, _ in rows])
    shows("case", *(case.id for case, _ in rows))
    return [
        Sent(
            case,
            referral,
            place_label(referral.place_code),
            _line(case, milestones.get(case.id, {}), stopped),
            referral.referrer_id == viewer.staff_id,
            countdowns.of(case),
        )
        for case, referral in rows
    ]


def _narrowed(shape: _Shape) -> Iterator[ColumnElement[bool]]:
    if shape.stands is Stands.PAUSED:
        yield and_(Case.paused, Case.state != CaseState.CLOSED)
    elif shape.stands is not None:
        yield Case.state.in_(sorted(STATES[shape.stands]))
        if shape.stands is not Stands.CLOSED:
            yield ~Case.paused
    if shape.urgent:
        yield Case.urgent.is_(True)


Milestones = dict[FactKind, Mapping[str, Any]]
"""The detail of the last fact of each kind."""
_MILESTONES = Prepared(
    select(CaseFact.case_id, CaseFact.kind, CaseFact.detail)
    .where(
        CaseFact.case_id.in_(bindparam("cases", expanding=True)),
        CaseFact.kind.in_(
            (
                FactKind.ACCEPTED,
                FactKind.ALLOCATED,
                FactKind.CLOSED,
                FactKind.DECLINED_BY_SERVICE,
            )
        ),
    )
    .order_by(CaseFact.id)
)


def _milestones(case_ids: Sequence[int]) -> dict[int, Milestones]:
    found: dict[int, Milestones] = {}
    for case_id, kind, detail in _MILESTONES.all({"cases": case_ids}):
        found.setdefault(case_id, {})[kind] = detail
    return found


def _without_report(cases: Sequence[Case]) -> set[int]:
    """Those of which no report will follow, because the man said no before release."""
    wanted = [case.id for case in cases if case.state in BEFORE_RELEASE]
    today = clock.today()
    return {
        case_id
        for case_id, facts in (facts_of_many(wanted) if wanted else {}).items()
        if rules.fold(facts, today).no_report_since is not None
    }


def what_became(case: Case) -> str:
    """What became of one case, in a line."""
    return _line(case, _milestones([case.id]).get(case.id, {}), _without_report([case]))


def _line(case: Case, held: Milestones, stopped: set[int]) -> str:
    closed = held.get(FactKind.CLOSED)
    reason = CloseReason(closed["reason"]) if closed else None
    if reason is None and FactKind.DECLINED_BY_SERVICE in held:
        reason = CloseReason.DECLINED_BY_SERVICE
    kinds = set(held) if case.assessor_id is not None else set(held) - {FactKind.ALLOCATED}
    return became(
        case.state, kinds, paused=case.paused, closed=reason, no_report=case.id in stopped
    )
