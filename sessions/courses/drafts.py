"""The sessions of a draft as they are kept, and back."""

from dataclasses import asdict
from typing import Any

from sessions.courses.kinds import ReviewPoint
from sessions.courses.rules import Planned
from sessions.therapies import Therapy


def written(said: Planned) -> dict[str, Any]:
    """A session as a draft keeps it: codes and numbers."""
    return {**asdict(said), "therapy": said.therapy.value, "review": said.review.value}


def read(kept: dict[str, Any]) -> Planned:
    """The session that a draft keeps."""
    found = {**kept, "therapy": Therapy(kept["therapy"]), "review": ReviewPoint(kept["review"])}
    return Planned(**found)
