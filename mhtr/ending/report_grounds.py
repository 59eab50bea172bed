"""The grounds on which a treatment practitioner reports, as the law says them; and who must what.

Sentencing Act 2020 Sch 10 para 19 (community orders), Sch 16 para 26 (suspended sentence orders),
read in full. Both have the same five; the first is worded a little otherwise in each.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mhtr.orders.terms import OrderKind


class Ground(StrEnum):
    """Why the practitioner reports. The first four are his opinion; the last is his own act."""

    LONGER = "longer"
    DIFFERENT = "different"
    NOT_SUSCEPTIBLE = "not_susceptible"
    NO_FURTHER = "no_further"
    UNWILLING = "unwilling"


_LONGER: Mapping[OrderKind, str] = {
    OrderKind.COMMUNITY: "the period specified in the order",
    OrderKind.SUSPENDED: "the period specified in that behalf in the order",
}
_SUBPARAGRAPHS: Mapping[Ground, str] = {
    Ground.LONGER: "(1)(a)(i)",
    Ground.DIFFERENT: "(1)(a)(ii)",
    Ground.NOT_SUSCEPTIBLE: "(1)(a)(iii)",
    Ground.NO_FURTHER: "(1)(a)(iv)",
    Ground.UNWILLING: "(1)(b)",
}
_PARAGRAPHS: Mapping[OrderKind, str] = {
    OrderKind.COMMUNITY: "Sentencing Act 2020 Sch 10 para 19",
    OrderKind.SUSPENDED: "Sentencing Act 2020 Sch 16 para 26",
}
_APPLY: Mapping[OrderKind, str] = {
    OrderKind.COMMUNITY: "Sentencing Act 2020 Sch 10 paras 18 and 19(3)",
    OrderKind.SUSPENDED: "Sentencing Act 2020 Sch 16 paras 25 and 26(3)",
}
_WILLING: Mapping[OrderKind, str] = {
    OrderKind.COMMUNITY: "The court may not amend the requirement unless he expresses willingness "
    "to comply with it as amended (Sentencing Act 2020 Sch 10 para 18(7)).",
    OrderKind.SUSPENDED: "Where he does not express willingness to comply with the requirement as "
    "proposed to be amended, the court may revoke the order and sentence him anew (Sentencing Act "
    "2020 Sch 16 para 25(7)).",
}
REPLACES = frozenset({Ground.LONGER, Ground.DIFFERENT})
"""Grounds on which the court is asked for another requirement in the place of this one."""


def ground_words(ground: Ground, kind: OrderKind) -> str:
    """A ground in the words of the paragraph, of `him`."""
    return {
        Ground.LONGER: f"His treatment should be continued beyond {_LONGER[kind]}",
        Ground.DIFFERENT: "He needs different treatment",
        Ground.NOT_SUSCEPTIBLE: "He is not susceptible to treatment",
        Ground.NO_FURTHER: "He does not require further treatment",
        Ground.UNWILLING: "I am unwilling to continue to treat him or to direct his treatment",
    }[ground]


def provision(ground: Ground, kind: OrderKind) -> str:
    """Where the law says so."""
    return f"{_PARAGRAPHS[kind]}{_SUBPARAGRAPHS[ground]}"


def duty_words(kind: OrderKind) -> str:
    """What the responsible officer must do with a report."""
    return (
        "The responsible officer must cause an application to be made to the court for the "
        f"requirement to be replaced or cancelled ({_APPLY[kind]})."
    )


def willing_words(kind: OrderKind) -> str:
    """What the law says of his willingness where the requirement is amended."""
    return _WILLING[kind]


class Willing(StrEnum):
    """What he says to the requirement as it would be amended."""

    WILLING = "willing"
    NOT_WILLING = "not_willing"
    NOT_ASKED = "not_asked"


WILLING_WORDS: Mapping[Willing, str] = {
    Willing.WILLING: "He says that he is willing to comply with it",
    Willing.NOT_WILLING: "He says that he is not willing to comply with it",
    Willing.NOT_ASKED: "He has not been asked, or has not answered",
}


@dataclass(frozen=True)
class DatedFact:
    """Something that happened on a day and bears the ground out."""

    on: date
    words: str


@dataclass(frozen=True)
class Draft:
    """What somebody wrote of a report, as far as it is."""

    ground: Ground | None = None
    facts: tuple[DatedFact, ...] = ()
    opinion: str = ""
    proposed: str = ""
    willing: Willing | None = None
    willing_on: date | None = None
    willing_said: str = ""
    why_again: str = ""
    """Why it is issued anew, where an earlier version went out."""


def day_objections(draft: Draft, *, made_on: date, today: date) -> tuple[tuple[str, str], ...]:
    """What cannot be kept even as a draft: the field and words for it."""
    found = []
    for number, fact in enumerate(draft.facts, 1):
        if fact.on > today:
            found.append((f"on_{number}", "The day of a fact cannot be in the future"))
        elif fact.on < made_on:
            found.append((f"on_{number}", "The order was made after that day"))
    if draft.willing_on is not None and not made_on <= draft.willing_on <= today:
        found.append(("willing_on", "The day lies between the order and today"))
    return tuple(found)


def lacks(draft: Draft, *, again: bool) -> tuple[str, ...]:
    """What a draft still has to say before it can be signed; empty where nothing.

    Args:
        again: an earlier version of it was sent.
    """
    found = []
    if draft.ground is None:
        found.append("On which of the five grounds it is made.")
    if not draft.facts:
        found.append("At least one dated fact that bears the ground out.")
    if not draft.opinion.strip():
        found.append("Why, in your own words.")
    if draft.ground in REPLACES:
        if not draft.proposed.strip():
            found.append("What the court is asked for in the place of the requirement.")
        found += _willing(draft)
    if again and not draft.why_again.strip():
        found.append("Why it is issued anew.")
    return tuple(found)


def _willing(draft: Draft) -> list[str]:
    if draft.willing is None:
        return ["What he says to the requirement as it would be amended."]
    if draft.willing is Willing.NOT_ASKED:
        return [] if draft.willing_said.strip() else ["Why he has not been asked, or not answered."]
    return [] if draft.willing_on is not None else ["On which day he said so."]
