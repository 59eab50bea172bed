"""What cohorts are narrowed to and compared by: treatment, trust, court, equality groups.

Not asked, asked and declined, and asked but not known are three different answers; each is a
group of its own, and none of them is left out of a comparison.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from mhtr.core import formats
from mhtr.core.codes import lists
from mhtr.core.name_order import sort_words
from mhtr.people.models import Answered
from mhtr.people.values import ANSWERED_WORDS
from mhtr.suitability.sections import PATHWAY_WORDS, Pathway


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
    Trait.PATHWAY: "Treatment",
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
UNRECORDED = "none"
UNRECORDED_WORDS = {
    Trait.PATHWAY: "No treatment recorded",
    Trait.COURT: "No court recorded",
    Trait.AGE: "Date of birth not known",
}
AGE_BANDS = ((18, 24), (25, 34), (35, 44), (45, 54), (55, 64))
OLDEST = "65"
YOUNGEST = "under18"


def pathway_of(answer: object) -> str:
    """The treatment of an assessment's answer; more than one, in order, is a group of its own."""
    known = {pathway.value for pathway in Pathway}
    given = [key for key in answer if key in known] if isinstance(answer, (list, tuple)) else []
    if len(given) > 1:
        return SEVERAL
    return given[0] if given else UNRECORDED


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
        made = [(key.value, capitalised(words)) for key, words in PATHWAY_WORDS.items()]
        return [*made, (SEVERAL, "More than one treatment, in order"), _unrecorded(trait)]
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


def words_of(trait: Trait, code: str, trusts: Mapping[str, str]) -> str:
    """A group in words, retired codes too."""
    if trait is Trait.COURT or code.startswith("code:"):
        found = lists.load("courts" if trait is Trait.COURT else trait.value)
        entry = found.get(code.removeprefix("code:"))
        if entry is not None:
            return entry.label
    return dict(choices(trait, date.min, trusts)).get(code, UNRECORDED_WORDS.get(trait, code))


def capitalised(words: str) -> str:
    """With a capital first letter and the rest as it is."""
    return words[:1].upper() + words[1:]


def _unrecorded(trait: Trait) -> tuple[str, str]:
    return (UNRECORDED, UNRECORDED_WORDS[trait])
