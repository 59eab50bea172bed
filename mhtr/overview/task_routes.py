"""A task's own page: the risk review above all. It closes only with a clinician's outcome."""

import uuid
from dataclasses import dataclass

from flask import render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Staff, StaffRole
from mhtr.cases import service as cases
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case
from mhtr.cases.record import record
from mhtr.core import audit, clock, formats
from mhtr.core.access import CLINICAL_ROLES, Purpose, Role, Viewer
from mhtr.core.database import db
from mhtr.core.errors import NotFound, Refused
from mhtr.overview.answers import answers_of
from mhtr.overview.due import left_until
from mhtr.overview.forms import HandOverForm, OutcomeForm, PlainForm
from mhtr.overview.kinds import DONE_BY_HAND
from mhtr.overview.routes import bp
from mhtr.overview.task_history import history_of
from mhtr.tasks import service as tasks
from mhtr.tasks.calendar import working_calendar
from mhtr.tasks.models import Task, TaskKind
from mhtr.tasks.queries import on_duty, principals, task_by_ref
from mhtr.web.forms import Form
from mhtr.web.gate import only
from mhtr.web.reads import shows
from mhtr.web.submission import saving

Answer = str | Response


@dataclass(frozen=True)
class Found:
    """A task with its case, both in the viewer's scope."""

    viewer: Viewer
    task: Task
    case: Case


def find_task(task_ref: uuid.UUID) -> Found:
    """The task behind an address, for its owner, his team, the case's assessor, or oversight.

    Raises:
        NotFound: no such task, or not this viewer's: the two are never told apart.
    """
    viewer = current_viewer()
    task = task_by_ref(task_ref)
    if task is None or task.case_id is None:
        raise NotFound
    if task.kind is not TaskKind.RISK_REVIEW and task.kind not in DONE_BY_HAND:
        raise NotFound
    case_ref = db.session.scalars(select(Case.ref).where(Case.id == task.case_id)).one()
    case = find_case(viewer, case_ref, Purpose.CLINICAL)
    oversees = viewer.has(Role.CLINICAL_LEAD, Role.DUTY_CLINICIAN)
    mine = task.owner_principal_id in principals(viewer) or case.assessor_id == viewer.staff_id
    if not (mine or oversees or on_duty(viewer.staff_id, clock.today())):
        raise NotFound
    shows("task", task.id)
    return Found(viewer, task, case)


@bp.get("/tasks/<uuid:task_ref>")
@only(*CLINICAL_ROLES)
def risk_task(task_ref: uuid.UUID) -> str:
    """One risk review, or another task that is closed by hand."""
    return _page(find_task(task_ref))


def _page(
    found: Found, *, outcome: OutcomeForm | None = None, hand_over: HandOverForm | None = None
) -> str:
    task, banner = found.task, record(found.viewer, found.case)
    common = {
        "record": banner,
        "case": found.case,
        "task": task,
        "owner": _name(task.owner_staff_id) or "The team",
        "age": formats.ago(task.created_at, clock.now()),
        "left": left_until(task.due_at, clock.now(), working_calendar()),
        "history": history_of(task),
        "is_open": task.finished_at is None,
        "mine": task.owner_principal_id == found.viewer.principal_id,
    }
    if task.kind is not TaskKind.RISK_REVIEW:
        return render_template("overview/task.html", **common, form=PlainForm())
    form = outcome or OutcomeForm(prefix="outcome")
    other = hand_over or _hand_over_form(found)
    return render_template(
        "overview/risk_task.html",
        **common,
        answers=answers_of([task.key]).get(task.key),
        form=hand_over if hand_over else form,
        outcome_form=form,
        hand_over_form=other,
        plain_form=PlainForm(),
    )


def _name(staff_id: int | None) -> str:
    return db.session.get_one(Staff, staff_id).name if staff_id else ""


def clinicians(found: Found) -> list[Staff]:
    """Clinicians at work who can take it over and may see the case: the present owner's trust."""
    home = found.viewer.organisation_id
    return list(
        db.session.scalars(
            select(Staff)
            .join(StaffRole, StaffRole.staff_id == Staff.id)
            .where(
                Staff.organisation_id == home,
                Staff.disabled_at.is_(None),
                StaffRole.role.in_(sorted(CLINICAL_ROLES)),
                Staff.id != (found.task.owner_staff_id or 0),
            )
            .distinct()
            .order_by(Staff.name, Staff.id)
        )
    )


def _hand_over_form(found: Found) -> HandOverForm:
    form = HandOverForm(prefix="hand")
    form.to.set_choices([(str(staff.ref), staff.name) for staff in clinicians(found)])
    return form


def _locked(task_id: int, case_id: int) -> Task:
    """The task as it stands under the lock of its case."""
    cases.lock(case_id)
    return db.session.get_one(Task, task_id, populate_existing=True)


@bp.post("/tasks/<uuid:task_ref>/acknowledge")
@only(*CLINICAL_ROLES)
def acknowledge(task_ref: uuid.UUID) -> Answer:
    """Note that a clinician has seen it: the escalation stops there, the task stays."""
    found = find_task(task_ref)
    task_id, case_id, by = found.task.id, found.case.id, found.viewer.staff_id
    return _do(task_ref, lambda: tasks.acknowledge(_locked(task_id, case_id), by=by), "Noted: you have seen it")


@bp.post("/tasks/<uuid:task_ref>/hand-over")
@only(*CLINICAL_ROLES)
def hand_over(task_ref: uuid.UUID) -> Answer:
    """Give it to another clinician, who is told."""
    found = find_task(task_ref)
    form = _hand_over_form(found)
    if not form.validate():
        return _page(found, hand_over=form), 422  # type: ignore[return-value]
    to = next(staff for staff in clinicians(found) if str(staff.ref) == form.to.data)
    task_id, case_id, by = found.task.id, found.case.id, found.viewer.staff_id
    principal_id, staff_id, name = to.principal_id, to.id, to.name

    def give() -> None:
        task = _locked(task_id, case_id)
        tasks.hand_over(task, to_principal_id=principal_id, to_staff_id=staff_id, by=by)
        # Somebody else has to look now: what the first one has seen is not seen by the second.
        task.acknowledged_at = task.acknowledged_by = None
        tasks.tell(
            principal_id,
            key=f"handed_over:{task_id}:{clock.now():%Y%m%d%H%M%S}",
            text="A risk review was handed over to you.",
            case_id=case_id,
            endpoint="overview.risk_task",
            subject_ref=task.ref,
        )

    return _do(task_ref, give, f"Handed over to {name}")


@bp.post("/tasks/<uuid:task_ref>/outcome")
@only(*CLINICAL_ROLES)
def record_outcome(task_ref: uuid.UUID) -> Answer:
    """Record what was done and the plan: the only way a risk review closes."""
    found = find_task(task_ref)
    if found.task.kind is not TaskKind.RISK_REVIEW:
        raise NotFound
    form = OutcomeForm(prefix="outcome")
    if not form.validate():
        return _page(found, outcome=form), 422  # type: ignore[return-value]
    task_id, case_id, by = found.task.id, found.case.id, found.viewer.staff_id
    done, plan = form.outcome.data, form.plan.data

    def close() -> None:
        task = _locked(task_id, case_id)
        tasks.acknowledge(task, by=by)
        tasks.finish(task, by=by, outcome=done, plan=plan)

    return _do(task_ref, close, "Recorded what was done and the plan")


@bp.post("/tasks/<uuid:task_ref>/done")
@only(*CLINICAL_ROLES)
def done(task_ref: uuid.UUID) -> Answer:
    """Mark a task as done that nothing else in the program closes."""
    found = find_task(task_ref)
    if found.task.kind not in DONE_BY_HAND:
        raise NotFound
    task_id, case_id, by = found.task.id, found.case.id, found.viewer.staff_id
    return _do(task_ref, lambda: tasks.finish(_locked(task_id, case_id), by=by), "Marked as done")
