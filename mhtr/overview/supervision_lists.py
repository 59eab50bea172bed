"""Rows of Today for those who supervise men under an order, and for the seniors of their unit."""

from sqlalchemy import bindparam, select

from mhtr.compliance.decision_queries import Waiting, decide_by, waiting_of
from mhtr.core import clock, formats
from mhtr.core.access import Role, Viewer
from mhtr.core.due import left_until
from mhtr.core.prepared import Prepared
from mhtr.core.transaction import once_a_page
from mhtr.orders.cover_queries import covering_now
from mhtr.overview.links import STAND_IN, page_href
from mhtr.overview.rows import Row
from mhtr.overview.task_lists import note_shown
from mhtr.probation.keyed_queries import entries_of
from mhtr.probation.keying_rules import Stand
from mhtr.probation.nobodys import nobodys
from mhtr.probation.people_form import NOBODYS
from mhtr.probation.people_queries import Man, men_of
from mhtr.probation.policy import keyed_from
from mhtr.tasks.calendar import working_calendar
from mhtr.tasks.models import Task, TaskKind, TaskState

_HIS_TASKS = Prepared(
    select(Task.subject_ref).where(
        Task.kind == TaskKind.DECIDE_LATE,
        Task.state == TaskState.OPEN,
        Task.owner_principal_id == bindparam("owner"),
    )
)


def nobodys_rows(viewer: Viewer, limit: int) -> list[Row]:
    """Men of a senior's unit whom nobody supervises, by name."""
    href = page_href(viewer, "probation.reassign_men")
    rows = [
        Row(
            ref=man.ref,
            who=man.name,
            what="No officer decides or hears of him",
            href=f"{href}?whose={NOBODYS}",
            action="Give to an officer",
            case_id=man.case_id,
            person_id=man.person_id,
            urgent=True,
        )
        for man in nobodys(viewer)[:limit]
    ]
    note_shown(rows)
    return rows


def decision_rows(viewer: Viewer, limit: int) -> list[Row]:
    """Missed sessions of his men on which he is to decide, by the day on which he is to.

    Also of men whom he covers for today. A senior finds those of men he supervises himself; what
    waits too long in his unit is his as a task, and stands there only.
    """
    men = {man.case_id: man for man in _whom_he_decides_of(viewer)}
    held = waiting_of(list(men))
    waiting = [(men[case_id], one) for case_id, found in held.items() for one in found]
    waiting.sort(key=lambda pair: (decide_by(pair[1]), pair[1].on, pair[0].case_id))
    asked = {line.subject_ref for line in _HIS_TASKS.all({"owner": viewer.principal_id})}
    shown = [(man, one) for man, one in waiting if str(one.subject) not in asked]
    rows = [_decision(viewer, man, one) for man, one in shown[:limit]]
    note_shown(rows)
    return rows


def keying_rows(viewer: Viewer, _limit: int) -> list[Row]:
    """How much waits to be keyed into nDelius of his men and those he covers for: one row."""
    since = keyed_from()
    men = [man.case_id for man in _whom_he_decides_of(viewer)]
    waiting = [one for one in entries_of(men, since=since) if one.waits]
    if not waiting:
        return []
    correct = sum(one.stand is Stand.TO_CORRECT for one in waiting)
    facts = [f"The oldest is of {formats.short_day(waiting[0].on)}"]
    if correct:
        facts.append(f"{correct} to correct there")
    return [
        Row(
            ref=STAND_IN,
            what="1 entry" if len(waiting) == 1 else f"{len(waiting)} entries",
            href=page_href(viewer, "probation.to_key"),
            action="Key in",
            facts=tuple(facts),
        )
    ]


def _whom_he_decides_of(viewer: Viewer) -> list[Man]:
    return once_a_page(("decides of", viewer.staff_id), lambda: _read_whom(viewer))


def _read_whom(viewer: Viewer) -> list[Man]:
    """A senior sees all men of the unit: of those his own, and those he covers for."""
    men = men_of(viewer)
    if not viewer.has(Role.SENIOR_PROBATION):
        return men
    covers = covering_now(viewer.staff_id)
    of = {viewer.staff_id, *(officer.id for row, officer in covers if row.case_id is None)}
    alone = {row.case_id for row, _ in covers}
    return [
        man
        for man in men
        if (man.officer is not None and man.officer.staff_id in of) or man.case_id in alone
    ]


def _decision(viewer: Viewer, man: Man, waiting: Waiting) -> Row:
    today, due = clock.today(), decide_by(waiting)
    still = "until" if today <= waiting.until else "was due"
    facts = [f"His evidence {still} {formats.short_day(waiting.until)}"]
    if waiting.said_on is not None:
        facts.insert(0, f"He said something of it on {formats.short_day(waiting.said_on)}")
    if man.officer is not None and man.officer.staff_id != viewer.staff_id:
        facts.append(f"For {man.officer.name}")
    return Row(
        ref=waiting.subject,
        who=man.name,
        what=f"Missed the session of {formats.short_day(waiting.on)}",
        href=page_href(viewer, "probation.absence_here", waiting.subject),
        action="Decide",
        due=due,
        left=left_until(due, clock.now(), working_calendar()),
        facts=tuple(facts),
        case_id=man.case_id,
        person_id=man.person_id,
    )
