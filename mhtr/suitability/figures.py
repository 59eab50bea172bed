"""The figures of a proposal: sessions, length and treatment, and how an addendum corrects them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mhtr.cases.wording import day_words
from mhtr.suitability.report_content import ReportContent
from mhtr.suitability.report_view import months_words, treatment_words
from mhtr.suitability.sections import Pathway


@dataclass(frozen=True)
class Addition:
    """An addendum that was released, and on which day."""

    content: ReportContent
    released_on: date


@dataclass(frozen=True)
class Figures:
    """What a report proposes, as it can be corrected afterwards."""

    pathways: tuple[Pathway, ...]
    sessions: int
    requirement_months: int

    def rows(self) -> Mapping[str, str]:
        """By the heading under which the report states each."""
        treatment = treatment_words(self.pathways)
        return {
            "Kind of treatment": treatment[0].upper() + treatment[1:],
            "Sessions": str(self.sessions),
            "Length of the requirement": months_words(self.requirement_months),
        }


def figures_of(content: ReportContent) -> Figures | None:
    """What a report proposes; None where it proposes no requirement."""
    if not (content.pathways and content.sessions and content.requirement_months):
        return None
    return Figures(content.pathways, content.sessions, content.requirement_months)


def corrections(before: Figures, after: Figures) -> tuple[str, ...]:
    """What is other than before, in words for the addendum; empty where nothing is."""
    old = before.rows()
    return tuple(
        f"{name}: {said}, corrected from {old[name]}."
        for name, said in after.rows().items()
        if said != old[name]
    )


def corrected_rows(content: ReportContent, additions: Sequence[Addition]) -> Mapping[str, str]:
    """Of what a released report proposes, the rows that an addendum corrected since.

    Args:
        additions: every addendum released after it, oldest first.
    """
    first = figures_of(content)
    if first is None:
        return {}
    stated, now = first.rows(), dict(first.rows())
    found: dict[str, str] = {}
    for one in additions:
        after = figures_of(one.content)
        for name, said in after.rows().items() if after else ():
            if said != now[name]:
                on, now[name] = day_words(one.released_on), said
                before = f"in the report as released: {stated[name]}"
                found[name] = f"{said}, as corrected on {on} ({before})"
    return found


def corrected_on(content: ReportContent, additions: Sequence[Addition]) -> date | None:
    """On which day an addendum last corrected a figure of the report; None where none did."""
    before, found = figures_of(content), None
    for one in additions:
        after = figures_of(one.content)
        if after is not None and after != before:
            before, found = after, one.released_on
    return found
