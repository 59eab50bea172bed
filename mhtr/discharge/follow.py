"""Tasks around letters follow what is on record: write the summary, sign as a lead, give copies."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mhtr.accounts.leads import leads_of
from mhtr.accounts.models import Staff
from mhtr.cases import listeners as cases_listeners
from mhtr.cases import service as cases
from mhtr.cases.facts import CaseState, FactKind
from mhtr.cases.models import Case
from mhtr.compliance import listeners as attendance
from mhtr.compliance.attendance import TOOK_PLACE
from mhtr.compliance.models import Attendance
from mhtr.compliance.queries import attendance_of
from mhtr.core import clock
from mhtr.core.transaction import must_be_writing
from mhtr.discharge import queries
from mhtr.discharge.building import waits_for_lead
from mhtr.discharge.letter_kinds import LetterKind
from mhtr.discharge.owed import Standing, letters_now
from mhtr.discharge.treatment_facts import course_of, has_ended, therapist_of
from mhtr.people.models import ConsentDecision, ConsentItem
from mhtr.suitability.concerned import Owner, assessing
from mhtr.suitability.result_owner import trust_of
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import end_of_day, working_calendar
from mhtr.tasks.models import TaskKind, TaskState
from sessions.courses import listeners as courses
from sessions.courses.kinds import CourseChangeKind, CourseEnd
from sessions.courses.models import Course

PAGE = "discharge.letters"
WRITE = "Write the discharge summary"
SIGN = "Read and sign a letter about treatment"
GIVE = "Give or send a letter that is signed"
AGAIN = "Send the corrected letter to whoever has the earlier one"
NOT_WANTED = "discharge.not_wanted"
WRITE_WITHIN = 10
SIGN_WITHIN = 5
GIVE_WITHIN = 3
"""Working days; the service's own: no national limit for a talking therapy was found."""


@dataclass(frozen=True)
class _Wanted:
    kind: TaskKind
    key: str
    title: str
    owner: Owner
    within: int
    done: bool
    """What it asks for is done."""


def follow(case: Case, *, by: int | None) -> None:
    """Bring the tasks around letters of a locked case in line with what is on record."""
    must_be_writing()
    gone = case.person.died_on is not None
    asked = {} if gone else {one.key: one for one in _asked(case)}
    for task in tasks.open_tasks(case.id, TaskKind.LETTER, TaskKind.SIGN_LETTER):
        found = asked.get(task.key)
        if found is None:
            tasks.withdraw(task, by=by, because=NOT_WANTED)
        elif found.done:
            tasks.finish(task, by=by)
        else:
            tasks.keep_with(task, found.owner.principal_id, found.owner.staff_id, by=by)
    for one in asked.values():
        if not one.done and tasks.with_key(one.key) is None:
            _open(case, one, by)


def _open(case: Case, one: _Wanted, by: int | None) -> None:
    due = _due(one.within)
    done = tasks.with_key(one.key, TaskState.DONE)
    if done is not None:
        tasks.take_up_again(done, due_at=due, by=by)
        return
    tasks.open_task(
        one.kind,
        key=one.key,
        title=one.title,
        owner_principal_id=one.owner.principal_id,
        owner_staff_id=one.owner.staff_id,
        due_at=due,
        by=by,
        case_id=case.id,
        endpoint=PAGE,
        subject_ref=case.ref,
    )


def _due(within: int) -> datetime:
    return end_of_day(working_calendar().add(clock.today(), within))


def _asked(case: Case) -> Iterator[_Wanted]:
    course = course_of(case.id)
    if course is None:
        return
    owner, found = _therapist(case, course), letters_now(case)
    signed = any(one.versions for one in found if one.letter.kind is LetterKind.SUMMARY)
    if signed or _is_over(case, course):
        key = f"{TaskKind.LETTER.value}:{case.id}:summary"
        yield _Wanted(TaskKind.LETTER, key, WRITE, owner, WRITE_WITHIN, signed)
    for one in found:
        yield from _of_letter(case, one, owner)


def _is_over(case: Case, course: Course) -> bool:
    """Whether he was treated, that is over, and he is not discharged yet.

    What ended with his case says nothing of it.
    """
    if case.state is CaseState.DISCHARGED or course.ended_how is CourseEnd.CASE:
        return False
    if not has_ended(course):
        return False
    return any(row.required and row.happened in TOOK_PLACE for row in attendance_of(case.id))


def _of_letter(case: Case, one: Standing, owner: Owner) -> Iterator[_Wanted]:
    row = one.letter
    if row.first_by is not None and waits_for_lead(case, row):
        key = f"{TaskKind.SIGN_LETTER.value}:{row.id}:{len(one.versions)}"
        lead = _lead(case, row.first_by)
        yield _Wanted(TaskKind.SIGN_LETTER, key, SIGN, lead, SIGN_WITHIN, done=False)
    elif one.versions:
        key = f"{TaskKind.SIGN_LETTER.value}:{row.id}:{len(one.versions) - 1}"
        yield _Wanted(TaskKind.SIGN_LETTER, key, SIGN, owner, SIGN_WITHIN, done=True)
    if one.versions:
        key = f"{TaskKind.LETTER.value}:{row.id}:{one.versions[-1].number}"
        title = AGAIN if one.outdated else GIVE
        yield _Wanted(TaskKind.LETTER, key, title, owner, GIVE_WITHIN, not one.owed)


def _therapist(case: Case, course: Course) -> Owner:
    staff: Staff | None = therapist_of(course)
    return Owner(staff.principal_id, staff.id) if staff is not None else assessing(case)


def _lead(case: Case, author: int) -> Owner:
    """A clinical lead of the trust who did not write it; the trust's list without one."""
    trust = trust_of(case)
    found = next((one for one in leads_of(trust.id) if one[0] != author), None)
    return Owner(found[1], found[0]) if found else Owner(trust.principal_id, None)


def _follow_id(case_id: int, by: int | None) -> None:
    follow(cases.lock(case_id), by=by)


def _consent_said(
    case_id: int, item: ConsentItem, _decision: ConsentDecision, by: int | None
) -> None:
    if item is ConsentItem.GP and queries.versions_of(case_id):
        _follow_id(case_id, by)


def _fact_added(case_id: int, kind: FactKind, by: int | None) -> None:
    if kind in (FactKind.DISCHARGED, FactKind.CORRECTED):
        _follow_id(case_id, by)


def _changed(course: Course, _kind: CourseChangeKind, by: int | None) -> None:
    _follow_id(course.case_id, by)


def _recorded(case: Case, row: Attendance, by: int) -> None:
    if row.required:
        follow(case, by=by)


def _therapist_changed(case_id: int, _staff_id: int, by: int | None) -> None:
    _follow_id(case_id, by)


courses.changed.append(_changed)
courses.therapist_changed.append(_therapist_changed)
attendance.recorded.append(_recorded)
cases_listeners.consent_said.append(_consent_said)
cases_listeners.fact_added.append(_fact_added)
cases_listeners.death_recorded.append(_follow_id)
cases_listeners.death_taken_back.append(_follow_id)
