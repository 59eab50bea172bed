"""A safeguarding referral as it is printed and sent: values alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from mhtr.cases.wording import day_words
from mhtr.safeguarding.kinds import AGREED_WORDS, KNOWS_WORDS, TITLES, Agreed, Knows
from mhtr.safeguarding.rules import Said

HANDLING = "Confidential: a safeguarding referral, for the local authority named in it alone."


@dataclass(frozen=True)
class Whom:
    """The man whose case it is, who makes the referral and where."""

    name: str
    born: date | None
    address: str
    service: str
    writer: str
    made_on: date
    number: int


def sheet(said: Said, whom: Whom) -> Mapping[str, Any]:
    """What stands on the paper. Why a version was put right is not on it."""
    consent = AGREED_WORDS[said.agreed]
    if said.agreed is not Agreed.YES:
        consent = f"{consent}. {said.override_why}"
    knows = KNOWS_WORDS[said.knows]
    if said.knows is Knows.NOT_TOLD:
        knows = f"{knows}. {said.not_told_why}"
    again = "" if whom.number == 1 else (
        f"Version {whom.number}. It takes the place of version {whom.number - 1}."
    )  # fmt: skip
    return {
        "title": TITLES[said.kind],
        "service": whom.service,
        "again": again,
        "handling": HANDLING,
        "facts": [
            ["To", said.authority],
            ["Made on", day_words(whom.made_on)],
            ["Made by", whom.writer],
            ["Person whom we treat", whom.name],
            ["His date of birth", day_words(whom.born) if whom.born else "Not known"],
            ["His address", whom.address or "Not known"],
        ],
        "parts": [
            ["Who is at risk", said.about.splitlines()],
            ["The concern", said.concern.splitlines()],
            ["What was done so far", said.done.splitlines()],
            ["Was agreement given?", consent.splitlines()],
            ["Does the person whom we treat know of it?", knows.splitlines()],
        ],
    }
