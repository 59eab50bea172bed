"""Onward referrals as rows of Today: each due when its task is."""

from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, String, and_, cast, func

from mhtr.cases.models import Case
from mhtr.cases.report_due import Countdowns
from mhtr.core import clock
from mhtr.core.access import Purpose, Viewer
from mhtr.core.codes import lists
from mhtr.core.database import db
from mhtr.core.due import left_until
from mhtr.intake.models import OnwardReferral
from mhtr.intake.onward_rules import ONWARD_WORDS
from mhtr.overview.links import case_href, page_href
from mhtr.overview.own_lists import row_about, with_case
from mhtr.overview.rows import Row
from mhtr.overview.task_lists import note_shown
from mhtr.people.models import Person
from mhtr.tasks.calendar import working_calendar
from mhtr.tasks.models import Task, TaskKind, TaskState


def onward_rows(viewer: Viewer, limit: int) -> list[Row]:
    """Onward referrals that are his to follow up and not closed, soonest due first."""
    found = db.session.execute(_open(viewer).limit(limit)).all()
    calendar, now = working_calendar(), clock.now()
    countdowns = Countdowns(calendar)
    rows = [
        row_about(
            line,
            report=countdowns.of(line),
            what=_onward_words(line),
            href=page_href(viewer, "intake.onward_step", line.onward_ref) or case_href(line.ref),
            action="Follow up",
            due=line.due_at,
            left=left_until(line.due_at, now, calendar) if line.due_at else None,
            facts=("Paused",) if line.paused else (),
        )
        for line in found
    ]
    note_shown(rows)
    return rows


def _open(viewer: Viewer) -> Any:
    task = and_(
        Task.case_id == Case.id,
        Task.state == TaskState.OPEN,
        Task.kind == TaskKind.ONWARD_REFERRAL,
        # A text beside an identifier: one engine keeps that without its dashes.
        _plain(Task.subject_ref) == _plain(cast(OnwardReferral.ref, String)),
    )
    mine = (viewer.principal_id, *viewer.group_principal_ids)
    return (
        with_case(
            OnwardReferral.ref.label("onward_ref"),
            OnwardReferral.service_code,
            OnwardReferral.service_name,
            OnwardReferral.state.label("onward_state"),
            Task.due_at,
            purposes=(Purpose.LINK_WORK,),
            viewer=viewer,
        )
        .select_from(OnwardReferral)
        .join(Case, Case.id == OnwardReferral.case_id)
        .join(Person, Person.id == Case.person_id)
        .outerjoin(Task, task)
        .where(OnwardReferral.owner_principal_id.in_(mine), OnwardReferral.closed_at.is_(None))
        .order_by(Task.due_at, OnwardReferral.id)
    )


def _plain(reference: SQLColumnExpression[Any]) -> ColumnElement[str]:
    return func.replace(reference, "-", "")


def _onward_words(line: Any) -> str:
    service = service_name(line.service_code, line.service_name)
    return f"{service}: {ONWARD_WORDS[line.onward_state]}"


def service_name(code: str, name: str) -> str:
    """What a service is called: as written down, else by its code."""
    if name:
        return name
    entry = lists.load("onward_services").get(code)
    return entry.label if entry else code
