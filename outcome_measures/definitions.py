"""The vocabulary of questionnaires: what an instrument is made of.

An instrument is data. Everything a reader would want to check (wording, options, bands, cut-offs,
codes) stands in one file under ``instruments/`` or ``packs/``, each fact with the source it was
read in.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from outcome_measures.answers import NOT_REACHED as NOT_REACHED
from outcome_measures.answers import Answer as Answer
from outcome_measures.answers import AnswerState as AnswerState
from outcome_measures.answers import Responses as Responses
from outcome_measures.codes import Code as Code
from outcome_measures.codes import Coded, System
from outcome_measures.score_rules import Band as Band
from outcome_measures.score_rules import Called as Called
from outcome_measures.score_rules import Caseness as Caseness
from outcome_measures.score_rules import Criterion as Criterion
from outcome_measures.score_rules import EstimateRule as EstimateRule
from outcome_measures.score_rules import Finding as Finding
from outcome_measures.score_rules import Mean as Mean
from outcome_measures.score_rules import Pattern as Pattern
from outcome_measures.score_rules import Range as Range
from outcome_measures.score_rules import ReliableChange as ReliableChange
from outcome_measures.score_rules import Screen as Screen
from outcome_measures.score_rules import Subscale as Subscale
from outcome_measures.score_rules import Tick as Tick
from outcome_measures.sources import Licence as Licence
from outcome_measures.sources import Source as Source

NEVER_A_DIAGNOSIS = "A screen, never a diagnosis."


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


class RiskTo(StrEnum):
    """Whom a risk item asks about. Neither is ever counted into the other."""

    SELF = "self"
    OTHERS = "others"

    @property
    def words(self) -> str:
        """As a clinician reads it."""
        return "harm to himself" if self is RiskTo.SELF else "harm to others"


@dataclass(frozen=True, slots=True)
class Item:
    """One question. ``risk`` items raise a signal; only ``scored`` items enter the total.

    The value of an option is the points it adds. Where a question counts the other way round its
    options carry their points the other way round, as printed forms do, and nothing is turned
    when it is scored. An item that ``may_not_apply`` leaves the total, and lowers its maximum,
    when it is marked as not applicable.
    """

    number: int
    text: str
    options: tuple[Option, ...]
    loinc: str | None = None
    risk: bool = False
    scored: bool = True
    asked_only_if: TotalAbove | None = None
    may_not_apply: bool = False
    risk_to: RiskTo = RiskTo.SELF
    risk_source: Source | None = None
    """Where it is said to be a risk item; absent where the words leave no doubt."""

    @property
    def values(self) -> tuple[int, ...]:
        """The points that may be recorded, in the order of the options."""
        return tuple(option.value for option in self.options)


class Entry(StrEnum):
    """How an instrument is recorded."""

    ITEMS = "items"
    """Question by question."""
    TOTAL = "total"
    """Its total, and subscale totals, typed in from the printed form: the wording is not ours."""


@dataclass(frozen=True)  # without slots: what follows from its items is worked out once
class Instrument:
    """A questionnaire in one language and one version.

    ``version`` changes whenever a word, an option or a rule changes; records keep the version they
    were answered with. Bands, cut-off, reliable change and estimate rule are absent where none is
    published. SNOMED codes may not be passed on freely: they are configuration (`codes`).

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
    codes_source: Source | None = None
    loinc_panel: str | None = None
    loinc_total: str | None = None
    fhir_canonical: str | None = None
    snomed: tuple[Code, ...] = ()
    """Those the trust has entered; none is shipped."""
    bands: tuple[Band, ...] = ()
    caseness: Caseness | None = None
    reliable_change: ReliableChange | None = None
    estimate_rule: EstimateRule | None = None
    entry: Entry = Entry.ITEMS
    typed_range: Range | None = None
    """The range of totals where there are no items."""
    subscales: tuple[Subscale, ...] = ()
    ticks: tuple[Tick, ...] = ()
    screen: Screen | None = None
    screens_only: bool = False
    """Whether it screens for a disorder (trauma, alcohol, drugs): see `caution`."""
    turned: tuple[int, ...] = ()
    """The questions that count the other way round; their options say so in their points."""
    turned_source: Source | None = None
    mean: Mean | None = None
    lower_is_better: bool = True
    worded: bool = True
    """Whether the questions stand here; otherwise answers are typed from the printed form."""
    installed: bool = True
    """Whether its file is here; what was recorded with one that is not is shown as it was kept."""
    wording_source: Source | None = None
    """Where the words were read, where that is not the licence's source; unless it is verified
    nobody is asked them."""

    def __post_init__(self) -> None:
        for problem in _problems(self):
            raise ValueError(f"{self.name}: {problem}")

    @cached_property
    def scored_items(self) -> tuple[Item, ...]:
        """The items that make the total, in order."""
        return tuple(item for item in self.items if item.scored)

    @property
    def codes(self) -> tuple[Code, ...]:
        """The codes of the questionnaire and of its score."""
        source = self.codes_source or self.citation
        given = ((Coded.QUESTIONNAIRE, self.loinc_panel), (Coded.SCORE, self.loinc_total))
        loinc = (Code(System.LOINC, what, code, source) for what, code in given if code)
        return (*loinc, *self.snomed)

    @cached_property
    def risk_items(self) -> tuple[Item, ...]:
        """The items whose answer, or silence, raises a risk signal."""
        return tuple(item for item in self.items if item.risk)

    @cached_property
    def lowest(self) -> int:
        """The lowest possible total, in points."""
        if self.typed_range:
            return self.typed_range.low
        return sum(min(item.values) for item in self.scored_items)

    @cached_property
    def highest(self) -> int:
        """The highest possible total, in points."""
        if self.typed_range:
            return self.typed_range.high
        return sum(max(item.values) for item in self.scored_items)

    @property
    def caution(self) -> str | None:
        """What is printed beside every result of a screen."""
        return NEVER_A_DIAGNOSIS if self.screens_only else None

    def item(self, number: int) -> Item:
        """The item with this number. Raises ``KeyError`` if there is none."""
        for item in self.items:
            if item.number == number:
                return item
        raise KeyError(f"{self.name} has no question {number}")

    def range_of(self, subscale: Subscale) -> Range:
        """The points a subscale can have."""
        if subscale.typed_range:
            return subscale.typed_range
        items = [self.item(number) for number in subscale.items]
        return Range(
            sum(min(item.values) for item in items), sum(max(item.values) for item in items)
        )

    @property
    def subscales_make_total(self) -> bool:
        """Whether the subscales together are the total, so that they can be checked against it."""
        ranges = [self.range_of(subscale) for subscale in self.subscales]
        low, high = sum(r.low for r in ranges), sum(r.high for r in ranges)
        return bool(ranges) and (low, high) == (self.lowest, self.highest)


def _problems(instrument: Instrument) -> Iterator[str]:
    """Why the parts cannot stand together, in words."""
    if instrument.entry is Entry.TOTAL:
        yield from _problems_of_typed(instrument)
    else:
        yield from _problems_of_items(instrument)
    yield from _problems_of_parts(instrument)
    yield from _problems_of_rules(instrument)


def _problems_of_typed(instrument: Instrument) -> Iterator[str]:
    if instrument.items or instrument.typed_range is None:
        yield "a total that is typed in has a range and no items"
    elif any(
        not instrument.lowest < tick.highest < instrument.highest for tick in instrument.ticks
    ):
        yield "a tick lowers the highest total"


def _problems_of_items(instrument: Instrument) -> Iterator[str]:
    numbers = [item.number for item in instrument.items]
    if numbers != list(range(1, len(numbers) + 1)):
        yield "items are not numbered 1, 2, 3 and so on"
    if not instrument.scored_items:
        yield "no item is scored"
    if instrument.typed_range or instrument.ticks:
        yield "the range of totals comes from the items"
    for item in instrument.items:
        if not item.options or len(set(item.values)) != len(item.options):
            yield f"question {item.number} needs distinct options"
        if item.scored and item.asked_only_if:
            yield f"question {item.number} depends on its own total"
        falling = item.scored and item.values[0] > item.values[-1]
        if falling is not (item.number in instrument.turned):
            yield f"question {item.number} and its options disagree on which way it counts"
        if item.risk and falling:
            yield f"question {item.number} asks about risk and cannot count the other way round"
    if bool(instrument.turned) is not bool(instrument.turned_source):
        yield "questions that count the other way round need a source"


def _problems_of_parts(instrument: Instrument) -> Iterator[str]:
    scored = {item.number for item in instrument.scored_items}
    names = [subscale.id for subscale in instrument.subscales]
    names += [tick.id for tick in instrument.ticks]
    if len(set(names)) != len(names) or "total" in names:
        yield "subscales and ticks need names of their own"
    for subscale in instrument.subscales:
        if bool(subscale.items) == bool(subscale.typed_range) or not scored.issuperset(
            subscale.items
        ):
            yield f"subscale {subscale.id} is neither of scored items nor typed in"
    screen = instrument.screen
    if screen and not {item.number for item in instrument.items}.issuperset(screen.items):
        yield "the screen looks at a question that is not there"
    if screen and not instrument.screens_only:
        yield "a screen must be labelled as one"


def _problems_of_rules(instrument: Instrument) -> Iterator[str]:
    if instrument.bands:
        # Published tables have overlapped at a boundary before now; a total has one band only.
        totals = [t for band in instrument.bands for t in range(band.low, band.high + 1)]
        if totals != list(range(instrument.lowest, instrument.highest + 1)):
            yield "the bands do not cover each total exactly once"
    case = instrument.caseness
    if case and not instrument.lowest < case.at_least <= instrument.highest:
        yield "the cut-off lies outside the range of totals"
    if case and not instrument.lower_is_better:
        yield "a cut-off counts upwards, so it needs a measure on which less is better"
