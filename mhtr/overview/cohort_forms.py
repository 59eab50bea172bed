"""What the outcomes report is asked for: by the service freely, by a commissioner by the year.

A commissioner could take one period from another that overlaps it, or a group from all. So he is
given twelve months that end with a quarter, and comparisons instead of groups by themselves.
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

QUARTERS_OFFERED = 12
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


class YearForm(FilterForm):
    """Twelve months to the end of a quarter, and a comparison."""

    until = SelectField("Twelve months to", prompt="The last quarter that is over", optional=False)
    compare = SelectField("Compare by", choices=COMPARED, prompt="Nothing", optional=False)

    def offer(self, today: date) -> None:
        """Give the fields their answers."""
        self.until.set_choices([(end.isoformat(), formats.day(end)) for end in quarter_ends(today)])

    def asked(self, today: date) -> Asked | None:
        """What is asked for; None where it cannot be read, which the form then says."""
        if not self.validate():
            return None
        last = date.fromisoformat(self.until.data) if self.until.data else quarter_ends(today)[0]
        return Asked(a_year_to(last), last, {}, _compared(self.compare.data))


def group_of(text: str) -> dict[Trait, str]:
    """The trait and group of `ethnic_category=code:A`; nothing where it is none."""
    name, _, code = text.partition("=")
    return {Trait(name): code} if name in set(Trait) and code else {}


def a_year_to(last: date) -> date:
    """The first of the twelve months that end with a day."""
    following = last + timedelta(days=1)
    leap = (following.month, following.day) == (2, 29)
    return following.replace(year=following.year - 1, day=28 if leap else following.day)


def quarter_ends(today: date) -> list[date]:
    """Last days of the quarters that are over, newest first."""
    first = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    ends = []
    for _ in range(QUARTERS_OFFERED):
        ends.append(first - timedelta(days=1))
        month = first.month - 3
        first = first.replace(month=month) if month > 0 else date(first.year - 1, 10, 1)
    return ends


def _compared(name: str | None) -> Trait | None:
    return Trait(name) if name else None
