"""Who directs his treatment, and whom the order names: when they differ somebody has to be told.

Pure. The order names for each period who treats or directs (Sentencing Act 2020 Sch 9 para 16(2)).
What follows where that person changes was not found in the law: the written notice of Sch 9
para 18 is about another place. So a service chooses between a written notice to the responsible
officer and an amendment by the court, and the program asks until one of the two is on record.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mhtr.cases.wording import day_words
from mhtr.orders.terms import Period, Terms, Treatment

# An HCPC number of a practitioner psychologist, or a GMC reference number.
NUMBER = re.compile(r"PYL\d{1,6}|\d{7}", flags=re.ASCII)
NOT_A_NUMBER = "Enter an HCPC number like PYL12345, or a GMC number of seven digits"
NOT_NAMED = "The order names nobody of that name who treats or directs."
SAME = "That is whom the order names. Enter who directs his treatment now, or nobody yet."
KNOWN = "That this practitioner no longer directs is recorded already."


@dataclass(frozen=True)
class Practitioner:
    """Whom an order names, or who directs now; the registration is empty where it is not known."""

    name: str
    registration: str = ""

    @property
    def words(self) -> str:
        """His name with his registration."""
        return f"{self.name} ({self.registration})" if self.registration else self.name


def same(one: Practitioner, other: Practitioner) -> bool:
    """Whether both are one person: by the registrations where both are known, else by name."""
    if one.registration and other.registration:
        return one.registration == other.registration
    return _plain(one.name) == _plain(other.name)


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def named_from(terms: Terms, since: date) -> tuple[Practitioner, ...]:
    """Everybody whom the order names as treating or directing on that day or later."""
    found = [_of(one) for one in terms.periods if _names_somebody(one) and one.ends_on >= since]
    return tuple(dict.fromkeys(found))


def _names_somebody(period: Period) -> bool:
    return period.treatment is Treatment.PRACTITIONER


def _of(period: Period) -> Practitioner:
    return Practitioner(period.named, period.number)


def still_named(was: Practitioner, since: date, terms: Terms) -> bool:
    """Whether the order as it stands goes on naming somebody who no longer directs."""
    return any(same(was, one) for one in named_from(terms, since))


def objections(
    was: Practitioner,
    now: Practitioner | None,
    since: date,
    terms: Terms,
    known: Sequence[Practitioner],
) -> tuple[str, ...]:
    """Why it cannot be recorded that somebody no longer directs, in words; empty where it can.

    Args:
        now: who directs instead; None where nobody does yet.
        known: of whom it is recorded already.
    """
    found = []
    if since < terms.made_on:
        found.append(f"The order was made on {day_words(terms.made_on)}, after that day.")
    last = max(one.ends_on for one in terms.periods)
    if since > last:
        found.append(f"The treatment requirement is over by {day_words(last)}.")
    elif not still_named(was, since, terms):
        found.append(NOT_NAMED)
    if now is not None and same(was, now):
        found.append(SAME)
    if any(same(was, one) for one in known):
        found.append(KNOWN)
    return tuple(found)
