"""What the outcomes report is asked for: by the service freely, by a commissioner by half-year.

A commissioner could take one period from another that overlaps it, or a group from all. So he is
given half-years that share no day, once each is over, and comparisons instead of groups by
themselves. The files the service makes cover whole quarters that are over.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from mhtr.core import formats
from mhtr.core.codes import lists
from mhtr.overview import cohort_traits as traits
from mhtr.overview.cohort_queries import Asked
from mhtr.overview.cohort_traits import GROUPS, LABELS, Trait
from mhtr.web.fields import DatePartsField, SelectField
from mhtr.web.forms import FilterForm

HALVES_OFFERED = 6
HALF, QUARTER = 6, 3
"""Months."""
STARTS_IN = 4
"""Years of the service begin with April, as financial years do."""
OUT_OF_ORDER = "The last day must not be before the first"
COMPARED = [(trait.value, LABELS[trait]) for trait in Trait]


class ReportForm(FilterForm):
    """Any period, treatment, trust, court and group."""

    first = DatePartsField("Ended from", optional=False)
    last = DatePartsField("Until", optional=False)
    pathway = SelectField(LABELS[Trait.PATHWAY], prompt="Every treatment", optional=False)
    trust = SelectField(LABELS[Trait.TRUST], prompt="Every team", optional=False)
    court = SelectField(LABELS[Trait.COURT], prompt="Every court", optional=False)
    group = SelectField("Group", prompt="Everybody", optional=False)
    compare = SelectField("Compare by", choices=COMPARED, prompt="Nothing", optional=False)

    def offer(self, today: date, trusts: Mapping[str, str]) -> None:
        """Give the fields their answers."""
        self.pathway.set_choices(traits.choices(Trait.PATHWAY, today, trusts))
        self.trust.set_choices(traits.choices(Trait.TRUST, today, trusts))
        self.court.set_choices(lists.load("courts").choices(today))
        self.group.set_choices(
            [
                (f"{trait.value}={code}", f"{LABELS[trait]}: {words}")
                for trait in GROUPS
                for code, words in traits.choices(trait, today, trusts)
            ]
        )

    def asked(self, today: date) -> Asked | None:
        """What is asked for; None where it cannot be read, which the form then says."""
        if not self.validate():
            return None
        last = self.last.data or today
        first = self.first.data or a_year_to(last)
        if last < first:
            self.last.errors = [OUT_OF_ORDER]
            return None
        named = (
            (Trait.PATHWAY, self.pathway),
            (Trait.TRUST, self.trust),
            (Trait.COURT, self.court),
        )
        narrowed = {trait: field.data for trait, field in named if field.data}
        if self.group.data:
            narrowed |= group_of(self.group.data)
        return Asked(first, last, narrowed, _compared(self.compare.data))

    def say(self, asked: Asked) -> None:
        """Show the days the report covers, where none were typed."""
        self.first.process(None, asked.first)
        self.last.process(None, asked.last)


class HalfYearForm(FilterForm):
    """A half-year that is over, and a comparison."""

    half = SelectField("Half-year", prompt="The last that is over", optional=False)
    compare = SelectField("Compare by", choices=COMPARED, prompt="Nothing", optional=False)

    def offer(self, today: date) -> None:
        """Give the fields their answers."""
        offered = half_years(today)
        self.half.set_choices(
            [
                (last.isoformat(), f"{formats.day(first)} to {formats.day(last)}")
                for first, last in offered
            ]
        )

    def asked(self, today: date) -> Asked | None:
        """What is asked for; None where it cannot be read, which the form then says."""
        if not self.validate():
            return None
        offered = {last.isoformat(): (first, last) for first, last in half_years(today)}
        first, last = offered[self.half.data or next(iter(offered))]
        return Asked(first, last, {}, _compared(self.compare.data))


def group_of(text: str) -> dict[Trait, str]:
    """The trait and group of `ethnic_category=code:A`; nothing where it is none."""
    name, _, code = text.partition("=")
    return {Trait(name): code} if name in set(Trait) and code else {}


def a_year_to(last: date) -> date:
    """The first of the twelve months that end with a day."""
    following = last + timedelta(days=1)
    leap = (following.month, following.day) == (2, 29)
    return following.replace(year=following.year - 1, day=28 if leap else following.day)


def half_years(today: date) -> list[tuple[date, date]]:
    """First and last days of the half-years that are over, newest first; no two share a day."""
    start = _start(today, HALF)
    found = []
    for _ in range(HALVES_OFFERED):
        last = start - timedelta(days=1)
        start = _start(last, HALF)
        found.append((start, last))
    return found


def whole_quarters(first: date, last: date, today: date) -> tuple[date, date] | None:
    """The whole quarters between two days that are over; None where there is none."""
    begin = _start(first, QUARTER)
    if begin < first:
        begin = _start(begin + timedelta(days=31 * QUARTER), QUARTER)
    over = min(last, today - timedelta(days=1))
    end = _start(over + timedelta(days=1), QUARTER) - timedelta(days=1)
    return (begin, end) if begin < end else None


def _start(day: date, months: int) -> date:
    """The first day of the half-year or quarter a day is in."""
    since = (day.month - STARTS_IN) % 12 % months
    month, year = day.month - since, day.year
    return date(year, month, 1) if month > 0 else date(year - 1, month + 12, 1)


def _compared(name: str | None) -> Trait | None:
    return Trait(name) if name else None
