"""Points on which lawyers may differ: each with its readings, one in force, and why that one.

Every one of them changes only what is shown. Nothing in the program acts on it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any


class SuspendedWindow(StrEnum):
    """When "the next 12 months" of a suspended sentence order end (Sch 16 para 6(4)(c))."""

    CORRESPONDING_DAY = "corresponding_day"
    DAY_BEFORE = "day_before"


class CommunityAnniversary(StrEnum):
    """Whether a community order's warning still counts on its anniversary (Sch 10 para 6)."""

    OVER = "over"
    STILL_INSIDE = "still_inside"


class TestedWhen(StrEnum):
    """On which day a warning must be live: that of the officer's opinion, or of the failure."""

    OPINION = "opinion"
    FAILURE = "failure"


class WarningOfOverturned(StrEnum):
    """What becomes of a warning whose decision was overturned."""

    STAYS = "stays"
    """Until it is formally withdrawn."""
    FALLS = "falls"


class DutyOfOverturned(StrEnum):
    """What becomes of a duty to refer that rested on a decision that was overturned."""

    FALLS = "falls"
    SURVIVES = "survives"


class AfterProved(StrEnum):
    """What becomes of warnings when a breach is proved and the order goes on."""

    STAY = "stay"
    RESTART = "restart"


class WarningDay(StrEnum):
    """Which day is that of a warning."""

    RECORDED = "recorded"
    POSTED = "posted"
    DELIVERED = "delivered"


class OralWarning(StrEnum):
    """Whether a warning given by word of mouth counts."""

    COUNTS = "counts"
    DOES_NOT = "does_not"


class OtherWording(StrEnum):
    """Whether a warning worded for the other kind of order counts."""

    COUNTS = "counts"
    DOES_NOT = "does_not"


class HisCancellation(StrEnum):
    """Whether a session that he cancelled beforehand waits for a decision."""

    TO_DECIDE = "to_decide"
    NEVER_COUNTS = "never_counts"


class Unanswered(StrEnum):
    """Whether "unacceptable" counts where the question of excuse was never answered."""

    DOES_NOT = "does_not"
    COUNTS = "counts"


class ProceedingsFrom(StrEnum):
    """From when it is called proceedings."""

    INFORMATION = "information"
    REFERRAL = "referral"


class AfterSupervision(StrEnum):
    """What a suspended sentence order is called between its supervision and its operational end."""

    SUPERVISION_OVER = "supervision_over"
    OVER = "over"


class EarlyEndDay(StrEnum):
    """Whether the order is still in force on the day on which it ends early."""

    OVER = "over"
    IN_FORCE = "in_force"


@dataclass(frozen=True)
class Readings:
    """The reading in force of each point."""

    suspended_window: SuspendedWindow = SuspendedWindow.CORRESPONDING_DAY
    community_anniversary: CommunityAnniversary = CommunityAnniversary.OVER
    tested_when: TestedWhen = TestedWhen.OPINION
    warning_of_overturned: WarningOfOverturned = WarningOfOverturned.STAYS
    duty_of_overturned: DutyOfOverturned = DutyOfOverturned.FALLS
    after_proved: AfterProved = AfterProved.STAY
    warning_day: WarningDay = WarningDay.RECORDED
    oral_warning: OralWarning = OralWarning.COUNTS
    other_wording: OtherWording = OtherWording.COUNTS
    his_cancellation: HisCancellation = HisCancellation.TO_DECIDE
    unanswered: Unanswered = Unanswered.DOES_NOT
    proceedings_from: ProceedingsFrom = ProceedingsFrom.INFORMATION
    after_supervision: AfterSupervision = AfterSupervision.SUPERVISION_OVER
    early_end_day: EarlyEndDay = EarlyEndDay.OVER

    def others(self) -> Iterator[tuple[str, "Readings"]]:
        """Each point by its name, with every reading of it that is not in force."""
        for field in fields(self):
            value: StrEnum = getattr(self, field.name)
            for other in type(value):
                if other is not value:
                    changed: dict[str, Any] = {field.name: other}
                    yield field.name, replace(self, **changed)


WHY: Mapping[str, str] = {
    "suspended_window": (
        "“The next 12 months” run to the end of the corresponding day a year later, because "
        "the day from which a period runs is not counted unless the words say so."
    ),
    "community_anniversary": (
        "The 12 months “beginning with” the day of the warning include that day, so they are "
        "over when its anniversary begins. He was told these words."
    ),
    "tested_when": (
        "Paragraph 6(1) and (2) speak of the moment in which the officer is of the opinion, "
        "so a warning counts if it was given within the 12 months before that."
    ),
    "warning_of_overturned": (
        "The warning is probation's own record: it stands until probation withdraws it."
    ),
    "duty_of_overturned": ("The duty rests on an opinion that the officer no longer holds."),
    "after_proved": (
        "Nothing in the Act ends a warning when a breach is proved and the order goes on."
    ),
    "warning_day": "The day that probation records is the one both sides can see.",
    "oral_warning": "Paragraph 6 asks for what is said and that it is recorded, not for writing.",
    "other_wording": (
        "He was told what the paragraph asks for; the two wordings differ by a day at most."
    ),
    "his_cancellation": "Whether a cancellation is a failure is for probation to say, each time.",
    "unanswered": (
        "The Act needs the opinion that there was no reasonable excuse; nobody has given it."
    ),
    "proceedings_from": "A referral may come to nothing; the court is asked by the information.",
    "after_supervision": (
        "No requirement can be failed any more, but the sentence can still take effect."
    ),
    "early_end_day": "What is over on that day cannot be failed on that day.",
}
"""Why the reading that is in force by default is that one."""
