"""What needs a member of staff now: the blocks of Today, by role."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urlencode

from flask import url_for

from mhtr.core import clock, formats
from mhtr.core.access import CLINICAL_ROLES, PROBATION_ROLES, SUPERVISES, Role, Viewer
from mhtr.core.working_days import WorkingCalendar
from mhtr.overview import onward_lists, own_lists, session_lists, supervision_lists
from mhtr.overview.case_lists import (
    WantedCases,
    hearing_rows,
    next_hearing_row,
    unallocated_rows,
)
from mhtr.overview.flag_lists import WantedFlags, flag_rows
from mhtr.overview.kinds import BY_TODAY
from mhtr.overview.known_by import blocks_for, rows_for
from mhtr.overview.measure_lists import WantedMeasures, due_rows
from mhtr.overview.own_tasks import ADMIN, LEAD, MINE, REPORT_WORK, Mine, needed
from mhtr.overview.rows import Block, Row
from mhtr.overview.rules import in_order
from mhtr.overview.task_lists import first_rows, task_rows
from mhtr.overview.task_statements import Wanted
from mhtr.suitability.request_queries import next_due
from mhtr.tasks.kinds import kinds_of
from mhtr.tasks.models import TaskKind
from mhtr.tasks.queries import away_colleagues, next_leave, principals

K = TaskKind
SHOWN = 6
"""Rows of a block; the rest is one click away."""
SHOWN_RISK = 20
SHOWN_SESSIONS = 20
DUTY = Role.DUTY_CLINICIAN
OVERSEES = (LEAD, DUTY)
SUPERVISION = "measures.supervision"


@dataclass(frozen=True)
class Day:
    """What every block is made from."""

    viewer: Viewer
    calendar: WorkingCalendar


def blocks_of(day: Day) -> list[Block]:
    """The blocks that hold something: signs of risk, sessions of today, then what is overdue."""
    found = task_blocks(day)
    for roles, make in OTHERS:
        if roles & day.viewer.roles:
            found.append(make(day))
    shown = [block for block in found if block.rows]
    return in_order(blocks_for(day.viewer, shown))


def task_blocks(day: Day) -> list[Block]:
    """Signs of risk, his own and his teams' tasks, and those of colleagues who are away.

    One query, told apart by kind, and by whose they are.
    """
    viewer = day.viewer
    specs = [spec for spec in MINE if spec.roles & viewer.roles]
    wanted, kinds = _wanted_risk(viewer), _kinds(specs) & kinds_of(viewer.roles)
    if kinds:
        wanted.append(Wanted(kinds, principals(viewer), by_today=BY_TODAY, each=SHOWN + 1))
    away = away_colleagues(viewer, clock.today()) if LEAD in viewer.roles else []
    if away:
        wanted.append(Wanted(REPORT_WORK, tuple(away), each=SHOWN_RISK))
    of_blocks = partial(needed, specs, away, SHOWN)
    found = first_rows(viewer, wanted, day.calendar, of_blocks) if wanted else []
    theirs = [row for row in found if _is_of(row, away)]
    blocks = _blocks_of_tasks(specs, [row for row in found if not _is_of(row, away)])
    return [*blocks, away_block(theirs[:SHOWN_RISK], blocks)]


def _is_of(row: Row, away: Sequence[int]) -> bool:
    """Whether it is a report of somebody who is away."""
    return row.kind in REPORT_WORK and row.owner_principal in away


def _blocks_of_tasks(specs: Iterable[Mine], rows: Sequence[Row]) -> list[Block]:
    risk = [row for row in rows if row.kind is K.RISK_REVIEW][: SHOWN_RISK + 1]
    return [
        _block("risk", "Signs of risk", risk, "risk", shown=SHOWN_RISK, urgent=True),
        *(
            _block(
                spec.key,
                spec.heading,
                [row for row in rows if row.kind in spec.kinds][: SHOWN + 1],
                spec.worklist,
            )
            for spec in specs
        ),
    ]


def _wanted_risk(viewer: Viewer) -> list[Wanted]:
    """All in scope for a lead or duty clinician, otherwise of his own cases and his own."""
    if not viewer.has(*CLINICAL_ROLES):
        return []
    every = Wanted(frozenset({K.RISK_REVIEW}), each=SHOWN_RISK + 1)
    if viewer.has(*OVERSEES):
        return [every]
    of_cases = replace(every, assessor_id=viewer.staff_id)
    return [of_cases, replace(every, owners=principals(viewer))]


def _kinds(specs: Iterable[Mine]) -> frozenset[TaskKind]:
    return frozenset().union(*(spec.kinds for spec in specs))


def away_block(rows: Iterable[Row], others: Iterable[Block]) -> Block:
    """Reports of colleagues who are away, unless they stand above as late."""
    late = {row.case_id for block in others if block.key == "late" for row in block.rows}
    shown = [
        replace(row, facts=(f"{row.owner} is away", *row.facts))
        for row in rows
        if row.case_id not in late
    ]
    return Block("away", "Reports of colleagues who are away", tuple(shown))


def sessions_block(day: Day) -> Block:
    """His sessions of today, each with its record."""
    rows = session_lists.today_rows(day.viewer, limit=SHOWN_SESSIONS)
    return Block("sessions", "My sessions today", tuple(rows), today=True)


def break_glass_block(day: Day) -> Block:
    """Emergency access to review, whichever privacy officer it was given to."""
    wanted = Wanted(frozenset({K.BREAK_GLASS_REVIEW}))
    rows = task_rows(day.viewer, wanted, day.calendar, limit=SHOWN + 1)
    more = own_lists.list_href(day.viewer, "break_glass.reviews") if len(rows) > SHOWN else ""
    return Block("break_glass", "Emergency access to review", tuple(rows[:SHOWN]), more)


def hearings_block(day: Day) -> Block:
    """Hearings coming: every one in scope for a lead or administrator, else his own cases'."""
    rows = hearing_rows(day.viewer, _own_cases(day.viewer), day.calendar, limit=SHOWN + 1)
    return _block("hearings", "Hearings coming", rows, "hearings")


def measures_block(day: Day) -> Block:
    """Measures not asked yet of his men: at open sessions, and before the first one."""
    wanted = WantedMeasures(own=True)
    rows = due_rows(day.viewer, wanted, day.calendar, limit=SHOWN + 1)
    return _block("measures", "Measures to record", rows, "measures")


def flags_block(day: Day) -> Block:
    """Flags of scores that wait: every one in scope for a lead, else of his men."""
    lead = day.viewer.has(LEAD)
    rows = flag_rows(day.viewer, WantedFlags(own=not lead), limit=SHOWN + 1)
    made = _block("score_flags", "Scores to look at", rows, "flags")
    return replace(made, more_href=own_lists.list_href(day.viewer, SUPERVISION)) if lead else made


def unallocated_block(day: Day) -> Block:
    """Referrals nobody assesses yet."""
    rows = unallocated_rows(day.viewer, WantedCases(), day.calendar, limit=SHOWN + 1)
    return _block("unallocated", "Referrals without an assessor", rows, "unallocated")


def _own_cases(viewer: Viewer) -> WantedCases:
    sees_all = viewer.has(ADMIN, *OVERSEES)
    return WantedCases(assessor_id=None if sees_all else viewer.staff_id)


def _own(
    key: str,
    heading: str,
    make: Callable[[Viewer, int], list[Row]],
    endpoint: str = "",
    **filters: str,
) -> Callable[[Day], Block]:
    def block(day: Day) -> Block:
        rows = make(day.viewer, SHOWN + 1)
        more = own_lists.list_href(day.viewer, endpoint) if len(rows) > SHOWN else ""
        more += f"?{urlencode(filters)}" if more and filters else ""
        return Block(key, heading, tuple(rows[:SHOWN]), more)

    return block


OTHERS: tuple[tuple[frozenset[Role], Callable[[Day], Block]], ...] = (
    (frozenset({Role.PRIVACY_OFFICER}), break_glass_block),
    (
        frozenset({Role.SYSTEM_ADMINISTRATOR, Role.SERVICE_MANAGER, LEAD}),
        _own("roles", "Roles to confirm", own_lists.role_rows, "staff.people"),
    ),
    (CLINICAL_ROLES, sessions_block),
    (CLINICAL_ROLES, measures_block),
    (CLINICAL_ROLES, flags_block),
    (CLINICAL_ROLES | {ADMIN}, hearings_block),
    (frozenset({LEAD, ADMIN}), unallocated_block),
    (
        frozenset({Role.LINK_WORKER}),
        _own("onward", "Onward referrals to chase", onward_lists.onward_rows, "intake.onward_list"),
    ),
    (
        frozenset({Role.LD_PRACTITIONER}) | PROBATION_ROLES,
        _own("drafts", "Referrals you have not sent yet", own_lists.draft_rows),
    ),
    (
        frozenset({Role.SENIOR_PROBATION}),
        _own(
            "nobodys", "Men without an officer", supervision_lists.nobodys_rows,
            "probation.reassign_men", whose="nobody",
        ),
    ),
    (
        frozenset(SUPERVISES),
        _own(
            "decisions", "Absences to decide", supervision_lists.decision_rows,
            "probation.people", show="to_decide", sort="decide",
        ),
    ),
    (
        frozenset(SUPERVISES),
        _own("keying", "To key into nDelius", supervision_lists.keying_rows),
    ),
    (
        PROBATION_ROLES,
        _own("requests", "Reports you asked for", own_lists.request_rows, "suitability.requests"),
    ),
    (
        PROBATION_ROLES,
        _own(
            "released", "Reports you can read", own_lists.released_rows,
            "suitability.requests", shown="released",
        ),
    ),
    (
        frozenset({Role.LD_PRACTITIONER}),
        _own(
            "referrals", "What became of your referrals", own_lists.referral_rows,
            "intake.my_referrals",
        ),
    ),
)  # fmt: skip


def _block(
    key: str,
    heading: str,
    rows: list[Row],
    worklist: str,
    *,
    shown: int = SHOWN,
    urgent: bool = False,
) -> Block:
    about = key if worklist == "tasks" else None
    more = url_for("overview.worklist", name=worklist, about=about) if len(rows) > shown else ""
    return Block(key, heading, tuple(rows[:shown]), more, urgent=urgent)


def coming_next(day: Day) -> str:
    """The next thing in his diary, for a day on which nothing waits."""
    viewer, said = day.viewer, []
    if viewer.has(ADMIN, *CLINICAL_ROLES):
        row = next_hearing_row(viewer, assessor_id=_own_cases(viewer).assessor_id)
        if row is not None:
            said.append(f"The next hearing is on {formats.short_day(row.hearing_on)}.")
    elif viewer.has(*PROBATION_ROLES):
        said += _next_of_his_men(viewer)
    leave = next_leave(viewer.staff_id, clock.today())
    if leave is not None:
        word = "began" if leave.first_day <= clock.today() else "begins"
        said.append(f"Your leave {word} on {formats.short_day(leave.first_day)}.")
    return " ".join(said)


def _next_of_his_men(viewer: Viewer) -> list[str]:
    """The next court date and the next report among the men whom probation sees."""
    said = []
    row = next_hearing_row(viewer, assessor_id=None)
    if row is not None:
        [known] = rows_for(viewer, [row])
        at = f" at {known.court}" if known.court else ""
        on = formats.short_day(known.hearing_on)
        said.append(f"Next: {known.who} (CRN {known.crn}) is in court on {on}{at}.")
    due = next_due(viewer)
    if due is not None:
        said.append(f"The next report is due on {formats.short_day(due)}.")
    return said
