"""The three-way review: when one is due, what is brought to it, and who reads which point.

He, his therapist and his officer look at how it goes, at the middle and at the end. No provision
was found that asks for it; when it is due is the service's own. A point that he or his therapist
brings goes to probation only when both chose so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sessions.courses.kinds import ReviewPoint


class DueWhy(StrEnum):
    """What makes a review due on its day."""

    SESSIONS = "sessions"
    """So many sessions of the course are held."""
    DAYS = "days"
    """So much of the requirement is over."""
    ENDED = "ended"
    """The course ended."""


class MeetingState(StrEnum):
    """Where the arranging of a review stands."""

    PLANNED = "planned"
    HELD = "held"
    NOT_HELD = "not_held"


class WhyNot(StrEnum):
    """Why a review did not take place. No words of anybody: both sides read it."""

    HE_COULD_NOT = "he_could_not"
    OFFICER_COULD_NOT = "officer_could_not"
    SERVICE_COULD_NOT = "service_could_not"
    NO_LONGER = "no_longer"
    """None is held any more; it is asked for no longer."""


class Topic(StrEnum):
    """The standing items of the agenda. Nothing of therapy is among them."""

    ATTENDANCE = "attendance"
    OBSTACLES = "obstacles"
    ADJUSTMENTS = "adjustments"
    NEXT = "next"
    HIS = "his"


class Party(StrEnum):
    """Who takes part."""

    HIM = "him"
    THERAPIST = "therapist"
    OFFICER = "officer"


class Signs(StrEnum):
    """What somebody said of the sheet."""

    SIGNED = "signed"
    DISAGREES = "disagrees"
    NO_SIGNATURE = "no_signature"
    """Does not sign papers."""
    NOT_REACHED = "not_reached"


POINT_WORDS: Mapping[ReviewPoint, str] = {
    ReviewPoint.MIDDLE: "Review at the middle",
    ReviewPoint.END: "Review at the end",
}
WHY_NOT_WORDS: Mapping[WhyNot, str] = {
    WhyNot.HE_COULD_NOT: "He could not come, or did not",
    WhyNot.OFFICER_COULD_NOT: "Probation could not come",
    WhyNot.SERVICE_COULD_NOT: "The service could not",
    WhyNot.NO_LONGER: "No review is held any more",
}
TOPIC_WORDS: Mapping[Topic, str] = {
    Topic.ATTENDANCE: "How coming to the sessions goes",
    Topic.OBSTACLES: "What gets in the way",
    Topic.ADJUSTMENTS: "What would make it easier",
    Topic.NEXT: "What comes next",
    Topic.HIS: "What he brings",
}
PARTY_WORDS: Mapping[Party, str] = {
    Party.HIM: "He himself",
    Party.THERAPIST: "His therapist",
    Party.OFFICER: "His officer",
}
SIGNS_WORDS: Mapping[Signs, str] = {
    Signs.SIGNED: "Signed",
    Signs.DISAGREES: "Did not sign: does not agree with what it says",
    Signs.NO_SIGNATURE: "Did not sign: does not want to sign anything",
    Signs.NOT_REACHED: "Did not sign: could not be reached",
}
OPENS_BEFORE = timedelta(days=14)
"""So long before it is due by the days of the requirement somebody is asked to arrange it."""
FURTHEST = timedelta(days=366)

IN_PAST = "A review is arranged for a time that is still to come"
TOO_FAR = "No requirement lasts so long: check the year"
TOO_LONG_AGO = "This lies more than a year back: check the year"
NO_SUCH_TIME = "The clocks went forward: there was no such time"
NO_PLACE = "Say where it is held"
NOT_YET = "That day has not come"
NO_WHY = "Say why it did not take place"
NOBODY = "Somebody has to have been there besides the one who records it"
NO_WORDS = "Write the point"
NO_TOPIC = "Select what it belongs to"


@dataclass(frozen=True)
class Due:
    """The day on which a review is due, and what makes it so."""

    on: date
    why: DueWhy


@dataclass(frozen=True)
class Requirement:
    """First and last day of his treatment requirement."""

    first: date
    last: date

    @property
    def middle(self) -> date:
        """The day in the middle of it."""
        return self.first + (self.last - self.first) // 2


@dataclass(frozen=True)
class CourseSoFar:
    """What a course comes to: which of its required sessions are reviewed at, and what is held.

    Args:
        reviews: of each required session in order, whether treatment is reviewed at it.
        held: days of the required sessions that took place, the earliest first.
        ended_on: the day on which it ended, where it did.
    """

    reviews: Sequence[ReviewPoint]
    held: Sequence[date]
    ended_on: date | None = None

    def target(self, point: ReviewPoint) -> int:
        """After how many held sessions a review is due: as the course says, else half or all."""
        if point in self.reviews:
            return list(self.reviews).index(point) + 1
        return -(-len(self.reviews) // 2) if point is ReviewPoint.MIDDLE else len(self.reviews)


def due(point: ReviewPoint, course: CourseSoFar, requirement: Requirement | None) -> Due | None:
    """When a review is due: by sessions held or by days of the requirement, whichever is first.

    None while neither is known.
    """
    found = []
    target = course.target(point)
    if 0 < target <= len(course.held):
        found.append(Due(course.held[target - 1], DueWhy.SESSIONS))
    if requirement is not None:
        by_days = requirement.middle if point is ReviewPoint.MIDDLE else requirement.last
        found.append(Due(by_days, DueWhy.DAYS))
    if course.ended_on is not None:
        found.append(Due(course.ended_on, DueWhy.ENDED))
    return min(found, key=lambda one: one.on, default=None)


def opens(point: ReviewPoint, course: CourseSoFar, found: Due, today: date) -> bool:
    """Whether somebody is to arrange it by now: one session before, or two weeks before."""
    return len(course.held) >= max(course.target(point) - 1, 1) or today >= found.on - OPENS_BEFORE


def is_asked_for(point: ReviewPoint, course: CourseSoFar) -> bool:
    """Whether a review is held at all: not at the middle of a course that ended before it."""
    if point is ReviewPoint.END or course.ended_on is None:
        return bool(course.reviews)
    return False


def goes_to_probation(shares: Mapping[Party, bool]) -> bool:
    """Whether probation reads a point of his or his therapist's: only if both chose so.

    Args:
        shares: what each of the two chose last; who did not choose yet is not in it.
    """
    return shares.get(Party.HIM) is True and shares.get(Party.THERAPIST) is True


def is_complete(said: Mapping[Party, Signs], *, heard: frozenset[Party]) -> bool:
    """Whether everybody who is asked has said something of the sheet as it stands."""
    return heard <= frozenset(said)
