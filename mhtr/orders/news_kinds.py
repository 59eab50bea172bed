"""What a delivery unit hears of without a sign-in, and the words of it. They name nobody."""

from collections.abc import Mapping
from enum import StrEnum


class News(StrEnum):
    """What a unit hears of."""

    ATTENDS = "attends"
    CLOSED = "closed"
    GOES_ON = "goes_on"
    ORDER = "order"
    CALLED_OFF = "called_off"
    FINISHED = "finished"
    NOT_FINISHED = "not_finished"
    REPORT = "report"
    EARLY = "early"
    NOT_EARLY = "not_early"
    REVIEW = "review"
    RAN_OUT = "ran_out"


OF_HIM = (News.ATTENDS, News.CLOSED, News.GOES_ON)
OF_HIS_ORDER = (News.ORDER, News.CALLED_OFF)
OF_HIS_SESSIONS = (News.FINISHED, News.NOT_FINISHED)
OF_A_REPORT = (News.REPORT,)
OF_AN_EARLY_END = (News.EARLY, News.NOT_EARLY)
OF_A_REVIEW = (News.REVIEW,)
OF_RUNNING_OUT = (News.RAN_OUT,)
GROUPS = (OF_HIM, OF_HIS_ORDER, OF_HIS_SESSIONS, OF_A_REPORT, OF_AN_EARLY_END, OF_A_REVIEW,
          OF_RUNNING_OUT)  # fmt: skip
"""News of one group follow each other: what has not left is taken back for the next of it."""
BODIES: Mapping[News, str] = {
    News.ATTENDS: "Something is recorded of whether a man whose requirement your unit supervises "
    "can attend. His page says from when to when.",
    News.CLOSED: "A case with a requirement that your unit supervises is closed. Its page says "
    "why.",
    News.GOES_ON: "A case with a requirement that your unit supervises, which was closed, goes on.",
    News.ORDER: "What is recorded of a court order with a requirement that your unit supervises "
    "was changed, or that it has ended or goes on. Its page says what.",
    News.CALLED_OFF: "Sessions that were booked under a requirement that your unit supervises are "
    "called off, because of what was recorded of the case. Its page says what.",
    News.FINISHED: "The planned sessions under a requirement that your unit supervises are "
    "finished. Its page says since when, and what is still to be answered.",
    News.NOT_FINISHED: "What you were told, that the planned sessions under a requirement that "
    "your unit supervises are finished, does not hold any more. Its page says why.",
    News.REPORT: "A report on treatment under a requirement that your unit supervises is here, or "
    "was issued anew. It asks something of the responsible officer.",
    News.EARLY: "A course of treatment under a requirement that your unit supervises ended before "
    "all its planned sessions were held. Its page says when, and how many were.",
    News.NOT_EARLY: "A course of treatment under a requirement that your unit supervises, which "
    "was recorded as ended, goes on.",
    News.REVIEW: "Something is recorded of a review with a man under a requirement that your unit "
    "supervises, and with his officer. Its page says what.",
    News.RAN_OUT: "A treatment requirement that your unit supervises ran out before all planned "
    "sessions under it were held. Its page says when, and how many were.",
}
TITLES: Mapping[News, str] = {
    News.ATTENDS: "Tell probation whether he can attend",
    News.CLOSED: "Tell probation that his case is closed",
    News.GOES_ON: "Tell probation that his case goes on",
    News.ORDER: "Tell probation what was recorded of his order",
    News.CALLED_OFF: "Tell probation that his sessions are called off",
    News.FINISHED: "Tell probation that his planned sessions are finished",
    News.NOT_FINISHED: "Tell probation that his planned sessions are not finished",
    News.REPORT: "Give probation the report on his treatment",
    News.EARLY: "Tell probation that his course ended early",
    News.NOT_EARLY: "Tell probation that his course goes on",
    News.REVIEW: "Tell probation of the three-way review",
    News.RAN_OUT: "Tell probation that his treatment requirement ran out",
}
