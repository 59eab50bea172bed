"""The referrals a member of staff or his organisation made, and what became of each."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select, union_all

from mhtr.cases import rules
from mhtr.cases.facts import CaseState, CloseReason, FactKind
from mhtr.cases.models import Case, CaseFact
from mhtr.cases.queries import in_scope
from mhtr.cases.report_due import Countdowns
from mhtr.cases.service import facts_of_many
from mhtr.cases.shared_access import BECAUSE as NAMED
from mhtr.core import clock
from mhtr.core.access import Grant, Purpose, Viewer
from mhtr.core.database import db
from mhtr.core.due import Left
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


def _own(viewer: Viewer) -> ColumnElement[bool]:
    """What he or his organisation referred; of others' referrals he sees nothing here."""
    return or_(in_scope(viewer, *REFERRED), _entered(viewer))


def _entered(viewer: Viewer) -> ColumnElement[bool]:
    """What he wrote down for another referrer."""
    return and_(Referral.referrer_id == viewer.staff_id, in_scope(viewer, Purpose.ADMINISTRATION))


def _newest(viewer: Viewer, limit: int) -> ColumnElement[bool]:
    """Among the newest of each way in which a referral can be his, each read from its index.

    By when he was referred: a case with a higher key is not always a later referral.
    """
    named = select(Grant.case_id).where(
        Grant.principal_id == viewer.principal_id,
        Grant.purpose.in_(REFERRED),
        Grant.because == NAMED,
    )
    ways = (
        Referral.organisation_id == viewer.organisation_id,
        Referral.referrer_id == viewer.staff_id,
        # Somebody else's, of which he was named a reader and has since changed his employer.
        Referral.case_id.in_(named),
    )
    branches = [
        select(Referral.id)
        .where(way, _own(viewer))
        .order_by(Referral.referred_at.desc(), Referral.id.desc())
        .limit(limit)
        .subquery()
        for way in ways
    ]
    return Referral.id.in_(union_all(*(select(branch.c.id) for branch in branches)))


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
    narrowed = _narrowed(stands, urgent=urgent)
    if only_mine:
        wanted = and_(Referral.referrer_id == viewer.staff_id, _own(viewer))
    elif sort == "-sent" and not narrowed:
        wanted = _newest(viewer, page * PAGE + 1)
    else:
        wanted = _own(viewer)
    query = (
        select(Case, Referral)
        .join(Referral, Referral.case_id == Case.id)
        .join(Person, Person.id == Case.person_id)
        .where(wanted, *narrowed)
        .order_by(*order_of(SORTS, sort, Referral.id))
        .offset((page - 1) * PAGE)
        .limit(PAGE + 1)
    )
    rows = db.session.execute(query).all()
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


def _narrowed(stands: Stands | None, *, urgent: bool) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if stands is Stands.PAUSED:
        found.append(and_(Case.paused, Case.state != CaseState.CLOSED))
    elif stands is not None:
        found.append(Case.state.in_(sorted(STATES[stands])))
        if stands is not Stands.CLOSED:
            found.append(~Case.paused)
    if urgent:
        found.append(Case.urgent.is_(True))
    return found


Milestones = dict[FactKind, CaseFact]


def _milestones(case_ids: Sequence[int]) -> dict[int, Milestones]:
    kinds = (FactKind.ACCEPTED, FactKind.ALLOCATED, FactKind.CLOSED, FactKind.DECLINED_BY_SERVICE)
    found: dict[int, Milestones] = {}
    for row in db.session.scalars(
        select(CaseFact)
        .where(CaseFact.case_id.in_(case_ids), CaseFact.kind.in_(kinds))
        .order_by(CaseFact.id)
    ):
        found.setdefault(row.case_id, {})[row.kind] = row
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
    reason = CloseReason(closed.detail["reason"]) if closed else None
    if reason is None and FactKind.DECLINED_BY_SERVICE in held:
        reason = CloseReason.DECLINED_BY_SERVICE
    kinds = set(held) if case.assessor_id is not None else set(held) - {FactKind.ALLOCATED}
    return became(
        case.state, kinds, paused=case.paused, closed=reason, no_report=case.id in stopped
    )
