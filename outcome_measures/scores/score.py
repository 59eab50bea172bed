"""What a score is, and what a total says by itself: its band, its caseness, its subscales."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from outcome_measures.definitions import Band, Instrument
from outcome_measures.scores.screens import ScreenResult

WHOLE_FORM_ONLY = "is published for the whole form, so it is not applied to a part of it."


class CaseStatus(StrEnum):
    """Whether a total reaches the cut-off. Independent of the severity band."""

    CASE = "case"
    NOT_A_CASE = "not_a_case"
    NOT_CLASSIFIABLE = "not_classifiable"


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a published rule makes of an incomplete form, in points to one decimal place.

    Not a score: it has no band and no caseness, and no outcome may use it. ``label`` says so and
    is shown wherever the value is.
    """

    value: Decimal
    label: str


@dataclass(frozen=True, slots=True)
class SubscaleScore:
    """The points of one subscale, in its range. Only where all its questions are answered."""

    id: str
    name: str
    total: int
    lowest: int
    highest: int


NOT_INSTALLED = "This measure is no longer installed"


@dataclass(frozen=True, slots=True)
class Score:
    """A scored form. ``total``, ``band`` and caseness need every scored item answered.

    ``answered`` of ``questions`` scored items have an answer. ``at_least`` is the lowest total the
    missing answers could still lead to, and is set only while the form is incomplete.
    ``highest`` is the most that this form could have come to: less than the instrument's where a
    question does not apply to him. A score that is ``typed_in`` has no answers behind it.
    """

    instrument_id: str
    instrument_version: str
    complete: bool
    answered: int
    questions: int
    total: int | None
    band: Band | None
    caseness: CaseStatus
    reasons: tuple[str, ...]
    at_least: int | None = None
    estimate: Estimate | None = None
    highest: int = 0
    subscales: tuple[SubscaleScore, ...] = ()
    screen: ScreenResult | None = None
    mean: Decimal | None = None
    typed_in: bool = False
    caution: str | None = None
    why_none: tuple[str, str] = ("", "")
    """Why there is no band and no cut-off; empty where there is one, or no total."""

    @property
    def no_band(self) -> str:
        """Why there is no band, where there is none."""
        return self.why_none[0]

    @property
    def no_cut_off(self) -> str:
        """Why no cut-off is applied, where none is."""
        return self.why_none[1]


def as_kept(
    instrument: Instrument, *, answered: int, total: int | None = None, parts: Mapping[str, int]
) -> Score:
    """What was recorded with an instrument that is not installed any more: nothing is worked out.

    Args:
        total: where one was typed in; with answers there is none, for nobody knows what they count.
        parts: what was typed in with it, by its id.
    """
    beside = "".join(f", {name} {points}" for name, points in parts.items())
    kept = "its answers are shown as they were given, without a total"
    if total is not None:
        kept = f"its total of {total}{beside} is shown as it was typed in"
    return Score(
        instrument_id=instrument.id,
        instrument_version=instrument.version,
        complete=total is not None,
        answered=answered,
        questions=0,
        total=total,
        band=None,
        caseness=CaseStatus.NOT_CLASSIFIABLE,
        reasons=(f"{NOT_INSTALLED}: {kept}.",),
        typed_in=total is not None,
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """What a total says, with the reasons in the order in which they are shown."""

    band: Band | None
    caseness: CaseStatus
    mean: Decimal | None
    reasons: tuple[str, ...]

    @property
    def why_none(self) -> tuple[str, str]:
        """Why there is no band and no cut-off; empty where there is one."""
        unread = self.caseness is CaseStatus.NOT_CLASSIFIABLE
        return "" if self.band else self.reasons[0], self.reasons[1] if unread else ""


def reading(instrument: Instrument, total: int, *, whole: bool = True) -> Reading:
    """Band and caseness of a total, each with its reason; they are two facts, not one.

    Rules without a verified source are not applied, nor any where a question was left out
    because it does not apply (not ``whole``): they are published for the whole form.
    """
    band, band_reason = _band(instrument, total, whole)
    caseness, case_reason = _caseness(instrument, total, whole)
    reasons = [band_reason, case_reason]
    mean = _mean(instrument, total, whole)
    if mean is not None and instrument.mean:
        reasons.append(f"{instrument.mean.label}: {mean}.")
    return Reading(band, caseness, mean, tuple(reasons))


def _band(instrument: Instrument, total: int, whole: bool) -> tuple[Band | None, str]:
    if instrument.bands and not whole:
        return None, f"The severity band {WHOLE_FORM_ONLY}"
    for band in instrument.bands:
        if band.low <= total <= band.high:
            if not band.source.verified:
                return None, "The severity bands are not yet verified, so none is shown."
            return band, f"{total} lies in the band {band.low} to {band.high}: {band.label}."
    return None, "No severity bands are published for this questionnaire."


def _caseness(instrument: Instrument, total: int, whole: bool) -> tuple[CaseStatus, str]:
    rule = instrument.caseness
    if rule is None:
        reason = "No cut-off is published for this questionnaire."
        return CaseStatus.NOT_CLASSIFIABLE, reason
    if not whole:
        return CaseStatus.NOT_CLASSIFIABLE, f"The cut-off {WHOLE_FORM_ONLY}"
    if not rule.source.verified:
        reason = "The cut-off is not yet verified, so it is not applied."
        return CaseStatus.NOT_CLASSIFIABLE, reason
    case, not_case = (
        ("positive", "negative") if instrument.screens_only else ("a case", "not a case")
    )
    if total >= rule.at_least:
        reason = f"{total} is at or above the cut-off of {rule.at_least}: {case}."
        return CaseStatus.CASE, reason
    reason = f"{total} is below the cut-off of {rule.at_least}: {not_case}."
    return CaseStatus.NOT_A_CASE, reason


def _mean(instrument: Instrument, total: int, whole: bool) -> Decimal | None:
    rule = instrument.mean
    if rule is None or not rule.source.verified or not whole:
        return None
    return rounded(Decimal(total * rule.times) / Decimal(len(instrument.scored_items)))


def rounded(points: Decimal) -> Decimal:
    """To one decimal place, a half upwards."""
    return points.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
