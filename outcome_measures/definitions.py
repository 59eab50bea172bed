"""The vocabulary of questionnaires: what an instrument is, and what an answer is.

An instrument is data. Everything a reader would want to check (wording, options, bands, cut-offs,
codes) stands in one file under ``instruments/``, each fact with the source it was read in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class AnswerState(StrEnum):
    """What became of one question. None of these means zero; zero is an answer."""

    ANSWERED = "answered"
    SKIPPED = "skipped"
    DECLINED = "declined"
    NOT_REACHED = "not_reached"
    NOT_APPLICABLE = "not_applicable"

    @property
    def words(self) -> str:
        """The state as a clinician reads it."""
        return _STATE_WORDS[self]


_STATE_WORDS = {
    AnswerState.ANSWERED: "answered",
    AnswerState.SKIPPED: "skipped",
    AnswerState.DECLINED: "“I'd rather not say”",
    AnswerState.NOT_REACHED: "not reached",
    AnswerState.NOT_APPLICABLE: "not applicable",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """One recorded answer; ``value`` is set only when the state is ``ANSWERED``."""

    state: AnswerState
    value: int | None = None


# Answers by item number. A number that is absent was not reached.
Responses = Mapping[int, Answer]

NOT_REACHED = Answer(AnswerState.NOT_REACHED)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from. ``verified`` means the text or code at ``url`` was read.

    A rule whose source is not verified is switched off: scoring does not apply it.
    """

    citation: str
    url: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Licence:
    """Why the wording may be shown, and the notice that is printed wherever it is."""

    notice: str
    source: Source


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: its points, its words, and its LOINC answer code."""

    value: int
    label: str
    loinc: str | None = None


@dataclass(frozen=True, slots=True)
class TotalAbove:
    """A question asked only if the total is above ``points``."""

    points: int


@dataclass(frozen=True, slots=True)
class Item:
    """One question. ``risk`` items raise a signal; only ``scored`` items enter the total."""

    number: int
    text: str
    options: tuple[Option, ...]
    loinc: str | None = None
    risk: bool = False
    scored: bool = True
    asked_only_if: TotalAbove | None = None

    @property
    def values(self) -> tuple[int, ...]:
        """The points that may be recorded, in the order of the options."""
        return tuple(option.value for option in self.options)


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


@dataclass(frozen=True, slots=True)
class ReliableChange:
    """A difference of ``points`` or more, either way, is more than measurement error."""

    points: int
    source: Source


@dataclass(frozen=True, slots=True)
class EstimateRule:
    """Mean of the answered items times the number of items, if few enough are missing."""

    max_missing: int
    source: Source


@dataclass(frozen=True, slots=True)
class Instrument:
    """A questionnaire in one language and one version.

    ``version`` changes whenever a word, an option or a rule changes; records keep the version they
    were answered with. Bands, cut-off, reliable change and estimate rule are absent where none is
    published. SNOMED codes may not be passed on freely, so they are configuration, never data.

    Raises ``ValueError`` when made from parts that contradict each other.
    """

    id: str
    name: str
    title: str
    version: str
    language: str
    recall_period: str
    stem: str
    items: tuple[Item, ...]
    licence: Licence
    citation: Source
    codes_source: Source
    loinc_panel: str | None = None
    loinc_total: str | None = None
    fhir_canonical: str | None = None
    bands: tuple[Band, ...] = ()
    caseness: Caseness | None = None
    reliable_change: ReliableChange | None = None
    estimate_rule: EstimateRule | None = None

    def __post_init__(self) -> None:
        _check_items(self)
        _check_bands(self)
        if self.caseness and not self.lowest < self.caseness.at_least <= self.highest:
            raise ValueError(f"{self.name}: the cut-off lies outside the range of totals")

    @property
    def scored_items(self) -> tuple[Item, ...]:
        """The items that make the total, in order."""
        return tuple(item for item in self.items if item.scored)

    @property
    def risk_items(self) -> tuple[Item, ...]:
        """The items whose answer, or silence, raises a risk signal."""
        return tuple(item for item in self.items if item.risk)

    @property
    def lowest(self) -> int:
        """The lowest possible total, in points."""
        return sum(min(item.values) for item in self.scored_items)

    @property
    def highest(self) -> int:
        """The highest possible total, in points."""
        return sum(max(item.values) for item in self.scored_items)

    def item(self, number: int) -> Item:
        """The item with this number. Raises ``KeyError`` if there is none."""
        for item in self.items:
            if item.number == number:
                return item
        raise KeyError(f"{self.name} has no question {number}")


def _check_items(instrument: Instrument) -> None:
    numbers = [item.number for item in instrument.items]
    if numbers != list(range(1, len(numbers) + 1)):
        raise ValueError(f"{instrument.name}: items are not numbered 1, 2, 3 and so on")
    if not instrument.scored_items:
        raise ValueError(f"{instrument.name}: no item is scored")
    for item in instrument.items:
        if not item.options or len(set(item.values)) != len(item.options):
            raise ValueError(f"{instrument.name}: question {item.number} needs distinct options")
        if item.scored and item.asked_only_if:
            raise ValueError(f"{instrument.name}: question {item.number} depends on its own total")


def _check_bands(instrument: Instrument) -> None:
    if not instrument.bands:
        return
    # Published tables have overlapped at a boundary before now; a total belongs to one band only.
    totals = [total for band in instrument.bands for total in range(band.low, band.high + 1)]
    if totals != list(range(instrument.lowest, instrument.highest + 1)):
        raise ValueError(f"{instrument.name}: the bands do not cover each total exactly once")
