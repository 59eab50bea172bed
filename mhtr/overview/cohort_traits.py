"""What cohorts are narrowed to and compared by: treatment, trust, court, equality groups.

Not asked, asked and declined, and asked but not known are three different answers; each is a
group of its own, and none of them is left out of a comparison.
"""

from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum

from mhtr.core import formats
from mhtr.core.codes import lists
from mhtr.core.name_order import sort_words
from mhtr.people.models import Answered
from mhtr.people.values import ANSWERED_WORDS
from mhtr.suitability.sections import PATHWAY_WORDS, Pathway
from sessions.therapies import THERAPY_WORDS, Therapy


class Trait(StrEnum):
    """What men of a cohort may differ in. Equality groups carry the name of their code list."""

    PATHWAY = "pathway"
    TRUST = "trust"
    COURT = "court"
    AGE = "age"
    ETHNIC_GROUP = "ethnic_category"
    DISABILITY = "disability"
    RELIGION = "religion"
    SEXUAL_ORIENTATION = "sexual_orientation"


LABELS: Mapping[Trait, str] = {
    Trait.PATHWAY: "Treatment he had",
    Trait.TRUST: "Team (treating trust)",
    Trait.COURT: "Court",
    Trait.AGE: "Age",
    Trait.ETHNIC_GROUP: "Ethnic group",
    Trait.DISABILITY: "Disability",
    Trait.RELIGION: "Religion or belief",
    Trait.SEXUAL_ORIENTATION: "Sexual orientation",
}
EQUALITY = (Trait.ETHNIC_GROUP, Trait.DISABILITY, Trait.RELIGION, Trait.SEXUAL_ORIENTATION)
"""Groups of the man's own answers."""
GROUPS = (Trait.AGE, *EQUALITY)

SEVERAL = "several"
PROPOSED = "proposed:"
"""Before what was proposed to a man who had no session of a course."""
UNRECORDED = "none"
UNRECORDED_WORDS = {
    Trait.PATHWAY: "No session of a course; nothing proposed",
    Trait.COURT: "No court recorded",
    Trait.AGE: "Date of birth not known",
}
AGE_BANDS = ((18, 24), (25, 34), (35, 44), (45, 54), (55, 64))
OLDEST = "65"
YOUNGEST = "under18"


def treatment_group(therapies: Collection[Therapy]) -> str:
    """The group of a man by the therapies of the sessions he had, over all his courses.

    More than one is a group of its own: what came of it is due to neither alone.

    Raises:
        ValueError: none is given.
    """
    if not therapies:
        raise ValueError("whoever had no session of a course is grouped by what was proposed")
    had = set(therapies)
    return SEVERAL if len(had) > 1 else had.pop().value


def proposed_group(answer: object) -> str:
    """The group of a man without a session of a course, by an assessment's answer.

    More than one treatment, in order, is a group of its own.
    """
    known = {pathway.value for pathway in Pathway}
    given = [key for key in answer if key in known] if isinstance(answer, (list, tuple)) else []
    if not given:
        return UNRECORDED
    return f"{PROPOSED}{SEVERAL if len(set(given)) > 1 else given[0]}"


def age_band(born: date | None, on: date) -> str:
    """The age band of somebody on a day."""
    age = formats.age_on(born, on)
    if age is None:
        return UNRECORDED
    if age < AGE_BANDS[0][0]:
        return YOUNGEST
    return next((f"{low}-{high}" for low, high in AGE_BANDS if age <= high), OLDEST)


def equality_group(trait: Trait, answered: Answered | None, code: str | None) -> str:
    """The group of one answer; without a row he was not asked.

    A code that stands for no answer (`Z`, "preferred not to say") counts as that.
    """
    if answered is not Answered.GIVEN or code is None:
        return (answered or Answered.NOT_ASKED).value
    entry = lists.load(trait.value).get(code)
    absent = entry.extras.get("absence") if entry else ""
    return absent or f"code:{code}"


def choices(trait: Trait, today: date, trusts: Mapping[str, str]) -> list[tuple[str, str]]:
    """Every group of a trait in its fixed order, with its words.

    Args:
        trusts: name of each treating trust by its id as text.
    """
    if trait is Trait.TRUST:
        return sorted(trusts.items(), key=lambda item: sort_words(item[1]))
    if trait is Trait.PATHWAY:
        return _treatments()
    if trait is Trait.COURT:
        return [*lists.load("courts").choices(today), _unrecorded(trait)]
    if trait is Trait.AGE:
        bands = [(f"{low}-{high}", f"{low} to {high}") for low, high in AGE_BANDS]
        return [
            (YOUNGEST, "Under 18"),
            *bands,
            (OLDEST, f"{OLDEST} or older"),
            _unrecorded(trait),
        ]
    given = [
        (f"code:{entry.code}", entry.label)
        for entry in lists.load(trait.value).current(today)
        if not entry.extras.get("absence")
    ]
    absent = (Answered.NOT_ASKED, Answered.DECLINED, Answered.UNKNOWN)
    return [*given, *((why.value, ANSWERED_WORDS[why]) for why in absent)]


def _treatments() -> list[tuple[str, str]]:
    """What he had; then, apart, what was proposed to those who had no session of a course."""
    had = [(therapy.value, THERAPY_WORDS[therapy]) for therapy in Therapy]
    proposed = [
        (f"{PROPOSED}{key.value}", f"No session of a course; proposed: {words}")
        for key, words in PATHWAY_WORDS.items()
    ]
    return [
        *had,
        (SEVERAL, "More than one treatment"),
        *proposed,
        (f"{PROPOSED}{SEVERAL}", "No session of a course; proposed: more than one treatment"),
        _unrecorded(Trait.PATHWAY),
    ]


def words_of(trait: Trait, code: str, trusts: Mapping[str, str]) -> str:
    """A group in words, retired codes too."""
    if trait is Trait.COURT or code.startswith("code:"):
        found = lists.load("courts" if trait is Trait.COURT else trait.value)
        entry = found.get(code.removeprefix("code:"))
        if entry is not None:
            return entry.label
    return dict(choices(trait, date.min, trusts)).get(code, UNRECORDED_WORDS.get(trait, code))


def _unrecorded(trait: Trait) -> tuple[str, str]:
    return (UNRECORDED, UNRECORDED_WORDS[trait])
