"""How long until the report on a man is due: the countdown wherever his case appears."""

from datetime import date
from typing import Protocol

from mhtr.cases.facts import CaseState, ReportProgress
from mhtr.cases.standing import BEFORE_SENTENCE
from mhtr.core import clock
from mhtr.core.due import Left, left_until
from mhtr.core.working_days import WorkingCalendar
from mhtr.tasks.calendar import working_calendar


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


class Countdowns:
    """The countdowns of one page: the calendar is read once, and only where a report is due."""

    def __init__(self, calendar: WorkingCalendar | None = None) -> None:
        self._calendar = calendar
        self._now = clock.now()

    def of(self, case: HasReport) -> Left | None:
        """Working days left. None: nobody asked, it is released, decided on, or paused."""
        if case.report_due_on is None or case.progress is ReportProgress.RELEASED:
            return None
        if case.paused or case.state not in BEFORE_SENTENCE:
            return None
        if self._calendar is None:
            self._calendar = working_calendar()
        return left_until(case.report_due_on, self._now, self._calendar)
