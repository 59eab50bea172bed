"""Whether a released report may still be relied on, and why not."""

from collections.abc import Collection
from enum import StrEnum

from mhtr.cases.facts import AFTER_PLEA_OR_FINDING, ReportProgress
from mhtr.cases.rules import CaseStanding

MARK = "This report may no longer stand. Ask the service before you rely on it."
"""The same for every reader and whatever he said: what he said is his and the service's."""
NO_PLEA_NOW = "No guilty plea or finding is on record."


class Doubt(StrEnum):
    """Why a released report may no longer stand."""

    CONSENT = "consent"
    """He took his consent back, or declined, and has not agreed again."""
    NO_PLEA = "no_plea"
    """The guilty plea or finding it rests on is on record no more."""


def doubts(standing: CaseStanding) -> tuple[Doubt, ...]:
    """Why the report that went out may not be relied on; empty where it may, or none went out.

    What he says of his treatment after the sentence is no matter of the report any more; what
    he had said before stays so until he agrees again.
    """
    if standing.report is not ReportProgress.RELEASED:
        return ()
    found = []
    back_on, sentenced_on = standing.consent_withdrawn_on, standing.sentenced_on
    if back_on is not None and (sentenced_on is None or back_on <= sentenced_on):
        found.append(Doubt.CONSENT)
    if sentenced_on is None and standing.stage not in AFTER_PLEA_OR_FINDING:
        found.append(Doubt.NO_PLEA)
    return tuple(found)


def mark(found: Collection[Doubt]) -> str:
    """What stands on every page, paragraph and file of the report; empty where it may be relied
    on."""
    if not found:
        return ""
    return f"{MARK} {NO_PLEA_NOW}" if Doubt.NO_PLEA in found else MARK
