"""Where a request for a report stands, as far as probation may know: never what a draft says."""

from enum import StrEnum

from mhtr.cases.report_due import RESTS
from mhtr.cases.standing_words import WITH_LEAD


class RequestState(StrEnum):
    """Where a request stands, as far as probation may know: never what a draft says."""

    RECEIVED = "received"
    WITH_ASSESSOR = "with_assessor"
    BEING_ASSESSED = "being_assessed"
    WITH_LEAD = "with_lead"
    RELEASED = "released"
    PAUSED = "paused"
    RESTS = "rests"
    STOPPED = "stopped"
    DECIDED = "decided"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


STATE_WORDS = {
    RequestState.RECEIVED: "Received",
    RequestState.WITH_ASSESSOR: "With an assessor",
    RequestState.BEING_ASSESSED: "Being assessed",
    RequestState.WITH_LEAD: WITH_LEAD,
    RequestState.RELEASED: "Report released",
    RequestState.PAUSED: "Paused",
    RequestState.RESTS: RESTS.words,
    RequestState.STOPPED: "No report will follow",
    RequestState.DECIDED: "Court has decided",
    RequestState.CLOSED: "Closed without a report",
    RequestState.WITHDRAWN: "Withdrawn",
}
STATE_COLOURS = {
    RequestState.RECEIVED: "blue",
    RequestState.WITH_ASSESSOR: "blue",
    RequestState.BEING_ASSESSED: "aqua-green",
    RequestState.WITH_LEAD: "aqua-green",
    RequestState.RELEASED: "green",
    RequestState.PAUSED: "yellow",
    RequestState.DECIDED: "purple",
}
MAY_NOT_STAND = "Report may no longer stand"
NOT_DUE = {
    RequestState.RELEASED: "Nothing is due: the report is released",
    RequestState.PAUSED: "Not counted while the case is paused",
    RequestState.RESTS: "Rests until a plea or finding is recorded",
    RequestState.STOPPED: "There will be no suitability report",
    RequestState.DECIDED: "Nothing is due: the court has decided",
    RequestState.CLOSED: "Nothing is due: the case is closed",
    RequestState.WITHDRAWN: "Nothing is due: the request is withdrawn",
}
WAITING = frozenset(
    {
        RequestState.RECEIVED,
        RequestState.WITH_ASSESSOR,
        RequestState.BEING_ASSESSED,
        RequestState.WITH_LEAD,
        RequestState.PAUSED,
        RequestState.RESTS,
    }
)
