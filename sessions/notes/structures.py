"""What a session note asks for, by therapy: data that a trust can read and argue about."""

from collections.abc import Mapping
from dataclasses import dataclass

from sessions.therapies import Therapy


@dataclass(frozen=True)
class Part:
    """One part of a note."""

    key: str
    label: str
    hint: str = ""
    needed: bool = False
    """A note cannot be finished without it."""


_RISK = Part("risk", "Risk", "What was asked and said about harm to himself or others", needed=True)
_PLAN = Part("plan", "Plan", "What he does until next time, and what comes next", needed=True)

STRUCTURES: Mapping[Therapy, tuple[Part, ...]] = {
    Therapy.CBT: (
        Part("agenda", "Agenda", "What the two of you agreed to work on"),
        Part("homework", "Homework review", "What he tried, and what he found"),
        Part("work", "Work done", "What was done in the session", needed=True),
        Part("formulation", "Formulation", "Only where it changed"),
        _RISK,
        _PLAN,
    ),
    Therapy.TRAUMA: (
        Part("arrival", "How he arrived", "Sleep, safety at home, what happened since"),
        Part("grounding", "Grounding", "What was used, and whether it helped"),
        Part(
            "work",
            "Work done",
            "Phase and focus, no more than is needed",
            needed=True,
        ),
        Part("after", "How he left", "Settled before he went?"),
        _RISK,
        _PLAN,
    ),
    Therapy.SKILLS: (
        Part("practice", "Practice review", "Which skill he used since, and how it went"),
        Part("work", "Skill taught", "What was taught and tried", needed=True),
        Part("group", "In the group", "What concerns him alone. Nothing about another man"),
        _RISK,
        _PLAN,
    ),
}
LONGEST_PART = 4000


def missing(therapy: Therapy, parts: Mapping[str, str]) -> tuple[Part, ...]:
    """What has to be written before the note can be finished."""
    return tuple(
        one for one in STRUCTURES[therapy] if one.needed and not parts.get(one.key, "").strip()
    )
