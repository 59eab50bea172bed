"""Who answers a question about who a man is: always somebody who can open it.

It waits with a trust, where whoever judges there answers it. Where one of the two records is
restricted to named staff, most of them cannot open the question: it is given to one who is named on
the record and may answer; where there is none, to a privacy officer, who decides who is named. Once
the restriction is lifted it waits with the trust again.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from mhtr.accounts import listeners as account_listeners
from mhtr.accounts.models import Staff, StaffRole
from mhtr.accounts.sessions import viewer_of
from mhtr.cases import listeners
from mhtr.cases.identity_queries import JUDGES, judged, may_judge
from mhtr.cases.link_queries import in_one_trust, open_proposal, trusts_of
from mhtr.cases.models import Case, IdentityProposal, PersonLink
from mhtr.core import clock
from mhtr.core.access import EMERGENCY, Exclusion, Grant, Role
from mhtr.core.database import db
from mhtr.core.transaction import must_be_writing
from mhtr.people import listeners as people_listeners
from mhtr.people.asking import TITLE, question_key
from mhtr.people.models import IdentityQuestion
from mhtr.people.queries import live_id, record_ids
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Task, TaskKind

ANSWERERS = (Role.ADMINISTRATOR, Role.CLINICAL_LEAD)
"""Who answers such a question, of those who hold one of the records for good."""
CONFIRM = "Another trust asks you to confirm: are two records the same person?"
CONFIRM_UNDO = "Another trust asks you to confirm: two records are not the same person"
NOBODY_NAMED = "Nobody named on a restricted record may answer a question about it: name somebody"
QUESTION_PAGE, UNDO_PAGE = "people.identity_question", "people.undo_link"
ACCESS_PAGE = "case_access.readers"


@dataclass(frozen=True)
class _Asked:
    """A question with its task: about which two live records, and what was proposed of them."""

    task: Task
    title: str
    page: str
    ref: object
    ends: tuple[int, int]
    raised_by: int | None
    proposal: IdentityProposal | None


def proposal_key(proposal: IdentityProposal) -> str:
    """Which task asks the other side to confirm that linked records are of two men."""
    return f"two-trusts:{proposal.id}"


def settle(*person_ids: int, by: int | None) -> None:
    """Give every question that waits about these records to somebody who can open it."""
    must_be_writing()
    db.session.flush()
    ids = {i for person_id in person_ids for i in record_ids(live_id(person_id))}
    for asked in [*_questions(ids), *_partings(ids)]:
        _settle(asked, by)


def _settle(asked: _Asked, by: int | None) -> None:
    restricted = _restricted(asked.ends)
    if not restricted:
        if asked.task.owner_staff_id is not None:
            trust = _home(asked)
            if trust is not None:
                _ask(asked, by)
                _give(asked.task, trust, None, by)
        return
    able = _able(asked, restricted)
    if able:
        _ask(asked, by)
        if asked.task.owner_staff_id not in {one.id for one in able}:
            _give(asked.task, able[0].principal_id, able[0].id, by)
        return
    for case in restricted:
        officers = officers_for(case)
        if officers:
            tasks.change(
                asked.task,
                title=NOBODY_NAMED,
                by=by,
                kind=TaskKind.NAME_READER,
                endpoint=ACCESS_PAGE,
                subject_ref=case.ref,
            )
            if asked.task.owner_staff_id not in {one.id for one in officers}:
                _give(asked.task, officers[0].principal_id, officers[0].id, by)
            return


def _ask(asked: _Asked, by: int | None) -> None:
    tasks.change(
        asked.task,
        title=asked.title,
        by=by,
        kind=TaskKind.IDENTITY_QUESTION,
        endpoint=asked.page,
        subject_ref=asked.ref,
    )


def _give(task: Task, principal_id: int, staff_id: int | None, by: int | None) -> None:
    tasks.hand_over(task, to_principal_id=principal_id, to_staff_id=staff_id, by=by)


def _questions(ids: Collection[int]) -> list[_Asked]:
    waiting = select(IdentityQuestion).where(
        IdentityQuestion.answered_at.is_(None),
        or_(IdentityQuestion.person_id.in_(ids), IdentityQuestion.other_id.in_(ids)),
    )
    found = []
    for row in db.session.scalars(waiting.order_by(IdentityQuestion.id)).all():
        task = tasks.with_key(question_key(row.id), locked=True)
        if task is not None:
            proposal = open_proposal(question_id=row.id)
            title = TITLE if proposal is None else CONFIRM
            ends = live_id(row.person_id), live_id(row.other_id)
            found.append(_Asked(task, title, QUESTION_PAGE, row.ref, ends, row.raised_by, proposal))
    return found


def _partings(ids: Collection[int]) -> list[_Asked]:
    waiting = (
        select(IdentityProposal, PersonLink)
        .join(PersonLink, PersonLink.id == IdentityProposal.link_id)
        .where(
            IdentityProposal.settled_at.is_(None),
            or_(PersonLink.one_id.in_(ids), PersonLink.two_id.in_(ids)),
        )
        .order_by(IdentityProposal.id)
    )
    found = []
    for row, link in db.session.execute(waiting).all():
        task = tasks.with_key(proposal_key(row), locked=True)
        if task is not None:
            ends = live_id(link.one_id), live_id(link.two_id)
            by = row.proposed_by
            found.append(_Asked(task, CONFIRM_UNDO, UNDO_PAGE, link.ref, ends, by, row))
    return found


def _restricted(ends: Collection[int]) -> Sequence[Case]:
    query = select(Case).where(Case.person_id.in_(ends), Case.restricted).order_by(Case.id)
    return db.session.scalars(query).all()


def _able(asked: _Asked, restricted: Sequence[Case]) -> list[Staff]:
    """Whoever is named on the restricted cases and may answer, clinical leads first."""
    named = select(Grant.principal_id).where(
        Grant.case_id.in_([case.id for case in restricted]),
        Grant.by_name,
        Grant.purpose.in_(JUDGES),
        Grant.because != EMERGENCY,
        Grant.ends_at.is_(None),
    )
    query = select(Staff).where(
        Staff.principal_id.in_(named),
        Staff.disabled_at.is_(None),
        Staff.roles.any(StaffRole.role.in_(sorted(ANSWERERS))),
    )
    found = [one for one in db.session.scalars(query.order_by(Staff.id)) if _may(one, asked)]
    return sorted(found, key=lambda one: (not _leads(one), one.id))


def _may(staff: Staff, asked: _Asked) -> bool:
    viewer, row = viewer_of(staff), asked.proposal
    if not may_judge(viewer, *asked.ends):
        return False
    if row is None:
        return True
    if in_one_trust(*asked.ends):
        return staff.id != row.proposed_by
    side = live_id(row.side_id)
    return not judged(viewer, asked.ends)[side].own  # it is the other side's to confirm


def _leads(staff: Staff) -> bool:
    return Role.CLINICAL_LEAD in {row.role for row in staff.roles}


def officers_for(case: Case) -> list[Staff]:
    """Privacy officers who may decide about a case, those of a trust that has it first."""
    shut_out = select(Exclusion.principal_id).where(
        Exclusion.case_id == case.id,
        or_(Exclusion.ends_at.is_(None), Exclusion.ends_at > clock.now()),
    )
    query = select(Staff).where(
        Staff.disabled_at.is_(None),
        Staff.roles.any(StaffRole.role == Role.PRIVACY_OFFICER),
        Staff.principal_id.not_in(shut_out),
    )
    own = {trust.id for trust in trusts_of(case.person_id)}
    found = db.session.scalars(query).all()
    return sorted(found, key=lambda one: (one.organisation_id not in own, one.id))


def _home(asked: _Asked) -> int | None:
    """The trust with which it waits: the other one's where something was proposed."""
    trusts = {end: trusts_of(end) for end in asked.ends}
    row = asked.proposal
    if row is not None:
        theirs = [end for end in asked.ends if end != live_id(row.side_id)]
        return next((trust.principal_id for end in theirs for trust in trusts[end]), None)
    every = [trust for end in sorted(asked.ends, reverse=True) for trust in trusts[end]]
    raiser = db.session.get(Staff, asked.raised_by) if asked.raised_by is not None else None
    own = [trust for trust in every if raiser and trust.id == raiser.organisation_id]
    return next((trust.principal_id for trust in [*own, *every]), None)


def _asked(question: IdentityQuestion, by: int | None) -> None:
    settle(question.person_id, by=by)


def _moved(case_id: int, by: int | None) -> None:
    settle(db.session.get_one(Case, case_id).person_id, by=by)


def _left(_staff_id: int, _organisation_id: int, by: int | None) -> None:
    """Whoever had a question by name may be gone: those about restricted records are looked at."""
    closed = select(Case.person_id).where(Case.restricted).distinct()
    settle(*db.session.scalars(closed).all(), by=by)


people_listeners.identity_asked.append(_asked)
listeners.case_moved.append(_moved)
account_listeners.staff_left.append(_left)
