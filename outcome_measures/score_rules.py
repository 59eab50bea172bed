"""The rules a score is read by, each with its source: bands, cut-offs, subscales, screens."""

from dataclasses import dataclass
from enum import StrEnum

from outcome_measures.sources import Source


@dataclass(frozen=True, slots=True)
class Band:
    """A severity band: totals from ``low`` to ``high``, both included."""

    low: int
    high: int
    label: str
    source: Source


@dataclass(frozen=True, slots=True)
class Caseness:
    """The cut-off: a total of ``at_least`` or more is a case. Never derived from a band."""

    at_least: int
    source: Source


class Called(StrEnum):
    """What the source of a rule for change calls it."""

    RELIABLE = "reliable"
    MEANINGFUL = "meaningful"

    @property
    def adverb(self) -> str:
        """As in "reliably better"."""
        return "reliably" if self is Called.RELIABLE else "meaningfully"


@dataclass(frozen=True, slots=True)
class ReliableChange:
    """A difference of ``points`` or more, either way, is more than measurement error.

    ``called``: its source may call it something else. ``response``: from so many points on the
    source speaks of a response.
    """

    points: int
    source: Source
    called: Called = Called.RELIABLE
    response: int | None = None


@dataclass(frozen=True, slots=True)
class EstimateRule:
    """Mean of the answered items times the number of items, if few enough are missing."""

    max_missing: int
    source: Source


@dataclass(frozen=True, slots=True)
class Mean:
    """A score that is published as the mean of the questions times a number.

    Totals, cut-off and reliable change are kept in whole points of the sum, so nothing is lost by
    rounding; this number is shown beside them. CORE-OM: mean of 34 questions times 10.
    """

    times: int
    label: str
    source: Source


@dataclass(frozen=True, slots=True)
class Range:
    """Whole points from ``low`` to ``high``, both included."""

    low: int
    high: int

    def __contains__(self, points: int) -> bool:
        return self.low <= points <= self.high


@dataclass(frozen=True, slots=True)
class Subscale:
    """A part of the total: the sum of some items, or typed in beside a total that is typed in.

    ``typed_range`` is given only where the instrument has no items.
    """

    id: str
    name: str
    source: Source
    items: tuple[int, ...] = ()
    typed_range: Range | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    """A box on the printed form that takes a question out of a total that is typed in.

    The total is then at most ``highest``, and rules published for the whole form do not apply.
    """

    id: str
    label: str
    highest: int
    source: Source


@dataclass(frozen=True, slots=True)
class Criterion:
    """At least ``needed`` of these items are answered ``points`` or more."""

    name: str
    items: tuple[int, ...]
    points: int
    needed: int = 1


@dataclass(frozen=True, slots=True)
class Pattern:
    """A group of symptoms: present if every criterion is met."""

    id: str
    name: str
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What the screen says if these patterns (by id) are all present."""

    label: str
    patterns: frozenset[str]


@dataclass(frozen=True, slots=True)
class Screen:
    """A published algorithm over single answers. The first finding that holds is the result.

    It never diagnoses. ``needs`` says what the clinician must know besides, in words.
    """

    patterns: tuple[Pattern, ...]
    findings: tuple[Finding, ...]
    otherwise: str
    needs: str
    source: Source

    @property
    def items(self) -> frozenset[int]:
        """The numbers of the items it looks at."""
        return frozenset(
            number
            for pattern in self.patterns
            for criterion in pattern.criteria
            for number in criterion.items
        )
