"""Review points, priorities, and what can be done to a course: values and their words."""

from collections.abc import Mapping
from enum import StrEnum


class ReviewPoint(StrEnum):
    """Whether treatment is reviewed at a session."""

    NONE = "none"
    MIDDLE = "middle"
    END = "end"


class Priority(StrEnum):
    """How soon a clinician wants him seen. Given by a clinician, never computed."""

    ROUTINE = "routine"
    SOON = "soon"
    URGENT = "urgent"


class CourseEnd(StrEnum):
    """How a course ended."""

    DONE = "done"
    """Everything that was planned took place."""
    EARLY = "early"
    CASE = "case"
    """With his case. What brings the case back brings the course back."""


class CourseChangeKind(StrEnum):
    """What was done to a course."""

    MADE = "made"
    ADDED = "added"
    SKIPPED = "skipped"
    BROUGHT_BACK = "brought_back"
    REPEATED = "repeated"
    CHANGED = "changed"
    MOVED = "moved"
    """To another place in the order."""
    PATHWAY = "pathway"
    THERAPIST = "therapist"
    PRIORITY = "priority"
    ENDED = "ended"
    REOPENED = "reopened"


REVIEW_WORDS: Mapping[ReviewPoint, str] = {
    ReviewPoint.NONE: "No review",
    ReviewPoint.MIDDLE: "Review at the middle",
    ReviewPoint.END: "Review at the end",
}
PRIORITY_WORDS: Mapping[Priority, str] = {
    Priority.ROUTINE: "Routine",
    Priority.SOON: "Soon",
    Priority.URGENT: "Urgent",
}
END_WORDS: Mapping[CourseEnd, str] = {
    CourseEnd.DONE: "Everything that was planned took place",
    CourseEnd.EARLY: "It ended early",
    CourseEnd.CASE: "It ended with his case",
}
CHANGE_WORDS: Mapping[CourseChangeKind, str] = {
    CourseChangeKind.MADE: "Course made",
    CourseChangeKind.ADDED: "Session added",
    CourseChangeKind.SKIPPED: "Session skipped",
    CourseChangeKind.BROUGHT_BACK: "Session brought back",
    CourseChangeKind.REPEATED: "Session repeated as catch-up",
    CourseChangeKind.CHANGED: "Session changed",
    CourseChangeKind.MOVED: "Session moved in the order",
    CourseChangeKind.PATHWAY: "Pathway changed",
    CourseChangeKind.THERAPIST: "Therapist changed",
    CourseChangeKind.PRIORITY: "Priority changed",
    CourseChangeKind.ENDED: "Course ended",
    CourseChangeKind.REOPENED: "Course opened again",
}
