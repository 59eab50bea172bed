"""A man has two open cases in one trust: whoever triages either, and has the other, is told.

Two may be right (two prosecutions) or one too many (one hearing, referred twice and asked about):
only a person can tell, and nobody would see it on one of them alone before opening it.
"""

from collections.abc import Sequence

from sqlalchemy import select

from mhtr.cases import listeners
from mhtr.cases import service as cases
from mhtr.cases.facts import FactKind
from mhtr.cases.models import Case
from mhtr.cases.other_cases import OPEN
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.intake import queries
from mhtr.intake.models import Referral
from mhtr.people.queries import live_id
from mhtr.tasks import service as tasks

SAME_HEARING = "He has another open case here for the same hearing. Are both needed?"
ANOTHER = "He has another open case here."
ASKED = "A report was asked for, and he has another open case here. Is it asked on the right one?"


def opened(case: Case, *, by: int | None, again: str = "") -> None:
    """Tell of a case that came to a man who has one here already.

    Args:
        again: names the time where it came before: it was reopened, or moves between trusts.
    """
    for other in _others(case):
        same = case.hearing_on is not None and _hearing(case) == _hearing(other)
        key = f"another:{case.id}:{other.id}{again}"
        _tell(case, other, key, SAME_HEARING if same else ANOTHER, by)


def asked_about(case: Case, *, by: int | None) -> None:
    """Tell, once for each two cases, that a report was asked for on one of his here."""
    for other in _others(case):
        _tell(case, other, f"another:{case.id}:{other.id}:asked", ASKED, by)


def _hearing(case: Case) -> tuple[str, object]:
    return case.court_code, case.hearing_on


def _others(case: Case) -> Sequence[Case]:
    """His other open cases that the same trust has."""
    must_be_writing()
    trust = select(Referral.trust_id).where(Referral.case_id == case.id).scalar_subquery()
    return db.session.scalars(
        select(Case)
        .join(Referral, Referral.case_id == Case.id)
        .where(
            Case.person_id == live_id(case.person_id),
            Case.id != case.id,
            Case.state.in_(sorted(OPEN)),
            Referral.trust_id == trust,
        )
        .order_by(Case.id)
    ).all()


def _tell(case: Case, other: Case, key: str, text: str, by: int | None) -> None:
    """The trust, whose people triage, and who assesses him on either case."""
    referral = queries.referral_of(case.id)
    told = set() if referral is None else {queries.organisation_principal(referral.trust_id)}
    assessors = {case.assessor_id, other.assessor_id} - {by}
    told.update(queries.staff_principal(one) for one in assessors if one is not None)
    for principal_id in sorted(told):
        tasks.tell(
            principal_id,
            key=key,
            text=text,
            case_id=case.id,
            endpoint="intake.triage_case",
            subject_ref=case.ref,
        )


def _joined(ones: Sequence[int], twos: Sequence[int], by: int) -> None:
    """Two records became one man's: his cases of both are told of like a second one."""
    if not ones or not twos:
        return
    for case in db.session.scalars(select(Case).where(Case.id.in_(twos), Case.state.in_(OPEN))):
        opened(case, by=by)


def _reopened(case_id: int, kind: FactKind, by: int | None) -> None:
    if kind is FactKind.REOPENED:
        case = cases.lock(case_id)
        opened(case, by=by, again=f":again:{case.version}")


def _moved(case_id: int, by: int | None) -> None:
    case = cases.lock(case_id)
    opened(case, by=by, again=f":moved:{case.version}")


listeners.records_joined.append(_joined)
listeners.fact_added.append(_reopened)
listeners.case_moved.append(_moved)
