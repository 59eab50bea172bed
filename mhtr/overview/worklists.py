"""The full lists behind Today: who may use each, how it is filtered and sorted."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from mhtr.cases.facts import CaseState
from mhtr.core import clock
from mhtr.core.access import CLINICAL_ROLES, PROBATION_ROLES, Role, Viewer
from mhtr.core.working_days import WorkingCalendar
from mhtr.overview.case_lists import UNALLOCATED, WantedCases, hearing_rows, unallocated_rows
from mhtr.overview.flag_lists import WantedFlags, flag_rows
from mhtr.overview.kinds import BY_TODAY
from mhtr.overview.links import page_href
from mhtr.overview.measure_lists import WantedMeasures, due_rows
from mhtr.overview.own_tasks import MINE, about
from mhtr.overview.rows import Row
from mhtr.overview.task_lists import task_rows
from mhtr.overview.task_statements import Wanted, count_tasks
from mhtr.tasks.kinds import kinds_of
from mhtr.tasks.models import TaskKind
from mhtr.tasks.queries import principals

K = TaskKind
OFFICE = CLINICAL_ROLES | {Role.ADMINISTRATOR}
EVERYBODY = frozenset(Role)


@dataclass(frozen=True)
class Asked:
    """What a page of a list was asked for. `owner`: all, me or team; `due`: see `_before`."""

    owner: str = ""
    due: str = ""
    court: str = ""
    states: frozenset[CaseState] | None = None
    """None: any state."""
    sort: str = "due"
    about: str = ""
    """The key of a block of Today; empty: of all of them."""


Reader = Callable[[Viewer, Asked, WorkingCalendar, int, int], list[Row]]


@dataclass(frozen=True)
class Worklist:
    """One list. `columns` names what its rows show, `sort` its own order."""

    name: str
    title: str
    lead: str
    roles: frozenset[Role]
    read: Reader
    sort: str
    columns: tuple[str, ...]
    filters: tuple[str, ...]
    empty: str
    owner: str = "all"
    """Whose rows are shown unless asked otherwise."""
    clinical: bool = False

    @property
    def sorts(self) -> tuple[str, ...]:
        """What it can be sorted by."""
        return tuple(key for key in SORTED_BY if key in ("name", *self.columns))


def _before(due: str) -> datetime | None:
    days = {"today": 1, "week": 7}
    if due == "overdue":
        return clock.now()
    if due not in days:
        return None
    day = clock.today() + timedelta(days=days[due])
    return clock.from_london(datetime.combine(day, time(0)))


def tasks_of(*kinds: TaskKind) -> Reader:
    """A list of tasks of these kinds (none named: of every kind)."""

    def read(
        viewer: Viewer, asked: Asked, calendar: WorkingCalendar, limit: int, offset: int
    ) -> list[Row]:
        wanted = _wanted(viewer, asked, frozenset(kinds) or about(asked.about))
        if not wanted.kinds:
            return []
        return task_rows(viewer, wanted, calendar, limit=limit, offset=offset)

    return read


def overdue_tasks(viewer: Viewer) -> int:
    """How many rows “All my tasks” has of those that are overdue."""
    wanted = _wanted(viewer, Asked(owner="mine", due="overdue"), frozenset(K))
    return count_tasks(viewer, wanted) if wanted.kinds else 0


def _wanted(viewer: Viewer, asked: Asked, kinds: frozenset[TaskKind]) -> Wanted:
    mine = {"me": (viewer.principal_id,), "team": viewer.group_principal_ids}
    return Wanted(
        kinds=kinds & kinds_of(viewer.roles),
        owners=mine.get(asked.owner, principals(viewer) if asked.owner == "mine" else ()),
        due_before=_before(asked.due),
        by_today=BY_TODAY,
        court=asked.court,
        states=asked.states,
        sort=asked.sort,
    )


def _hearings(
    viewer: Viewer, asked: Asked, calendar: WorkingCalendar, limit: int, offset: int
) -> list[Row]:
    until = {"today": 0, "week": 6, "month": 30}.get(asked.due)
    wanted = WantedCases(
        assessor_id=viewer.staff_id if asked.owner == "me" else None,
        until=clock.today() + timedelta(days=until) if until is not None else None,
        court=asked.court,
        states=asked.states,
        sort=asked.sort,
    )
    return hearing_rows(viewer, wanted, calendar, limit=limit, offset=offset)


def _unallocated(
    viewer: Viewer, asked: Asked, calendar: WorkingCalendar, limit: int, offset: int
) -> list[Row]:
    asked_for = asked.states if asked.states and asked.states & set(UNALLOCATED) else None
    wanted = WantedCases(court=asked.court, states=asked_for, sort=asked.sort)
    return unallocated_rows(viewer, wanted, calendar, limit=limit, offset=offset)


def _own(viewer: Viewer, asked: Asked) -> bool:
    """A lead's own list of measures is that of everybody he supervises."""
    return asked.owner == "me" or (asked.owner == "mine" and Role.CLINICAL_LEAD not in viewer.roles)


def _flags(
    viewer: Viewer, asked: Asked, _calendar: WorkingCalendar, limit: int, offset: int
) -> list[Row]:
    wanted = WantedFlags(_own(viewer, asked), whole=True, sort=asked.sort)
    return flag_rows(viewer, wanted, limit=limit, offset=offset)


def _measures(
    viewer: Viewer, asked: Asked, calendar: WorkingCalendar, limit: int, offset: int
) -> list[Row]:
    wanted = WantedMeasures(_own(viewer, asked), closed=True, sort=asked.sort)
    return due_rows(viewer, wanted, calendar, limit=limit, offset=offset)


USUAL = ("due", "hearing", "court", "state", "owner")
SORTED_BY = ("name", "due", "hearing", "court", "age")
"""Columns that a list with them can be sorted by."""
FILTERS = ("owner", "due", "court", "state")

WORKLISTS = {
    made.name: made
    for made in (
        Worklist(
            "risk",
            "Signs of risk",
            "Each stays here until a clinician has recorded what was done and the plan.",
            CLINICAL_ROLES,
            tasks_of(K.RISK_REVIEW),
            "due",
            ("said", "due", "owner", "age"),
            ("owner", "due"),
            "No sign of risk is waiting for a clinician.",
            clinical=True,
        ),
        Worklist(
            "reports",
            "Reports due",
            "Suitability reports that were asked for and are not released yet.",
            CLINICAL_ROLES,
            tasks_of(K.REPORT_DUE),
            "due",
            USUAL,
            FILTERS,
            "No report is due.",
        ),
        Worklist(
            "hearings",
            "Hearings coming",
            "From today on, ten working days ahead unless you ask for another time.",
            OFFICE,
            _hearings,
            "due",
            ("due", "court", "state", "owner"),
            FILTERS,
            "No hearing is coming in this time.",
        ),
        Worklist(
            "countersign",
            "Waiting for a countersignature",
            "Reports put before the clinical leads. Nobody signs a report he wrote.",
            frozenset({Role.CLINICAL_LEAD}),
            tasks_of(K.COUNTERSIGN),
            "due",
            USUAL,
            FILTERS,
            "No report is waiting for a countersignature.",
            owner="mine",
        ),
        Worklist(
            "unallocated",
            "Referrals without an assessor",
            "Urgent ones first, then the longest waiting.",
            frozenset({Role.CLINICAL_LEAD, Role.DUTY_CLINICIAN, Role.ADMINISTRATOR}),
            _unallocated,
            "age",
            ("age", "court", "state", "hearing"),
            ("court", "unallocated_state"),
            "Every referral has an assessor.",
        ),
        Worklist(
            "results",
            "Court results to record",
            "The hearing is over and nobody has recorded what the court did.",
            OFFICE | PROBATION_ROLES,
            tasks_of(K.RESULT_AWAITED),
            "due",
            USUAL,
            ("owner", "court"),
            "No court result is missing.",
        ),
        Worklist(
            "measures",
            "Measures to record",
            "Sessions that are open; sessions closed without a measure, for two weeks and until "
            "somebody responds to the flag; sessions of the last two weeks at which men were seen "
            "and nothing was recorded; baselines before treatment; and treatments that ended "
            "without in the last two weeks.",
            CLINICAL_ROLES,
            _measures,
            "due",
            ("what", "due", "owner"),
            ("owner",),
            "No measure is waiting to be recorded.",
            owner="mine",
            clinical=True,
        ),
        Worklist(
            "flags",
            "Scores to look at",
            "Flags raised by rules that anybody can check. Each waits for a recorded response.",
            CLINICAL_ROLES,
            _flags,
            "age",
            ("said", "age", "owner"),
            ("owner",),
            "No flag is waiting for a response.",
            owner="mine",
            clinical=True,
        ),
        Worklist(
            "tasks",
            "All my tasks",
            "Everything open that is yours or your team's, soonest due first.",
            EVERYBODY,
            tasks_of(),
            "due",
            ("what", "due", "hearing", "court", "owner"),
            ("about", *FILTERS),
            "Nothing is waiting for you.",
            owner="mine",
        ),
    )
}


def abouts(viewer: Viewer) -> list[tuple[str, str]]:
    """What belongs together among the tasks of his roles, by key, as Today calls it."""
    return [(spec.key, spec.heading) for spec in MINE if spec.roles & viewer.roles]


def lists_for(viewer: Viewer) -> list[Worklist]:
    """The lists this viewer may use."""
    return [made for made in WORKLISTS.values() if viewer.roles & made.roles]


BESIDE = (
    ("Caseload with scores", "measures.caseload"),
    ("Supervision", "measures.supervision"),
    ("Outcomes", "cohorts.outcomes"),
    ("Rules of measures", "measures.rules"),
)


def pages_beside(viewer: Viewer) -> list[tuple[str, str]]:
    """Pages linked beside the lists, as text and address, where this viewer may use them."""
    return [(text, href) for text, endpoint in BESIDE if (href := page_href(viewer, endpoint))]
