"""What the scores of one measure come to: where it began, where it stands, what changed.

A function of the scores and of the rule for the baseline. No word for the reader here: see
`words`.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from outcome_measures.change import Change, NoRule, Totals, reliable
from outcome_measures.charts.content import Dot, Mark, Picture, Zone, picture, session_by_session
from outcome_measures.definitions import Band, Instrument, Range
from outcome_measures.series import (
    BaselineRule,
    Pair,
    ScorePoint,
    baseline,
    of_instrument,
    pair,
)
from outcome_measures.time_points import Origin, TimePoint

_APART = (TimePoint.PRE_SENTENCE, TimePoint.FOLLOW_UP)


@dataclass(frozen=True, slots=True)
class Held:
    """A treatment session that was held."""

    on: date
    number: int | None
    wanted: bool
    """The service asked the measure at every session then."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One measure of one case. `points` are all of its occasions, as they were taken."""

    instrument: Instrument
    points: tuple[ScorePoint, ...]
    rule: BaselineRule
    first_session_on: date | None
    baseline: ScorePoint | None
    pair: Pair | None
    """The baseline and the latest score after it; None where there are no such two."""
    every_session: bool = False
    """The service asks it at every session: one without a score is a gap."""
    without: tuple[Held, ...] = ()
    """Sessions that were held and at which it was not asked, where it is asked at each."""

    @property
    def course(self) -> tuple[ScorePoint, ...]:
        """Occasions from sentence to discharge."""
        return tuple(point for point in self.points if point.point not in _APART)

    @property
    def scores(self) -> tuple[ScorePoint, ...]:
        """Complete scores from sentence to discharge."""
        return tuple(point for point in self.course if point.total is not None)

    @property
    def last(self) -> ScorePoint | None:
        """Where it stands: the last complete score since sentence."""
        found = (p for p in reversed(self.points) if p.total is not None and p.point not in _APART)
        return next(found, None)

    @property
    def before_last(self) -> ScorePoint | None:
        """The complete score before the last one, on an earlier day."""
        last = self.last
        earlier = [point for point in self.scores if last is not None and point.on < last.on]
        return earlier[-1] if earlier else None

    @property
    def before_sentence(self) -> ScorePoint | None:
        """The last complete score taken for the court."""
        return self._last_at(TimePoint.PRE_SENTENCE)

    @property
    def follow_up(self) -> ScorePoint | None:
        """The last complete score after discharge; part of no outcome."""
        return self._last_at(TimePoint.FOLLOW_UP)

    @property
    def incomplete(self) -> tuple[ScorePoint, ...]:
        """Occasions on which it was asked and not all answered."""
        return tuple(point for point in self.points if not point.complete)

    @property
    def totals(self) -> Totals | None:
        """The pair's totals."""
        return None if self.pair is None else Totals(*self.pair.totals)

    @property
    def change(self) -> Change | None:
        """What the change since the start amounts to; None without a pair or a verified rule."""
        if self.totals is None:
            return None
        try:
            return reliable(self.instrument, self.totals)
        except NoRule:
            return None

    def _last_at(self, where: TimePoint) -> ScorePoint | None:
        found = [point for point in self.points if point.complete and point.point is where]
        return found[-1] if found else None


def read(
    instrument: Instrument,
    points: Iterable[ScorePoint],
    rule: BaselineRule,
    first_session_on: date | None,
    *,
    every_session: bool = False,
    held: Iterable[Held] = (),
) -> Reading:
    """Read the points of one instrument; those of others are left out.

    Args:
        first_session_on: the day of the first treatment session, None before it.
        every_session: the service asks it at every session.
        held: the treatment sessions of days on which it was not asked.
    """
    own = of_instrument(points, instrument.id)
    return Reading(
        instrument=instrument,
        points=own,
        rule=rule,
        first_session_on=first_session_on,
        baseline=baseline(own, rule, first_session_on),
        pair=pair(own, rule, first_session_on),
        every_session=every_session,
        without=tuple(_without(own, held)),
    )


def _without(own: Sequence[ScorePoint], held: Iterable[Held]) -> Iterator[Held]:
    """The sessions without it: those that wanted it, and those in between where it has others."""
    course = [point for point in own if point.point not in _APART]
    in_a_row = session_by_session(point.session_number for point in course)
    for one in sorted(held, key=lambda one: one.on):
        between = bool(course) and course[0].on < one.on < course[-1].on
        if one.wanted or (in_a_row and between):
            yield one


def of_highest(instrument: Instrument, highest: int) -> Instrument:
    """The instrument as a form of it that comes to less at most: where a box leaves questions out.

    Bands and cut-off are published for the whole form, so such a form has none.
    """
    if instrument.typed_range is None or highest in (0, instrument.highest):
        return instrument
    within = Range(instrument.lowest, highest)
    return replace(instrument, typed_range=within, bands=(), caseness=None, ticks=())


def band_of(instrument: Instrument, total: int) -> Band | None:
    """The severity band of a total; None where none is published and verified."""
    for band in instrument.bands:
        if band.low <= total <= band.high:
            return band if band.source.verified else None
    return None


def cut_off_of(instrument: Instrument) -> int | None:
    """From which total on it is a case; None where that is not published and verified."""
    rule = instrument.caseness
    return rule.at_least if rule is not None and rule.source.verified else None


_ZONES = {TimePoint.PRE_SENTENCE: Zone.BEFORE, TimePoint.FOLLOW_UP: Zone.AFTER}


def days_without_him(reading: Reading, missed: Collection[date]) -> tuple[date, ...]:
    """The days of missed sessions on which the measure has nothing else to show, in order.

    Args:
        missed: days of treatment sessions he did not come to.
    """
    taken = {point.on for point in reading.points} | {one.on for one in reading.without}
    return tuple(sorted(set(missed) - taken))


def chart_of(reading: Reading, missed: Collection[date] = ()) -> Picture:
    """The chart of a reading.

    Args:
        missed: days of treatment sessions he did not come to. A day with a score has no such mark.
    """
    dots = [
        Dot(
            on=point.on,
            total=point.total,
            mark=_mark(point),
            zone=_ZONES.get(point.point, Zone.COURSE),
            session=point.session_number,
        )
        for point in reading.points
    ]
    dots += [Dot(o.on, None, Mark.WITHOUT, Zone.COURSE, o.number) for o in reading.without]
    absent = days_without_him(reading, missed)
    dots += [Dot(day, None, Mark.MISSED, Zone.COURSE) for day in absent]
    first = reading.baseline.total if reading.baseline is not None else None
    return picture(reading.instrument, dots, first=first, every_session=reading.every_session)


def _mark(point: ScorePoint) -> Mark:
    if point.total is None:
        return Mark.INCOMPLETE
    return Mark.TYPED if point.origin is Origin.TOTAL else Mark.SCORED
