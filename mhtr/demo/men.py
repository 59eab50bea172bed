"""Fictional men: names from a shipped list, NHS numbers of the test range, drama telephones."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from mhtr.demo import tables

LANGUAGES = {
    "polish": "pl",
    "romanian": "ro",
    "lithuanian": "lt",
    "turkish": "tr",
    "somali": "so",
    "portuguese": "pt",
    "vietnamese": "vi",
}


@dataclass(frozen=True)
class Man:
    """Somebody who does not exist."""

    given: str
    family: str
    born: date
    nhs_number: str
    crn: str
    phone: str
    group: str

    @property
    def name(self) -> str:
        """Given and family name."""
        return f"{self.given} {self.family}"


def nhs_number(serial: int) -> str:
    """The serial-th valid NHS number of the range 999 000 0000 to 999 999 9999, none issued."""
    body = 999_000_001 + serial
    while True:
        digits = str(body)
        check = 11 - sum(int(d) * w for d, w in zip(digits, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            return f"{digits}{0 if check == 11 else check}"
        # Eleven serials have ten numbers: step far enough not to meet a neighbour's.
        body += 500_000


class Men:
    """A supply of men, the same for the same seed.

    Args:
        first: where their numbers begin; None: a range of the seed's own, which it shares with
            every fourth seed.
    """

    def __init__(self, seed: int, today: date, *, first: int | None = None) -> None:
        self.chance = Random(seed)  # noqa: S311  (fiction needs no secrecy)
        self.today = today
        self._serial = seed * 100_000 % 400_000 if first is None else first
        self._tries = 200
        self._met: set[tuple[str, str]] = set()
        self.copies: dict[int, Man] = {}
        """Who the copies of a bulk of people are, by the key of their record."""

    def next(self) -> Man:
        """Another man, of another name than the men before while names last."""
        rows = tables.rows("names")
        for _ in range(self._tries):
            row = self.chance.choice(rows)
            given = self.chance.choice(row["given"].split())
            family = self.chance.choice(row["family"].split())
            if (given, family) not in self._met:
                break
        else:
            self._tries = 1  # names are used up
        self._met.add((given, family))
        self._serial += 1
        age = 18 + int(self.chance.betavariate(1.6, 3.4) * 50)
        born = self.today - timedelta(days=age * 365 + self.chance.randrange(20, 340))
        return Man(
            given=given,
            family=family,
            born=born,
            nhs_number=nhs_number(self._serial),
            crn=f"{self.chance.choice('EFGXDV')}{self._serial % 1_000_000:06d}",
            phone=f"07700 900{self._serial * 7 % 1000:03d}",
            group=row["group"],
        )

    def other(self, man: Man, **changes: object) -> Man:
        """A man with some of another's particulars and numbers of his own."""
        fresh = self.next()
        like = {"given": man.given, "family": man.family, "group": man.group} | changes
        return replace(fresh, **like)  # type: ignore[arg-type]  # names of fields
