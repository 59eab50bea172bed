"""A compliance report from what is on record now."""

from collections.abc import Collection

from mhtr.core import clock
from mhtr.core.access import Viewer
from mhtr.probation.reports.content import Report
from mhtr.probation.reports.reading import men_among, men_told

ONE, MANY = "Compliance report", "Compliance report on a caseload"


def report_of(viewer: Viewer, case_ids: Collection[int], *, one: bool, issue: str = "") -> Report:
    """The report on those of these cases whom the viewer supervises.

    Args:
        one: it is about one man, and says so.
        issue: which version it is and whose place it takes, in words.
    """
    men = men_told(men_among(viewer, case_ids))
    title = f"{ONE}: {men[0].name}" if one and men else ONE if one else MANY
    return Report(title, viewer.organisation_name, clock.today(), men, issue=issue)
