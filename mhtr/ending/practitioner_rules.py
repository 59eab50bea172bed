"""Who reports on his treatment in law, and whether somebody who signed in is that person.

The treatment practitioner is whom the order names as treating or directing; where the order of a
mental health treatment requirement names nobody, it is who treats him or directs his treatment
(Sentencing Act 2020 Sch 10 para 19(4), Sch 16 para 26(4)). A service may have recorded that whom
the order names no longer directs, and who does: that person may report too, and the report says on
which of these it rests.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mhtr.orders.directing import Practitioner, same
from mhtr.orders.terms import Period, Terms, Treatment
from mhtr.suitability.countersigning import CountersignPolicy, check_of_register

NO_NUMBER = "No HCPC or GMC registration is on file for you."
NOT_YOU = "The report is made by {who}. What is on file for you is another registration."
NOBODY = "nobody whose registration is on record"


class Basis(StrEnum):
    """Why somebody is the one who reports."""

    NAMED = "named"
    DIRECTS = "directs"
    INSTITUTION = "institution"


BASIS_WORDS: Mapping[Basis, str] = {
    Basis.NAMED: "named in the order as treating him or directing his treatment",
    Basis.DIRECTS: "directing his treatment, as whoever the order names no longer does",
    Basis.INSTITUTION: "directing his treatment; the order names an institution, and nobody",
}


@dataclass(frozen=True)
class Directs:
    """It is recorded that `was` no longer directs since a day, and who does, where anybody."""

    was: Practitioner
    now: Practitioner | None
    since: date


@dataclass(frozen=True)
class Treats:
    """Who may report on the treatment under one order on a day."""

    named: tuple[Practitioner, ...]
    directs: tuple[Practitioner, ...]

    @property
    def institution(self) -> bool:
        """The order names no practitioner: who directs says so himself."""
        return not self.named

    @property
    def words(self) -> str:
        """Who it is, for somebody who is not."""
        known = [one.words for one in (*self.directs, *self.named)]
        if self.institution:
            return "the registered psychologist or doctor who directs his treatment"
        return " or ".join(known) or NOBODY


def who_treats(terms: Terms, changes: Sequence[Directs], on: date) -> Treats:
    """Whom an order names for a day, and who is recorded as directing instead.

    Where no period holds that day, it is the last one that began before it, or the first.
    """
    named = tuple(
        dict.fromkeys(
            Practitioner(one.named, one.number)
            for one in _periods(terms, on)
            if one.treatment is Treatment.PRACTITIONER
        )
    )
    directs = [
        one.now
        for one in changes
        if one.now is not None and one.since <= on and any(same(one.was, each) for each in named)
    ]
    return Treats(named, tuple(dict.fromkeys(directs)))


def _periods(terms: Terms, on: date) -> tuple[Period, ...]:
    running = tuple(one for one in terms.periods if one.starts_on <= on <= one.ends_on)
    if running:
        return running
    begun = [one for one in terms.periods if one.starts_on <= on]
    if begun:
        return (max(begun, key=lambda one: one.ends_on),)
    return (min(terms.periods, key=lambda one: one.starts_on),)


@dataclass(frozen=True)
class Signer:
    """Somebody who signed in: the registration on file, and when the register was asked for it."""

    registration: str
    checked_on: date | None


def basis_of(signer: Signer, treats: Treats) -> Basis | None:
    """On what he would report; None where it is not for him."""
    number = _plain(signer.registration)
    if not number:
        return None
    if any(_plain(one.registration) == number for one in treats.named):
        return Basis.NAMED
    if any(_plain(one.registration) == number for one in treats.directs):
        return Basis.DIRECTS
    return Basis.INSTITUTION if treats.institution else None


def against(
    signer: Signer, treats: Treats, today: date, policy: CountersignPolicy
) -> tuple[str, ...]:
    """Every reason why somebody may not report; empty where he may."""
    if not _plain(signer.registration):
        return (NO_NUMBER,)
    if basis_of(signer, treats) is None:
        return (NOT_YOU.format(who=treats.words),)
    return tuple(check_of_register(signer.checked_on, today, policy))


def _plain(number: str) -> str:
    return "".join(number.split()).upper()
