"""When the pre-sentence report is filed, asked of whoever records another court date."""

from datetime import date
from typing import Any

from mhtr.cases.filing import Filing
from mhtr.cases.models import Case
from mhtr.cases.report_due import is_awaited
from mhtr.core import clock
from mhtr.web.fields import DatePartsField, InFuture, RadioField, RevealedBy

DAY, NOT_KNOWN = "day", "not_known"
UNSAID = "Say when the pre-sentence report will be filed, or that it is not known yet"
TOO_LATE = "The filing date must not be after the hearing"


class FilingFields:
    """Two questions for a form that takes a court date; taken out where no report is due."""

    filing = RadioField(
        "When is the pre-sentence report filed for the new date?",
        choices=[(DAY, "On this day"), (NOT_KNOWN, "Not known yet")],
        hint="Needed where the hearing is put off. The suitability report is due before that day.",
        optional=False,
    )
    filed_on = DatePartsField(
        "Day of filing",
        [
            RevealedBy("filing", DAY, message="Enter the day of filing"),
            InFuture(clock.today, or_today=True),
        ],
    )


def take_out_unless_due(form: Any, case: Case) -> None:
    """Ask only where a report is due whose date follows from the filing."""
    if not is_awaited(case):
        del form.filing
        del form.filed_on


def filing_of(form: Any) -> Filing | None:
    """What was said; None where nothing was, or nothing was asked."""
    if form.filing is None or not form.filing.data:
        return None
    return Filing(form.filed_on.data if form.filing.data == DAY else None)


def fits(form: Any, before: date | None, on: date | None) -> bool:
    """Whether the answer fits a hearing moved from one day to another; says so on the form.

    A later day, or none, makes the old filing date a guess: an answer is needed.
    """
    if form.filing is None:
        return True
    later = on != before and (on is None or before is None or on > before)
    if later and not form.filing.data:
        form.filing.errors = [UNSAID]
        return False
    said = filing_of(form)
    if said and said.on and on and said.on > on:
        form.filed_on.errors = [TOO_LATE]
        return False
    return True
