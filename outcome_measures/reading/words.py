"""What a clinician reads about the scores of a measure. The score changes; the man does not.

Band and cut-off are separate facts and neither is derived from the other.
"""

from dataclasses import dataclass
from datetime import date

from outcome_measures.change import Change
from outcome_measures.definitions import Called, Instrument, ReliableChange
from outcome_measures.reading.rules import Reading, band_of, cut_off_of
from outcome_measures.series import BaselineRule, ScorePoint
from outcome_measures.time_points import Origin, TimePoint

_CHANGES = {
    Change.IMPROVED: "reliable improvement",
    Change.DETERIORATED: "reliable deterioration of the score",
    Change.NONE: "no reliable change",
}


MORE_IS_BETTER = "more is better"


@dataclass(frozen=True, slots=True)
class Said:
    """One fact about a measure: what it is about, and what it says."""

    about: str
    words: str


def headline(reading: Reading) -> str:
    """The finding in one sentence."""
    name, last = reading.instrument.name, reading.last
    if last is None or last.total is None:
        return _without_score(reading)
    if reading.totals is None:
        where = _where(reading.instrument, last.total)
        score = f"{name} is {last.total}{where and f', {where}'}"
        if reading.follow_up is not None:
            said = f"{name} was {last.total}{where and f', {where}'}, in treatment: one score"
            return f"{said}, so there is no change to tell. {_later(reading, reading.follow_up)}"
        return f"{score}: one score so far, so there is no change to tell."
    since, after = _since(reading), reading.follow_up
    parts = f"{name} {moved(-reading.totals.drop)} {since}{_way(reading)}"
    if reading.change is not None:
        parts += f": {_amount(reading, reading.change)}"
    if after is not None:
        # What was true at the end of treatment is not what is true now.
        ended = _where(reading.instrument, reading.totals.last)
        return f"{parts}{ended and f'; {ended} then'}. {_later(reading, after)}"
    crossing = _crossing(reading.instrument, reading.totals.first, reading.totals.last)
    return f"{parts}; {crossing}." if crossing else f"{parts}."


def _since(reading: Reading) -> str:
    """From when on the change is counted, and to when where that is not now."""
    before = reading.baseline is not None and reading.baseline.point is TimePoint.PRE_SENTENCE
    if reading.follow_up is not None:
        return f"from {'before sentence' if before else 'the start'} to the end of treatment"
    return "since before sentence" if before else "since the start"


def _later(reading: Reading, after: ScorePoint) -> str:
    where = _where(reading.instrument, after.total or 0)
    return f"At follow-up on {day(after.on)}: {after.total}{where and f', {where}'}."


def brief(reading: Reading) -> str:
    """The finding in a few words, beside the last score."""
    last = reading.last
    if last is None or last.total is None:
        if reading.before_sentence is not None:
            return "before sentence"
        return "not complete" if reading.incomplete else "not asked"
    if reading.follow_up is not None:
        return _brief_later(reading, reading.follow_up)
    where = _where(reading.instrument, last.total)
    if reading.totals is None:
        return f"first score, {where}" if where else "first score"
    said = moved(-reading.totals.drop) + _way(reading)
    if reading.change is not None:
        said += f": {_amount(reading, reading.change)}"
    return f"{said}, {where}" if where else said


def _brief_later(reading: Reading, after: ScorePoint) -> str:
    """The score shown is that of follow-up; what changed, changed in treatment."""
    where = _where(reading.instrument, after.total or 0)
    said = f"at follow-up{where and f', {where}'}"
    if reading.totals is None:
        return said
    amount = f": {_amount(reading, reading.change)}" if reading.change is not None else ""
    return f"{said}; in treatment {moved(-reading.totals.drop)}{_way(reading)}{amount}"


def _without_score(reading: Reading) -> str:
    name, before = reading.instrument.name, reading.before_sentence
    if before is not None:
        where = _where(reading.instrument, before.total or 0)
        score = f"{name} was {before.total} before sentence{where and f', {where}'}"
        return f"{score}; there is no score since sentence."
    if reading.follow_up is not None:
        return f"{name} was {reading.follow_up.total} at follow-up; there is no score before it."
    if reading.incomplete:
        return f"{name} has no complete score yet."
    return f"{name} was not asked yet."


def moved(points: int) -> str:
    """A difference in points, as "down 9 points"."""
    if points == 0:
        return "unchanged"
    return f"{'up' if points > 0 else 'down'} {_points(abs(points))}"


def _way(reading: Reading) -> str:
    """Which way is better, where that is not the usual one and the score moved."""
    if reading.instrument.lower_is_better or reading.totals is None or not reading.totals.drop:
        return ""
    return f" ({MORE_IS_BETTER})"


def _points(number: int) -> str:
    return f"{number} point{'' if number == 1 else 's'}"


def _where(instrument: Instrument, total: int) -> str:
    cut_off = cut_off_of(instrument)
    if cut_off is None:
        return ""
    if total == cut_off:
        return "at the cut-off"
    return "above the cut-off" if total > cut_off else "below the cut-off"


def _crossing(instrument: Instrument, first: int, last: int) -> str:
    """Where the last score lies beside the cut-off, and whether that is new."""
    cut_off = cut_off_of(instrument)
    if cut_off is None:
        return ""
    same_side = (first >= cut_off) == (last >= cut_off)
    return f"{'still' if same_side else 'now'} {_where(instrument, last)}"


def facts(reading: Reading) -> tuple[Said, ...]:
    """Every fact about a measure, each by itself; those there is nothing to say about left out."""
    found = [
        *_stands(reading),
        *_changed(reading),
        *_began(reading),
        *_apart(reading),
    ]
    if reading.incomplete:
        days = ", ".join(day(point.on) for point in reading.incomplete)
        found.append(Said("Asked, not complete", f"{days}: no score, and a gap in the chart"))
    if reading.without:
        days = ", ".join(day(session.on) for session in reading.without)
        found.append(Said("Sessions without it", f"{days}: no score, and a gap in the chart"))
    return tuple(found)


def _stands(reading: Reading) -> list[Said]:
    last, instrument = reading.last, reading.instrument
    if last is None or last.total is None:
        return []
    about = "Last score" if reading.follow_up is None else "Last score in treatment"
    found = [Said(about, f"{last.total} out of {instrument.highest}, {_taken(last)}")]
    return found + standing(instrument, last.total)


def standing(instrument: Instrument, total: int) -> list[Said]:
    """Band and cut-off of a total: two facts, each only where it is published and verified."""
    found = []
    band, cut_off = band_of(instrument, total), cut_off_of(instrument)
    if band is not None:
        words = f"{band.label.capitalize()} ({band.low} to {band.high})"
        found.append(Said("Severity band", words))
    if cut_off is not None and total >= cut_off:
        case = "positive" if instrument.screens_only else "a case"
        found.append(Said("Cut-off", f"At or above the cut-off of {cut_off}: {case}"))
    elif cut_off is not None:
        case = "negative" if instrument.screens_only else "not a case"
        found.append(Said("Cut-off", f"Below the cut-off of {cut_off}: {case}"))
    return found


def _changed(reading: Reading) -> list[Said]:
    found = []
    if reading.totals is not None:
        said = moved(-reading.totals.drop).capitalize()
        words = f"{said}, from {reading.totals.first}{_way(reading)}"
        rule = reading.instrument.reliable_change
        if reading.change is not None and rule is not None:
            words += f": {_amount(reading, reading.change)} ({_points(rule.points)} or more counts)"
            words += _response(rule, reading.totals.drop)
        found.append(Said("Since the start", words))
    last, before = reading.last, reading.before_last
    if last is not None and before is not None:
        difference = (last.total or 0) - (before.total or 0)
        words = f"{moved(difference).capitalize()}, from {before.total} {_taken(before)}"
        found.append(Said("Since last time", words))
    return found


def _amount(reading: Reading, change: Change) -> str:
    """What a change amounts to, by the name its source gives it."""
    rule = reading.instrument.reliable_change
    called = rule.called if rule is not None else Called.RELIABLE
    return _CHANGES[change].replace(Called.RELIABLE.value, called.value)


def _response(rule: ReliableChange, drop: int) -> str:
    """Where the source speaks of a response before that."""
    if rule.response is None or not rule.response <= drop < rule.points:
        return ""
    return f"; a response ({_points(rule.response)} or more)"


def _began(reading: Reading) -> list[Said]:
    first = reading.baseline
    if first is None:
        return []
    return [Said("First score", f"{first.total}, {_taken(first)}: {_rule_words(reading, first)}")]


def _rule_words(reading: Reading, first: ScorePoint) -> str:
    """Why this score is the baseline."""
    begun = reading.first_session_on
    if reading.rule is BaselineRule.FIRST_OF_CASE:
        return "the first complete score of the case"
    if begun is None:
        return "the last complete score so far; treatment has not begun"
    if first.on > begun:
        return "the first complete score; there was none by the first treatment session"
    return f"the last complete score by the first treatment session, on {day(begun)}"


def _apart(reading: Reading) -> list[Said]:
    found = []
    before, after = reading.before_sentence, reading.follow_up
    if before is not None:
        words = f"{before.total}, on {day(before.on)}{_typed(before)}"
        if before == reading.baseline:
            words += ": also the first score above"
        found.append(Said("Before sentence", words))
        where = standing(reading.instrument, before.total or 0)
        found += [Said(f"{one.about} before sentence", one.words) for one in where]
    if after is not None:
        words = f"{after.total}, on {day(after.on)}{_typed(after)}: part of no outcome"
        found.append(Said("Follow-up", words))
        where = standing(reading.instrument, after.total or 0)
        found += [Said(f"{one.about} at follow-up", one.words) for one in where]
    return found


def _taken(point: ScorePoint) -> str:
    where = f"on {day(point.on)}"
    if point.point is TimePoint.SESSION and point.session_number is not None:
        where += f", session {point.session_number}"
    elif point.point is not TimePoint.SESSION:
        where += f", {point.point.words}"
    return where + _typed(point)


def _typed(point: ScorePoint) -> str:
    return " (total typed in)" if point.origin is Origin.TOTAL else ""


def day(on: date) -> str:
    """A day as it is written: 3 August 2026."""
    return f"{on.day} {on:%B %Y}"
