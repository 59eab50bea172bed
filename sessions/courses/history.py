"""What a change of a course keeps of how it was before, in words."""

from collections.abc import Mapping
from typing import Any

from sessions.courses.kinds import (
    END_WORDS,
    PRIORITY_WORDS,
    REVIEW_WORDS,
    CourseEnd,
    Priority,
    ReviewPoint,
)
from sessions.therapies import THERAPY_WORDS, Therapy

LABELS: Mapping[str, str] = {
    "name": "name",
    "purpose": "what it is for",
    "therapy": "part of",
    "in_group": "how he is seen",
    "minutes": "minutes",
    "least_gap": "least gap in days",
    "ideal_gap": "ideal gap in days",
    "most_gap": "most gap in days",
    "review": "review",
    "required": "part of the order",
    "position": "place",
    "therapist_id": "therapist",
    "priority": "priority",
    "pathway_id": "pathway",
    "pathway_revision": "revision",
    "ended_how": "how it had ended",
    "replaced": "sessions replaced",
}


def change_words(before: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """What the changed fields said before; empty where nothing is kept.

    Args:
        names: of what `before` keeps by number.
    """
    said = [
        f"{LABELS[key]}: {names.get(key) or _value(key, value)}"
        for key, value in before.items()
        if key in LABELS
    ]
    return "; ".join(said)


def _value(key: str, value: Any) -> str:
    if value is None:
        return "nobody" if key == "therapist_id" else "not said"
    if key == "therapy":
        return THERAPY_WORDS[Therapy(value)]
    if key == "review":
        return REVIEW_WORDS[ReviewPoint(value)]
    if key == "priority":
        return PRIORITY_WORDS[Priority(value)]
    if key == "ended_how":
        return END_WORDS[CourseEnd(value)]
    if key == "in_group":
        return "in a group" if value else "one to one"
    if key == "required":
        return "yes" if value else "no, his choice"
    if key == "replaced":
        return str(len(value))
    return str(value)
