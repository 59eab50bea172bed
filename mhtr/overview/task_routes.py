"""A task's own page: the risk review above all. It closes only with a clinician's outcome."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from mhtr.accounts.gate import current_viewer
from mhtr.accounts.models import Staff
from mhtr.cases.models import Case
from mhtr.cases.queries import find_case, stands
from mhtr.cases.record import record
from mhtr.core import clock, formats
from mhtr.core.access import CLINICAL_ROLES, Purpose, Role, Viewer
from mhtr.core.database import db
from mhtr.core.due import left_until
from mhtr.core.errors import NotFound, Refused
from mhtr.overview import task_service
from mhtr.overview.answers import answers_of
from mhtr.overview.forms import HandOverForm, OutcomeForm, PlainForm
from mhtr.overview.kinds import DONE_BY_HAND
from mhtr.overview.links import page_href
from mhtr.overview.routes import bp
from mhtr.overview.task_history import history_of
from mhtr.suitability import reliance_news
from mhtr.tasks.calendar import working_calendar
from mhtr.tasks.models import Task, TaskKind
from mhtr.tasks.queries import on_duty, principals, task_by_ref
from mhtr.tasks.risk_duty import looks_next
from mhtr.tasks.rota_queries import clinicians
from mhtr.web.gate import in_emergency, only
from mhtr.web.reads import shows
from mhtr.web.submission import saving
from outcome_measures.risk.reviews import known, others_of_this_answer
from outcome_measures.risk.service import whom_about

Answer = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Found:
    """A task with its case, both in the viewer's scope."""

    viewer: Viewer
    task: Task
    case: Case
    by_emergency: bool
    """His by emergency access only: he records what was done, and decides nothing else."""


def find_task(task_ref: uuid.UUID) -> Found:
    """The task behind an address: for its owner, his team, the assessor, oversight, an emergency.

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
    emergency = not stands(viewer, case.id, Purpose.CLINICAL)
    if not (mine or oversees or emergency or on_duty(viewer.staff_id, clock.today())):
        raise NotFound
    shows("task", task.id)
    return Found(viewer, task, case, emergency)


@bp.get("/tasks/<uuid:task_ref>")
@in_emergency
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
        "by_emergency": found.by_emergency,
        "mine": task.owner_principal_id == found.viewer.principal_id,
    }
    if task.kind is not TaskKind.RISK_REVIEW:
        return render_template("overview/task.html", **common, form=PlainForm(), **_to_do(found))
    form = outcome or OutcomeForm()
    answers = answers_of(found.viewer, [task.key]).get(task.key)
    other = hand_over or _hand_over_form(found)
    return render_template(
        "overview/risk_task.html",
        **common,
        answers=answers,
        shown=known(task),
        others=[_name(one.owner_staff_id) or "the team" for one in others_of_this_answer(task)]
        if common["is_open"]
        else [],
        about=whom_about(task) or (answers.to if answers else None),
        waiting=_waiting(task) if common["is_open"] else "",
        form=hand_over if hand_over else form,
        outcome_form=form,
        hand_over_form=other,
        plain_form=PlainForm(),
    )


def _to_do(found: Found) -> dict[str, str | bool]:
    """What can be done after he said no, and whether the task can end without it."""
    viewer, ref = found.viewer, found.case.ref
    return {
        "waits": task_service.waits_for_him(found.case.id),
        "mark": reliance_news.mark_now(found.case.id),
        "consent_href": page_href(viewer, "people.consent", ref),
        "close_href": page_href(viewer, "intake.close_case", ref),
    }


def _waiting(task: Task) -> str:
    """Who looks next and when, while its owner is not at work; empty once he is or has seen it."""
    looks, name = looks_next(task), _name(task.owner_staff_id) or "The team"
    if looks is None:
        return (
            f"{name} is not at work in the next two months, and nobody else is on the rota. "
            "A clinical lead must hand it over now."
        )
    if looks <= clock.now() or task.acknowledged_at is not None:
        return ""
    return (
        f"Nobody is at work to look at it now. It waits for {name}, at work next on {when(looks)}."
    )


def when(moment: datetime) -> str:
    """A moment with its weekday."""
    local = moment.astimezone(clock.LONDON)
    return f"{local:%A} {formats.moment(moment)}"


def _name(staff_id: int | None) -> str:
    return db.session.get_one(Staff, staff_id).name if staff_id else ""


def _others(found: Found) -> list[Staff]:
    """Clinicians of the viewer's trust, without the present owner."""
    staff = clinicians(found.viewer.organisation_id)
    return [one for one in staff if one.id != found.task.owner_staff_id]


def _hand_over_form(found: Found) -> HandOverForm:
    form = HandOverForm()
    form.to.set_choices([(str(staff.ref), staff.name) for staff in _others(found)])
    return form


def _do(task_ref: uuid.UUID, call: Callable[[], None], message: str) -> Answer:
    """Save, and come back to the task; a refusal is shown on its page."""
    try:
        with saving() as saved:
            call()
            saved.goes_to(url_for("overview.risk_task", task_ref=task_ref), message)
        return saved.redirect()
    except Refused as refusal:
        form = OutcomeForm()
        form.refuse(" ".join(refusal.reasons))
        return _page(find_task(task_ref), outcome=form), 422


@bp.post("/tasks/<uuid:task_ref>/acknowledge")
@only(*CLINICAL_ROLES)
def acknowledge(task_ref: uuid.UUID) -> Answer:
    """Note that a clinician has seen it."""
    found = find_task(task_ref)
    task_id, by = found.task.id, found.viewer.staff_id
    return _do(
        task_ref,
        lambda: task_service.acknowledge(task_id=task_id, by=by),
        "Noted: you have seen it",
    )


@bp.post("/tasks/<uuid:task_ref>/hand-over")
@only(*CLINICAL_ROLES)
def hand_over(task_ref: uuid.UUID) -> Answer:
    """Give it to another clinician, who is told."""
    found = find_task(task_ref)
    form = _hand_over_form(found)
    if not form.validate():
        return _page(found, hand_over=form), 422
    to = next(staff for staff in _others(found) if str(staff.ref) == form.to.data)
    task_id, to_id, by = found.task.id, to.id, found.viewer.staff_id
    return _do(
        task_ref,
        lambda: task_service.hand_over(task_id=task_id, to_staff_id=to_id, by=by),
        f"Handed over to {to.name}",
    )


@bp.post("/tasks/<uuid:task_ref>/outcome")
@in_emergency
@only(*CLINICAL_ROLES)
def record_outcome(task_ref: uuid.UUID) -> Answer:
    """Record what was done and the plan."""
    found = find_task(task_ref)
    form = OutcomeForm()
    if not form.validate():
        return _page(found, outcome=form), 422
    task_id, by = found.task.id, found.viewer.staff_id
    outcome, plan, shown = form.outcome.data, form.plan.data, form.shown.data or ""
    return _do(
        task_ref,
        lambda: task_service.record_outcome(
            task_id=task_id, outcome=outcome, plan=plan, by=by, shown=shown
        ),
        "Recorded: what was done and the plan",
    )


@bp.post("/tasks/<uuid:task_ref>/done")
@only(*CLINICAL_ROLES)
def done(task_ref: uuid.UUID) -> Answer:
    """Mark a task as done that nothing else closes."""
    found = find_task(task_ref)
    task_id, by = found.task.id, found.viewer.staff_id
    return _do(task_ref, lambda: task_service.mark_done(task_id=task_id, by=by), "Marked as done")
