"""Who may take over an assessment whose author cannot go on, and what he looks through first."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from mhtr.cases.facts import Decision, Fact, FactKind, allow, refuse
from mhtr.suitability.assessment_steps import SPECS
from mhtr.suitability.sections import Section


def may_take_over(staff_id: int, author_id: int, allocated_to: int | None) -> Decision:
    """Only the assessor to whom the case is allocated, where somebody else is the author.

    Whether the assessment is open is for the rules of the case to say.
    """
    if staff_id == author_id:
        return refuse("The assessment is yours already.")
    if staff_id != allocated_to:
        return refuse(
            "Only the assessor to whom the case is allocated can take the assessment over. "
            "A clinical lead allocates it."
        )
    return allow()


GIVEN_AWAY = (
    "The case was given to another assessor after you began. What you wrote stays with it; whoever "
    "has the case goes on from there."
)


def given_away(author_id: int, allocated_to: int | None, facts: Sequence[Fact]) -> bool:
    """Whether the case was given to somebody else since its author began, or took it over.

    A colleague who began what was allocated to another goes on: nobody took it from him.
    """
    began = (FactKind.ASSESSMENT_STARTED, FactKind.ASSESSMENT_TAKEN_OVER)
    since = max((fact.id for fact in facts if fact.kind in began), default=0)
    given = max((fact.id for fact in facts if fact.kind is FactKind.ALLOCATED), default=0)
    return allocated_to not in (None, author_id) and given > since


def last_taken_over(facts: Sequence[Fact]) -> Fact | None:
    """The last time that an assessment of the case changed its author."""
    kind = FactKind.ASSESSMENT_TAKEN_OVER
    return max((fact for fact in facts if fact.kind is kind), key=lambda f: f.id, default=None)


def unconfirmed(
    saved: Mapping[Section, tuple[int, datetime]], author_id: int, taken_at: datetime
) -> tuple[Section, ...]:
    """Sections that somebody else wrote before the take-over, in page order: who signs the report
    as its author has looked at each and saved it, as it stood or otherwise.

    Args:
        saved: by section, who saved it last and when.
    """
    return tuple(
        section
        for section in SPECS
        if section in saved and saved[section][0] != author_id and saved[section][1] <= taken_at
    )


def look_through_words(sections: Sequence[Section]) -> str:
    """What is still to be looked through before he finishes."""
    titles = ", ".join(SPECS[section].title for section in sections)
    return f"Look through what was written before you took over, and save each section: {titles}."
