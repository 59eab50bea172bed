"""Forms of a court order: its terms, how it changed, how it ended. Shape only."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

from mhtr.core import clock
from mhtr.core.codes.lists import load
from mhtr.orders.directing import NOT_A_NUMBER, NUMBER, Practitioner, same
from mhtr.orders.service import LONGEST_COURSE, Recorded
from mhtr.orders.terms import (
    CHANGE_WORDS,
    KIND_WORDS,
    TREATMENT_WORDS,
    Change,
    CustodialTerm,
    OrderKind,
    Period,
    Terms,
    Treatment,
)
from mhtr.web.fields import (
    CheckboxField,
    DatePartsField,
    InPast,
    IntegerField,
    OnlyWith,
    RadioField,
    Required,
    SelectField,
    TextAreaField,
    TextField,
)
from mhtr.web.forms import VersionedForm

COMMUNITY, SUSPENDED = OrderKind.COMMUNITY.value, OrderKind.SUSPENDED.value
PERIODS = (1, 2, 3)
PARTS = ("starts", "ends", "treatment", "named", "number")
LONGEST_MONTHS = 60


def _only(kind: OrderKind, *, required: bool = True) -> OnlyWith:
    return OnlyWith(
        "kind",
        kind.value,
        required=required,
        otherwise=f"Take this out, or select “{KIND_WORDS[kind]}” above",
    )


class OrderForm(VersionedForm):
    """What an order says. Up to three periods of the requirement, the first of them needed."""

    kind = RadioField(
        "Which order did the court make?",
        [Required("Select which order the court made")],
        choices=list(KIND_WORDS.items()),
    )
    ends_on = DatePartsField(
        "Last day of the community order",
        [_only(OrderKind.COMMUNITY)],
        hint="The end date that the order states",
    )
    term_months = IntegerField(
        "Suspended term: months",
        [_only(OrderKind.SUSPENDED, required=False)],
        minimum=0,
        maximum=LONGEST_MONTHS,
        hint="The custodial term, or the aggregate of consecutive ones",
    )
    term_weeks = IntegerField(
        "Suspended term: weeks",
        [_only(OrderKind.SUSPENDED, required=False)],
        minimum=0,
        maximum=LONGEST_MONTHS * 5,
    )
    term_days = IntegerField(
        "Suspended term: days",
        [_only(OrderKind.SUSPENDED, required=False)],
        minimum=0,
        maximum=LONGEST_MONTHS * 31,
    )
    operational_months = IntegerField(
        "Operational period in months",
        [_only(OrderKind.SUSPENDED)],
        minimum=1,
        maximum=LONGEST_MONTHS,
    )
    supervision_months = IntegerField(
        "Supervision period in months",
        [_only(OrderKind.SUSPENDED)],
        minimum=1,
        maximum=LONGEST_MONTHS,
        hint="The treatment requirement lies inside it",
    )
    convicted_on = DatePartsField(
        "Day of the plea or the finding",
        [Required(), InPast(clock.today, or_today=True)],
        hint="The legal limits go by this day",
    )
    made_on = DatePartsField("Date of sentence", [Required(), InPast(clock.today, or_today=True)])
    court = SelectField("Court that made the order", [Required()], prompt="Select a court")
    magistrates_supervise = CheckboxField("A magistrates’ court supervises this Crown Court order")
    court_reviews = CheckboxField("The court reviews this order at hearings")
    sessions_expected = IntegerField(
        "Treatment sessions expected",
        [Required()],
        minimum=1,
        maximum=LONGEST_COURSE,
        hint="No law limits the number; the period of the requirement does",
    )
    compared = CheckboxField("I have compared this name and number with the order")
    another = CheckboxField("This is another order, not the one on record")
    override = TextAreaField(
        "Why is it recorded all the same?",
        max_length=500,
        rows=3,
        hint="Read by everybody who may see the order. Nothing about health",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks_override = bool(self.override.data)
        self.asks_another = bool(self.another.data)
        self.suggested: Practitioner | None = None
        self.court.set_choices(load("courts").choices(clock.today()))

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: the term of a suspended sentence is given, and each period is whole."""
        valid = super().validate(extra_validators)
        if self.kind.data == SUSPENDED and self._term().nothing and not self.term_months.errors:
            self.term_months.errors = ["Enter the custodial term that is suspended"]
            valid = False
        return all([self._whole(number) for number in PERIODS]) and self._compared() and valid

    def suggest(self, whom: Practitioner | None) -> None:
        """Say that the first name is only suggested; it counts once somebody has compared it."""
        self.suggested = whom

    def _compared(self) -> bool:
        named = Practitioner(self["named_1"].data or "", self._said(1))
        if self.suggested is None or not same(self.suggested, named) or self.compared.data:
            return True
        self.compared.errors = ["Compare the name with the order, and say that you have"]
        return False

    def _whole(self, number: int) -> bool:
        """Whether a period is answered in full, or not at all where it is not the first."""
        if number != 1 and not self.is_used(number):
            return True
        wanted = {
            "starts": "Enter the first day of the period",
            "ends": "Enter the last day of the period",
            "treatment": "Select how he is treated in this period",
            "named": "Enter whom the order names for this period",
        }
        missing = {part: words for part, words in wanted.items() if self._empty(part, number)}
        for part, words in missing.items():
            self[f"{part}_{number}"].errors = [words]
        return not missing and self._number_fits(number)

    def _number_fits(self, number: int) -> bool:
        typed = self._said(number)
        if not typed or NUMBER.fullmatch(typed):
            return True
        self[f"number_{number}"].errors = [NOT_A_NUMBER]
        return False

    def _said(self, number: int) -> str:
        return re.sub(r"\s", "", self[f"number_{number}"].data or "").upper()

    def is_used(self, number: int) -> bool:
        """Whether anything is typed or refused in a period."""
        return any(
            not self._empty(part, number) or self[f"{part}_{number}"].errors for part in PARTS
        )

    def _empty(self, part: str, number: int) -> bool:
        field = self[f"{part}_{number}"]
        # A refused date is not missing: its own message stands beside it.
        return field.is_empty() and not field.errors  # type: ignore[attr-defined]

    def _term(self) -> CustodialTerm:
        return CustodialTerm(
            self.term_months.data or 0, self.term_weeks.data or 0, self.term_days.data or 0
        )

    def recorded(self) -> Recorded:
        """What a valid form says."""
        suspended = self.kind.data == SUSPENDED
        terms = Terms(
            kind=OrderKind(self.kind.data or ""),
            convicted_on=day_of(self.convicted_on.data),
            made_on=day_of(self.made_on.data),
            periods=tuple(self._period(number) for number in PERIODS if self.is_used(number)),
            ends_on=None if suspended else self.ends_on.data,
            term=self._term() if suspended else CustodialTerm(),
            operational_months=self.operational_months.data if suspended else None,
            supervision_months=self.supervision_months.data if suspended else None,
        )
        return Recorded(
            terms=terms,
            court_code=self.court.data or "",
            sessions_expected=self.sessions_expected.data or 0,
            magistrates_supervise=bool(self.magistrates_supervise.data),
            court_reviews=bool(self.court_reviews.data),
        )

    def _period(self, number: int) -> Period:
        return Period(
            day_of(self[f"starts_{number}"].data),
            day_of(self[f"ends_{number}"].data),
            Treatment(self[f"treatment_{number}"].data),
            self[f"named_{number}"].data,
            self._said(number),
        )

    def ask_another(self, reasons: tuple[str, ...]) -> None:
        """One just like it is on record: show that, and ask."""
        self.asks_another = True
        self.refuse(" ".join((*reasons, "If this is another one, say so below.")), field="another")

    def ask_override(self, reasons: tuple[str, ...]) -> None:
        """Show what exceeds the law, and ask for the reason."""
        self.asks_override = True
        for reason in reasons:
            self.refuse(reason)
        self.refuse("Correct it above, or say why it is recorded all the same.", field="override")


def day_of(value: date | None) -> date:
    if value is None:
        raise ValueError("the form was not valid")
    return value


def _add_periods() -> None:
    """The fields of each period: the class has them as if they were written out."""
    for number in PERIODS:
        optional = number != 1
        which = f", period {number}" if optional else ""
        made = {
            "starts": DatePartsField(f"First day of treatment{which}", optional=optional),
            "ends": DatePartsField(f"Last day of treatment{which}", optional=optional),
            "treatment": RadioField(
                f"How is he treated?{f' Period {number}' if optional else ''}",
                choices=list(TREATMENT_WORDS.items()),
                optional=optional,
            ),
            "named": TextField(
                f"Practitioner or institution that the order names{which}",
                max_length=160,
                optional=optional,
            ),
            "number": TextField(
                f"Registration number of the practitioner{which}",
                max_length=20,
                width=10,
                hint="HCPC or GMC, where the order states it",
            ),
        }
        for part, field in made.items():
            setattr(OrderForm, f"{part}_{number}", field)


_add_periods()


class ChangeForm(OrderForm):
    """What changed of an order, and how."""

    change = RadioField(
        "How did it change?",
        [Required("Select how it changed")],
        choices=[(one.value, words) for one, words in CHANGE_WORDS.items() if one != Change.MADE],
    )
    effective_on = DatePartsField(
        "From which day?", [Required(), InPast(clock.today, or_today=True)]
    )
    willing_on = DatePartsField(
        "Day on which he said that he is willing to comply with the changed requirement",
        [
            OnlyWith(
                "change",
                Change.AMENDED.value,
                required=False,
                otherwise="Take this out, or select that the court amended the requirement",
            ),
            InPast(clock.today, or_today=True),
        ],
    )

    def changed(self) -> Recorded:
        """What a valid form says the order is now."""
        return replace(self.recorded(), willing_on=self.willing_on.data)

    def since(self) -> date:
        """From which day it holds."""
        return day_of(self.effective_on.data)
