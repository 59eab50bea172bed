"""What the law allows an order to say, checked against a dated table with its sources.

The table is the code list `order_limits`; a limit is looked up by the day of conviction, as the
law keys it. Nothing here decides anything: what exceeds a limit is explained, and somebody who
may do so can record it all the same with a reason, because what a court ordered is what counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from dateutil.relativedelta import relativedelta

from mhtr.cases.wording import day_words
from mhtr.core.codes.lists import CodeEntry, CodeList
from mhtr.orders.terms import Change, OrderKind, Period, Terms

_MONTHS = "months"


@dataclass(frozen=True)
class Exceeded:
    """One limit that the terms do not keep: its code, what is wrong in words, and the source."""

    code: str
    words: str
    source: str


@dataclass(frozen=True)
class Step:
    """One set of terms and how it came about."""

    change: Change
    terms: Terms
    willing_on: date | None = None
    """When he said that he is willing to comply with the requirement as amended."""
    effective_on: date | None = None
    """From which day it holds."""


class Limits:
    """The table as it stood on the day of conviction."""

    def __init__(self, table: CodeList, convicted_on: date) -> None:
        self._table = table
        self._on = convicted_on

    def entry(self, code: str) -> CodeEntry | None:
        """The limit in force for that conviction; None where the law had none."""
        return next(
            (row for row in self._table.entries if row.code == code and row.is_current(self._on)),
            None,
        )

    def months(self, code: str) -> int | None:
        found = self.entry(code)
        return int(found.extras[_MONTHS]) if found else None

    def exceeded(self, code: str, words: str) -> Exceeded:
        found = self.entry(code)
        return Exceeded(
            code, f"{found.label if found else ''}: {words}", found.source if found else ""
        )


def counted(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps that count: what put an earlier one right takes its place, and its kind."""
    kept: list[Step] = []
    for step in steps:
        if step.change is Change.PUT_RIGHT and kept:
            kept[-1] = replace(
                kept[-1], terms=step.terms, willing_on=step.willing_on or kept[-1].willing_on
            )
        else:
            kept.append(step)
    return tuple(kept)


def exceeded(steps: Sequence[Step], table: CodeList) -> tuple[Exceeded, ...]:
    """Every limit that the last of these steps does not keep; empty where all are kept.

    Args:
        steps: all sets of terms of one order, in the order in which they took effect.
    """
    chain = counted(steps)
    last = chain[-1]
    limits = Limits(table, last.terms.convicted_on)
    if last.terms.kind is OrderKind.COMMUNITY:
        found = _community(chain, limits)
    else:
        found = _suspended(chain, limits)
    return (*found, *_inside(last.terms), *_willing(last))


def _community(chain: Sequence[Step], limits: Limits) -> list[Exceeded]:
    last = chain[-1]
    end = last.terms.ends_on
    if end is None:
        return []
    if last.change is Change.MADE:
        return _longest(last.terms, end, limits)
    before = chain[-2].terms.ends_on
    if before is None or end <= before:
        return []
    if last.change is Change.EXTENDED:
        over = _was_over(last, before)
        return over + _moved(chain, "community-extension", before, end, limits)
    if last.change is Change.AFTER_BREACH:
        return _moved(chain, "community-breach", before, end, limits)
    words = "Only an extension on an application, or a proved breach, moves the end of the order."
    return [limits.exceeded("community-extension", words)]


def _was_over(last: Step, before: date) -> list[Exceeded]:
    if last.effective_on is None or last.effective_on <= before:
        return []
    return [
        Exceeded(
            "order-in-force",
            f"The order ended on {day_words(before)}: only an order in force is extended.",
            "Sentencing Act 2020 Sch 10 para 20",
        )
    ]


def _longest(terms: Terms, end: date, limits: Limits) -> list[Exceeded]:
    months = limits.months("community-end")
    if months is None or end <= (latest := terms.made_on + relativedelta(months=months)):
        return []
    words = f"made on {day_words(terms.made_on)}, it ends by {day_words(latest)} at the latest."
    return [limits.exceeded("community-end", words)]


def _moved(
    chain: Sequence[Step], code: str, before: date, end: date, limits: Limits
) -> list[Exceeded]:
    """Each of the two powers once, and by no more than its months from the end until then."""
    found = []
    change = chain[-1].change
    earlier = [
        step
        for previous, step in zip(chain[:-2], chain[1:-1], strict=True)
        if step.change is change and _later(previous.terms.ends_on, step.terms.ends_on)
    ]
    if earlier:
        found.append(limits.exceeded(code, "it was moved in this way before."))
    months = limits.months(code)
    if months is not None and end > (latest := before + relativedelta(months=months)):
        words = f"it ended on {day_words(before)}, so by {day_words(latest)} at the latest."
        found.append(limits.exceeded(code, words))
    return found


def _later(before: date | None, after: date | None) -> bool:
    return before is not None and after is not None and after > before


def _suspended(chain: Sequence[Step], limits: Limits) -> list[Exceeded]:
    last = chain[-1]
    terms, found = last.terms, []
    term_most = limits.months("suspended-term")
    if term_most is not None and terms.term.exceeds(term_most, made_on=terms.made_on):
        words = f"he was convicted on {day_words(terms.convicted_on)}."
        found.append(limits.exceeded("suspended-term", words))
    if last.change is Change.EXTENDED or _lengthened(chain):
        found.append(
            Exceeded(
                "suspended-no-extension",
                "Only on a proved breach may the court lengthen the operational or the supervision "
                "period of a suspended sentence; on an application it is not extended.",
                "Sentencing Act 2020 Sch 16 para 13(1)(d)",
            )
        )
    found += _operational(terms, limits)
    return found + _supervision(terms, limits)


def _lengthened(chain: Sequence[Step]) -> bool:
    """Whether a period is longer than before, and no proved breach says why."""
    if len(chain) == 1 or chain[-1].change is Change.AFTER_BREACH:
        return False
    before, now = chain[-2].terms, chain[-1].terms
    return any(
        (new or 0) > (old or 0)
        for old, new in (
            (before.operational_months, now.operational_months),
            (before.supervision_months, now.supervision_months),
        )
    )


def _operational(terms: Terms, limits: Limits) -> list[Exceeded]:
    months = terms.operational_months
    if months is None:
        return []
    long_term = limits.months("suspended-long-term")
    long = long_term is not None and terms.term.exceeds(long_term, made_on=terms.made_on)
    return _between(months, "operational-least", _most(long), limits)


def _most(long: bool) -> str:
    return "operational-longest" if long else "operational-most"


def _supervision(terms: Terms, limits: Limits) -> list[Exceeded]:
    months = terms.supervision_months
    if months is None:
        return []
    found = _between(months, "supervision-least", "supervision-most", limits)
    if terms.operational_months is not None and months > terms.operational_months:
        found.append(
            Exceeded(
                "supervision-within-operational",
                f"The supervision period, {months} months, is longer than the operational "
                f"period, {terms.operational_months} months.",
                "Sentencing Act 2020 s.288(4)",
            )
        )
    return found


def _between(months: int, least: str, most: str, limits: Limits) -> list[Exceeded]:
    words = f"{months} months are recorded."
    low, high = limits.months(least), limits.months(most)
    found = []
    if low is not None and months < low:
        found.append(limits.exceeded(least, words))
    if high is not None and months > high:
        found.append(limits.exceeded(most, words))
    return found


def _inside(terms: Terms) -> list[Exceeded]:
    """The treatment requirement, and every other, lies inside the order."""
    last = terms.last_day
    if last is None:
        return []
    whole = (
        "the community order"
        if terms.kind is OrderKind.COMMUNITY
        else "the supervision period of the suspended sentence"
    )
    source = (
        "Sentencing Act 2020 s.209(1) and (3)"
        if terms.kind is OrderKind.COMMUNITY
        else "Sentencing Act 2020 s.286(2) and s.288"
    )
    words = f"ends after {whole}, whose last day is {day_words(last)}."
    late = [period for period in terms.periods if period.ends_on > last]
    found = [
        Exceeded("treatment-inside", f"The treatment requirement {words}", source) for _ in late[:1]
    ]
    if any(other.until is not None and other.until > last for other in terms.others):
        found.append(Exceeded("others-inside", f"Another requirement {words}", source))
    return found


def _willing(step: Step) -> list[Exceeded]:
    if step.change is not Change.AMENDED or step.willing_on is not None:
        return []
    return [
        Exceeded(
            "fresh-willingness",
            "The treatment requirement is amended only where he has said that he is willing to "
            "comply with it as amended: enter the day on which he said so.",
            "Sentencing Act 2020 Sch 10 para 18(7), Sch 16 para 25(7)",
        )
    ]


def contradictions(terms: Terms) -> tuple[str, ...]:
    """What cannot be true together, in words; no reason makes it true. Empty where all fits."""
    found = []
    if terms.made_on < terms.convicted_on:
        found.append("The order is made before the day of conviction.")
    if terms.ends_on is not None and terms.ends_on < terms.made_on:
        found.append("The order ends before it is made.")
    if not terms.periods:
        found.append("The order names no period of treatment.")
    for period in terms.periods:
        if period.ends_on < period.starts_on:
            found.append("A period of treatment ends before it starts.")
        if period.starts_on < terms.made_on:
            found.append("A period of treatment starts before the order is made.")
    if _overlap(terms.periods):
        found.append("Two periods of treatment overlap.")
    return tuple(dict.fromkeys(found))


def _overlap(periods: Sequence[Period]) -> bool:
    ordered = sorted(periods, key=lambda period: period.starts_on)
    return any(
        after.starts_on <= one.ends_on for one, after in zip(ordered, ordered[1:], strict=False)
    )
