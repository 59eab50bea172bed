"""The meetings of an assessment: on which day each was, how, and who met him."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from mhtr.cases.wording import day_words
from mhtr.suitability.report_content import HowAssessed, Meeting, ReportContent

HOW_WORDS: Mapping[HowAssessed, str] = MappingProxyType(
    {
        HowAssessed.IN_PERSON: "in person",
        HowAssessed.VIDEO: "by video",
        HowAssessed.TELEPHONE: "by telephone",
    }
)
NOBODY_NAMED = "Not recorded: take this meeting out, and save it anew"


@dataclass(frozen=True)
class Met:
    """One meeting of an assessment, as it is kept.

    `by_id` is the member of staff who met him; None where nobody recorded it: an assessment that
    was taken over before each meeting named its own.
    """

    on: date
    how: HowAssessed
    by_id: int | None


def read(stored: Sequence[Mapping[str, Any]]) -> tuple[Met, ...]:
    """The meetings of an assessment, in the order of their days."""
    return tuple(
        Met(date.fromisoformat(one["on"]), HowAssessed(one["how"]), one["by_id"]) for one in stored
    )


def kept(meetings: Sequence[Met]) -> list[dict[str, Any]]:
    """Meetings as they are stored, in the order of their days."""
    in_order = sorted(meetings, key=lambda one: one.on)
    return [
        {"on": one.on.isoformat(), "how": one.how.value, "by_id": one.by_id} for one in in_order
    ]


def meeting_words(met: Meeting) -> str:
    """`by video on 17 November 2026, by Tomasz Whitfield, psychologist`."""
    return f"{HOW_WORDS[met.how]} on {day_words(met.on)}, by {met.by}"


def meetings_of(content: ReportContent) -> str:
    """How, when and by whom he was assessed; older reports do not say who met him."""
    if content.meetings:
        return "; ".join(meeting_words(met) for met in content.meetings)
    days = " and ".join(day_words(day) for day in content.assessed_on)
    return f"{manners(content)}, {days}"


def manners(content: ReportContent) -> str:
    """`by video and in person`: every manner once, in the order of the meetings."""
    hows = [met.how for met in content.meetings or ()]
    if content.how_assessed is not None:
        hows.append(content.how_assessed)
    return " and ".join(HOW_WORDS[how] for how in dict.fromkeys(hows))
