"""Whose task it is to answer a proposed change of a therapist, and who hears what became of it."""

from mhtr.accounts.models import Organisation, Staff
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.core import clock
from mhtr.core.database import db
from mhtr.suitability.concerned import Owner
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import end_of_day, working_calendar
from mhtr.tasks.models import Task, TaskKind
from mhtr.tasks.queries import on_leave
from mhtr.tasks.rehoming import Named, next_owner_of
from sessions.courses.models import Course
from sessions.therapists import queries
from sessions.therapists.kinds import Party, State
from sessions.therapists.models import TherapistChange
from sessions.therapists.policy import answered_within

PAGE = "sessions.course_therapist_change"
KINDS = {
    Party.THERAPIST: TaskKind.CHANGE_THERAPIST,
    Party.LEAD: TaskKind.CHANGE_THERAPIST_LEAD,
    Party.HIM: TaskKind.CHANGE_THERAPIST_HIM,
}
TITLES = {
    Party.THERAPIST: "Another therapist is proposed: agree or refuse",
    Party.LEAD: "Another therapist is proposed: agree or refuse as clinical lead",
    Party.HIM: "Ask him whether he agrees to another therapist",
}
OVER = "therapists.over"
YOURS = "You are the therapist of another man now. Look at his course and what is booked."
CLOSED = {
    State.DONE: "A man has another therapist now, as was proposed.",
    State.REFUSED: "A proposed change of a man’s therapist was refused.",
    State.WITHDRAWN: "A proposed change of a man’s therapist was withdrawn.",
    State.LAPSED: "A proposed change of a man’s therapist lapsed.",
}
LEFT_BOOKED = (
    "Sessions of a man are still booked with the therapist he had. Move them: they are listed "
    "under To book."
)


def ask(change: TherapistChange, case: Case, party: Party, *, by: int | None) -> None:
    """Open the task of one of those who have to answer."""
    owner = owner_of(change, case, party)
    due = working_calendar().add(clock.today(), answered_within())
    tasks.open_task(
        KINDS[party],
        key=_key(change, party),
        title=TITLES[party],
        owner_principal_id=owner.principal_id,
        owner_staff_id=owner.staff_id,
        due_at=end_of_day(due),
        by=by,
        case_id=case.id,
        endpoint=PAGE,
        subject_ref=change.ref,
    )


def answered(change: TherapistChange, party: Party, *, by: int) -> None:
    """One of them has answered."""
    waiting = tasks.with_key(_key(change, party))
    if waiting is not None:
        tasks.finish(waiting, by=by)


def over(change: TherapistChange, *, by: int | None) -> None:
    """Nobody is asked any more, and whoever had to do with it hears what became of it."""
    for party in Party:
        waiting = tasks.with_key(_key(change, party))
        if waiting is not None:
            tasks.withdraw(waiting, by=by, because=OVER)
    concerned = {change.by_id, change.from_id, change.to_id}
    concerned |= {row.by_id for row in queries.answers_of(change.id)}
    if change.state is not State.DONE:
        concerned -= {change.to_id}
    for staff_id in sorted(concerned - {by}):
        text = CLOSED[change.state]
        if change.state is State.DONE and staff_id == change.to_id:
            text = YOURS
        _tell(change, db.session.get_one(Staff, staff_id).principal_id, "over", text)


def tell_left_booked(change: TherapistChange, organisation_id: int) -> None:
    """The trust hears that sessions are still booked with the therapist before."""
    trust = db.session.get_one(Organisation, organisation_id)
    _tell(change, trust.principal_id, "left", LEFT_BOOKED)


def owner_of(change: TherapistChange, case: Case, party: Party) -> Owner:
    """Who sees to one of the answers: the therapist, a lead, or who of them is there to ask him."""
    staff = db.session.get_one(Staff, change.from_id)
    trust = _trust(change)
    there = queries.absence(case, trust.id, staff.id) is None
    away = on_leave(clock.today())
    if party is Party.THERAPIST or (party is Party.HIM and staff.id not in away):
        if there:
            return Owner(staff.principal_id, staff.id)
    leads = [one for one in queries.leads_for(case, trust.id) if one.id != staff.id]
    # Who proposed it knows of it, and whoever is at work answers sooner.
    leads.sort(key=lambda one: (one.id != change.by_id, one.id in away))
    if leads:
        return Owner(leads[0].principal_id, leads[0].id)
    if there:
        return Owner(staff.principal_id, staff.id)
    return Owner(trust.principal_id, None)


def _trust(change: TherapistChange) -> Organisation:
    course = db.session.get_one(Course, change.course_id)
    return db.session.get_one(Organisation, course.organisation_id)


def _tell(change: TherapistChange, principal_id: int, key: str, text: str) -> None:
    tasks.tell(
        principal_id,
        key=f"therapist-{key}:{change.id}",
        text=text,
        case_id=change.case_id,
        endpoint=PAGE,
        subject_ref=change.ref,
    )


def _key(change: TherapistChange, party: Party) -> str:
    return f"therapist-{party.value}:{change.id}"


def _next_owner(task: Task) -> Named:
    number, party = task.key.rpartition(":")[2], _party(task.kind)
    change = db.session.get(TherapistChange, int(number)) if number.isdecimal() else None
    if change is None:
        return task.owner_principal_id, task.owner_staff_id
    owner = owner_of(change, cases.lock(change.case_id), party)
    return owner.principal_id, owner.staff_id


def _party(kind: TaskKind) -> Party:
    return next(party for party, one in KINDS.items() if one is kind)


next_owner_of.update(dict.fromkeys(KINDS.values(), _next_owner))
