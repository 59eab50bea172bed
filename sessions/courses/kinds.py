"""Review points, priorities, and what can be done to a course."""

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
