"""What became of a report before the court, as probation records it: rules alone.

Nothing here applies to a court, and nothing of an order changes by it.
"""

from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum


class StepKind(StrEnum):
    """What happened."""

    APPLIED = "applied"
    HEARING = "hearing"
    REPLACED = "replaced"
    CANCELLED = "cancelled"
    REVOKED = "revoked"
    REFUSED = "refused"


STEP_WORDS: Mapping[StepKind, str] = {
    StepKind.APPLIED: "An application was made to the court",
    StepKind.HEARING: "The court hears it on this day",
    StepKind.REPLACED: "The court replaced the requirement",
    StepKind.CANCELLED: "The court cancelled the requirement",
    StepKind.REVOKED: "The court revoked the order",
    StepKind.REFUSED: "The court left the requirement as it is",
}
RESULTS = frozenset({StepKind.REPLACED, StepKind.CANCELLED, StepKind.REVOKED, StepKind.REFUSED})
NOT_APPLIED = "Record first that an application was made"
DECIDED = "The court’s decision is recorded already. If it is wrong, take it back first"
FUTURE = "The day cannot be in the future"
BEFORE_REPORT = "The report was sent after that day"
BEFORE_APPLIED = "The application was made after that day"
ONCE = "That an application was made is recorded already. If it is wrong, take it back first"


def objections(
    kind: StepKind,
    on: date,
    *,
    sent_on: date,
    known: Collection[tuple[StepKind, date]],
    today: date,
) -> tuple[tuple[str, str], ...]:
    """What is wrong with a step: the field and words for it.

    Args:
        sent_on: the day on which the first version of the report was sent.
        known: the steps that count so far.
    """
    kinds = {one for one, _ in known}
    applied = next((day for one, day in known if one is StepKind.APPLIED), None)
    if kind is StepKind.APPLIED and applied is not None:
        return (("kind", ONCE),)
    if kind is not StepKind.APPLIED and applied is None:
        return (("kind", NOT_APPLIED),)
    if kinds & RESULTS:
        return (("kind", DECIDED),)
    if kind is not StepKind.HEARING and on > today:
        return (("on", FUTURE),)
    if on < sent_on:
        return (("on", BEFORE_REPORT),)
    return (("on", BEFORE_APPLIED),) if applied is not None and on < applied else ()


def is_applied(kinds: Collection[StepKind]) -> bool:
    """Whether the officer has done what the law asks of him."""
    return StepKind.APPLIED in kinds
