"""How long until the report on a man is due: the countdown wherever his case appears."""

from datetime import date
from typing import Protocol

from sqlalchemy import ColumnElement, and_, func

from mhtr.cases.facts import AFTER_PLEA_OR_FINDING, CaseState, ReportProgress, StageOfCase
from mhtr.cases.models import Case
from mhtr.cases.standing import BEFORE_SENTENCE
from mhtr.core import clock
from mhtr.core.due import Left, left_until
from mhtr.core.working_days import WorkingCalendar
from mhtr.tasks.calendar import working_calendar

RESTS = Left("Rests: no plea or finding", "grey", False)
"""In place of the days left, after a plea or finding was taken back."""


class HasReport(Protocol):
    """A case, or a row with these columns of one."""

    @property
    def report_due_on(self) -> date | None: ...
    @property
    def progress(self) -> ReportProgress: ...
    @property
    def state(self) -> CaseState: ...
    @property
    def paused(self) -> bool: ...
    @property
    def stage(self) -> StageOfCase | None: ...


def is_awaited(case: HasReport) -> bool:
    """Whether a report is asked for and still to come, even where the work on it rests.

    False: nobody asked, it is released, decided on, or paused.
    """
    if case.report_due_on is None or case.progress is ReportProgress.RELEASED:
        return False
    return not case.paused and case.state in BEFORE_SENTENCE


def is_at_rest(case: HasReport) -> bool:
    """Whether a report is awaited and its plea or finding is on record no more."""
    return is_awaited(case) and case.stage not in AFTER_PLEA_OR_FINDING


def is_due(case: HasReport) -> bool:
    """Whether a report is awaited and can be written."""
    return is_awaited(case) and not is_at_rest(case)


def in_progress() -> ColumnElement[bool]:
    """The same in a statement, of the cases of which a report is to come: not paused, no rest.

    Never null: a plea that was corrected leaves no stage at all.
    """
    return and_(~Case.paused, func.coalesce(Case.stage.in_(sorted(AFTER_PLEA_OR_FINDING)), False))


class Countdowns:
    """The countdowns of one page: the calendar is read once, and only where a report is due."""

    def __init__(self, calendar: WorkingCalendar | None = None) -> None:
        self._calendar = calendar
        self._now = clock.now()

    def of(self, case: HasReport) -> Left | None:
        """Working days left, or that the work rests. None: no report is awaited."""
        if case.report_due_on is None or not is_awaited(case):
            return None
        if is_at_rest(case):
            return RESTS
        if self._calendar is None:
            self._calendar = working_calendar()
        return left_until(case.report_due_on, self._now, self._calendar)
