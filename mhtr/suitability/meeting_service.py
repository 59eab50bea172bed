"""The only writer of the meetings of an assessment: when he was met, how and by whom."""

from datetime import date

from mhtr.core import audit, clock
from mhtr.core.errors import Refused, Stale
from mhtr.suitability.assessment_service import must_be_open
from mhtr.suitability.meetings import Met, kept, read
from mhtr.suitability.models import Assessment
from mhtr.suitability.report_content import HowAssessed


def add(
    assessment: Assessment, *, how: HowAssessed, on: date, met_by: int, version: int, by: int
) -> None:
    """Record one meeting: `met_by` is the member of staff who met him.

    Raises:
        Refused: finished already, a day to come, or recorded already.
        Stale: changed meanwhile.
    """
    must_be_open(assessment, by)
    if assessment.version != version:
        raise Stale(assessment)
    if on > clock.today():
        raise Refused("A day on which he was assessed cannot lie in the future.")
    before, met = read(assessment.meetings), Met(on, how, met_by)
    if met in before:
        raise Refused("This meeting is recorded already.")
    _save(assessment, (*before, met), by)


def remove(assessment: Assessment, number: int, *, version: int, by: int) -> None:
    """Take out a meeting recorded wrongly: the one at this place of the list, from 1.

    Raises:
        Refused: finished already, or there is no such meeting.
        Stale: changed meanwhile.
    """
    must_be_open(assessment, by)
    if assessment.version != version:
        raise Stale(assessment)
    before = read(assessment.meetings)
    if not 1 <= number <= len(before):
        raise Refused("This meeting is not recorded.")
    _save(assessment, (*before[: number - 1], *before[number:]), by)


def _save(assessment: Assessment, meetings: tuple[Met, ...], by: int) -> None:
    assessment.meetings = kept(meetings)
    assessment.version += 1
    audit.record(
        "suitability.meeting_saved",
        by=by,
        case_id=assessment.case_id,
        assessment=assessment.id,
        fields=["meetings"],
    )
