"""Who looks after a warning: always somebody who may see the man.

Whoever is shut out, leaves, or loses the man to another trust gives his warnings to the assessor
of the man's newest live case; where there is none, to a clinical lead of the trust that has it.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import selectinload

from mhtr.accounts import listeners as account_listeners
from mhtr.accounts.models import Organisation, Staff, StaffRole, Team, TeamMembership
from mhtr.cases import listeners
from mhtr.cases.models import Case
from mhtr.cases.standing import BEFORE_SENTENCE, UNDER_ORDER
from mhtr.cases.who_has import trusts_of
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, EMERGENCY, Exclusion, Grant, Purpose, Role
from mhtr.core.database import db
from mhtr.core.errors import Refused
from mhtr.core.prepared import Prepared
from mhtr.core.transaction import must_be_writing
from mhtr.people.flag_giving import give
from mhtr.people.models import Flag, FlagQuestion
from mhtr.people.queries import live_id, record_ids
from mhtr.tasks import service as tasks
from mhtr.tasks.models import Task, TaskKind
from mhtr.tasks.rehoming import Named, next_owner_of

LIVE = BEFORE_SENTENCE | UNDER_ORDER
_KEY = "flag-man:"
NOT_HIS = "Choose somebody who can open his record."


def may_own(person_id: int) -> dict[int, Staff]:
    """Clinicians who may see the man without an end, by their ids, in the order of their names.

    Restrictions, exclusions and closed accounts count; emergency access and a hand-over's days
    do not. Where no case of his is live, whoever may see an earlier one.
    """
    found = {staff.id: staff for case in _cases(person_id) for staff in _clinicians(case)}
    return dict(sorted(found.items(), key=lambda one: (one[1].sort_name, one[0])))


def require(person_id: int, owner_staff_id: int) -> None:
    """Refuse an owner who could not open the record: its review would reach nobody.

    Raises:
        Refused: he may not see the man.
    """
    must_be_writing()
    if owner_staff_id not in may_own(person_id):
        raise Refused(NOT_HIS)


def settle(person_id: int, *, by: int | None) -> None:
    """Give every live warning whose owner may not see the man any more to somebody who may."""
    must_be_writing()
    db.session.flush()
    _settle_warnings(person_id, by)
    _settle_questions(person_id, by)


def _settle_warnings(person_id: int, by: int | None) -> None:
    ids = record_ids(live_id(person_id))
    live = select(Flag).where(Flag.person_id.in_(ids), Flag.ended_at.is_(None))
    rows = db.session.scalars(live.order_by(Flag.id).with_for_update(of=Flag)).all()
    if not rows:
        return
    eligible = may_own(person_id)
    for flag in rows:
        to = eligible.get(flag.owner_staff_id) or _next(person_id, eligible)
        if to is not None:
            case = _case_for(to, person_id)
            give(flag, to, by=by, case_id=case.id, case_ref=case.ref)


def _settle_questions(person_id: int, by: int | None) -> None:
    """The same of each question whether a man on record is the one that a warning names."""
    ids = record_ids(live_id(person_id))
    waiting = (
        select(FlagQuestion, Flag)
        .join(Flag, Flag.id == FlagQuestion.flag_id)
        .where(
            FlagQuestion.answered_at.is_(None),
            or_(Flag.person_id.in_(ids), FlagQuestion.person_id.in_(ids)),
        )
        .order_by(FlagQuestion.id)
    )
    for question, flag in db.session.execute(waiting).all():
        task, (staff, case) = question_task(question), who_answers(flag, question.person_id)
        if task is None:
            continue
        tasks.change(task, case_id=case.id, subject_ref=case.ref, by=by)
        if task.owner_staff_id != staff.id:
            tasks.hand_over(task, to_principal_id=staff.principal_id, to_staff_id=staff.id, by=by)


def question_task(question: FlagQuestion) -> Task | None:
    """The open task to answer such a question."""
    return tasks.with_key(question_key(question.id))


def question_key(question_id: int) -> str:
    """Which task asks such a question."""
    return f"{_KEY}{question_id}"


_NAMED = Prepared(
    select(FlagQuestion.id, Flag.other_name)
    .join(Flag, Flag.id == FlagQuestion.flag_id)
    .where(FlagQuestion.id.in_(bindparam("questions", expanding=True)))
)


def names_asked(keys: Collection[str]) -> dict[str, str]:
    """The names as warnings give them, by the keys of such tasks. For clinicians."""
    asked = {int(key.removeprefix(_KEY)): key for key in keys if key.startswith(_KEY)}
    if not asked:
        return {}
    return {asked[row.id]: row.other_name or "" for row in _NAMED.all({"questions": asked})}


def who_answers(flag: Flag, person_id: int) -> tuple[Staff, Case]:
    """Who says whether a man is the one a warning names, and on which case he is asked.

    Whoever looks after the warning, where he may see both men; else somebody who may. Where
    nobody may see both, it stays with its owner: its page says whom to ask.
    """
    both = may_own(person_id)
    eligible = {i: one for i, one in may_own(flag.person_id).items() if i in both}
    owner = db.session.get_one(Staff, flag.owner_staff_id)
    if owner.id not in eligible and eligible:
        owner = _next(flag.person_id, eligible) or owner
    cases = _cases(flag.person_id)
    seen = (case for case in cases if any(one.id == owner.id for one in _clinicians(case)))
    return owner, next(seen, cases[0])


def _cases(person_id: int) -> Sequence[Case]:
    """His live cases, the newest first; all of them where none is live."""
    ids = record_ids(live_id(person_id))
    every = select(Case).where(Case.person_id.in_(ids)).order_by(Case.id.desc())
    found = db.session.scalars(every).all()
    return [case for case in found if case.state in LIVE] or found


def _clinicians(case: Case) -> Sequence[Staff]:
    """Whoever may see a case for treatment, by name or with his team or organisation."""
    moment = clock.now()
    given = select(Grant.principal_id).where(
        Grant.case_id == case.id,
        Grant.purpose == Purpose.CLINICAL,
        Grant.because != EMERGENCY,
        Grant.ends_at.is_(None),
    )
    shut_out = select(Exclusion.principal_id).where(
        Exclusion.case_id == case.id,
        or_(Exclusion.ends_at.is_(None), Exclusion.ends_at > moment),
    )
    teams = select(TeamMembership.staff_id).where(
        TeamMembership.team.has(Team.principal_id.in_(given))
    )
    groups = or_(Staff.organisation.has(Organisation.principal_id.in_(given)), Staff.id.in_(teams))
    named = Staff.principal_id.in_(given)
    query = (
        select(Staff)
        .where(
            Staff.disabled_at.is_(None),
            Staff.roles.any(StaffRole.role.in_(sorted(CLINICAL_ROLES))),
            Staff.principal_id.not_in(shut_out),
            named if case.restricted else or_(named, groups),
        )
        .options(selectinload(Staff.roles))
        .order_by(Staff.id)
    )
    return db.session.scalars(query).all()


def _next(person_id: int, eligible: dict[int, Staff]) -> Staff | None:
    """Of those who may: the assessor or a lead of his newest case; else the first by name."""
    for case in _cases(person_id):
        if case.assessor_id in eligible:
            return eligible[case.assessor_id]
        trusts = trusts_of(case.id)
        for staff in _clinicians(case):
            leads = Role.CLINICAL_LEAD in {held.role for held in staff.roles}
            if leads and staff.id in eligible and (staff.organisation_id in trusts or not trusts):
                return staff
    return next(iter(eligible.values()), None)


def _case_for(staff: Staff, person_id: int) -> Case:
    """The newest of his cases that this clinician may see."""
    return next(
        case for case in _cases(person_id) if any(one.id == staff.id for one in _clinicians(case))
    )


def _answers_next(task: Task) -> Named | None:
    """Who answers a question about a warning whose owner is gone, on a case that he may open."""
    key = task.key.removeprefix(_KEY)
    question = db.session.get(FlagQuestion, int(key)) if key.isdecimal() else None
    if question is None:
        return None
    flag = db.session.get_one(Flag, question.flag_id)
    gone = task.owner_staff_id
    first = may_own(flag.person_id)
    both = {i: one for i, one in may_own(question.person_id).items() if i in first}
    # Where nobody may see both, somebody who has the man whom the warning is about.
    able = {i: one for i, one in (both or first).items() if i != gone}
    staff = able.get(flag.owner_staff_id) or _next(flag.person_id, able)
    if staff is None:
        return None
    case = _case_for(staff, flag.person_id)
    tasks.change(task, case_id=case.id, subject_ref=case.ref, by=None)
    return staff.principal_id, staff.id


def _moved(case_id: int, by: int | None) -> None:
    settle(db.session.get_one(Case, case_id).person_id, by=by)


def _left(staff_id: int, _organisation_id: int, by: int | None) -> None:
    held = select(Flag.person_id).where(Flag.owner_staff_id == staff_id, Flag.ended_at.is_(None))
    for person_id in db.session.scalars(held.distinct().order_by(Flag.person_id)).all():
        settle(person_id, by=by)


listeners.case_moved.append(_moved)
account_listeners.staff_left.append(_left)
next_owner_of[TaskKind.FLAG_MAN] = _answers_next
