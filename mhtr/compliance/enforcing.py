"""What probation does once it holds that there was no reasonable excuse, as recorded: rules alone.

Each is a dated fact that somebody of probation records after doing it elsewhere. Nothing here does
any of it, and nothing follows by itself.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from mhtr.cases.wording import day_words
from mhtr.compliance.standing import facts as f
from mhtr.orders.terms import OrderKind


class StepKind(StrEnum):
    """What was done."""

    NO_ACTION = "no_action"
    REFERRED = "referred"
    LAID = "laid"
    NOT_PURSUED = "not_pursued"
    NOT_PROVED = "not_proved"
    WITHDRAWN = "withdrawn"
    CONTINUES = "continues"
    ENDS = "ends"
    CONFIRMED = "confirmed"


STEP_WORDS: Mapping[StepKind, str] = {
    StepKind.NO_ACTION: "No action: nothing follows this failure",
    StepKind.REFERRED: "I referred the matter to an enforcement officer",
    StepKind.LAID: "An information of the breach was laid before the court",
    StepKind.NOT_PURSUED: "The enforcement officer did not go to court",
    StepKind.NOT_PROVED: "The breach was not proved",
    StepKind.WITHDRAWN: "The breach was withdrawn",
    StepKind.CONTINUES: "The breach was proved, and the order goes on",
    StepKind.ENDS: "The breach was proved, and the order ended with it",
    StepKind.CONFIRMED: "I compared the warnings here with nDelius, and they agree",
}
DONE_WORDS: Mapping[StepKind, str] = {
    **STEP_WORDS,
    StepKind.REFERRED: "The matter was referred to an enforcement officer",
    StepKind.CONFIRMED: "The warnings were compared with nDelius, and agreed",
}
"""The same in a list of what was done."""
OUTCOMES: Mapping[StepKind, f.Outcome] = {
    StepKind.NOT_PURSUED: f.Outcome.NOT_PURSUED,
    StepKind.NOT_PROVED: f.Outcome.NOT_PROVED,
    StepKind.WITHDRAWN: f.Outcome.WITHDRAWN,
    StepKind.CONTINUES: f.Outcome.CONTINUES,
    StepKind.ENDS: f.Outcome.ENDS,
}
ABOUT = frozenset({StepKind.NO_ACTION, StepKind.REFERRED})
"""What is done about certain failures."""
WHICH = "Select the failures that it is about"
LAID_FOR = "Select the failures that it is about, or say that it is about another requirement"
FUTURE = "The day cannot be in the future"
NOTHING_REFERRED = "Nothing that was referred or laid before the court is still open here"
WHAT = "Select the failures that it is about, or name the other requirement"
DELIVERED_FIRST = "It cannot have been delivered before it was posted"


def before_order(made_on: date) -> str:
    """What is wrong with a day before the order."""
    return f"The order was made on {day_words(made_on)}, after that day"


@dataclass(frozen=True)
class Step:
    """Something that was done, and on which day."""

    kind: StepKind
    on: date
    about: frozenset[str] = frozenset()
    elsewhere: bool = False
    """An information is about another requirement of the same order, or about that as well."""


def step_objections(
    step: Step, *, made_on: date, today: date, open_matter: bool
) -> tuple[tuple[str, str], ...]:
    """What is wrong with a step: the field and words for it.

    Args:
        open_matter: whether something was referred or laid before the court and is not concluded.
    """
    found = list(_day_objections(step.on, made_on, today))
    if step.kind in ABOUT and not step.about:
        found.append(("about", WHICH))
    if step.kind is StepKind.LAID and not step.about and not step.elsewhere:
        found.append(("elsewhere", LAID_FOR))
    if step.kind in OUTCOMES and not open_matter:
        found.append(("kind", NOTHING_REFERRED))
    return tuple(found)


class Given(StrEnum):
    """How a warning was given."""

    LETTER = "letter"
    BY_HAND = "by_hand"
    EMAIL = "email"
    ORAL = "oral"


GIVEN_WORDS: Mapping[Given, str] = {
    Given.LETTER: "By letter",
    Given.BY_HAND: "Handed to him",
    Given.EMAIL: "By email",
    Given.ORAL: "By word of mouth",
}


class Says(StrEnum):
    """What a warning must say (Sentencing Act 2020 Sch 10 and Sch 16, para 6(4))."""

    CIRCUMSTANCES = "circumstances"
    UNACCEPTABLE = "unacceptable"
    LIABLE = "liable"


SAYS_WORDS: Mapping[Says, str] = {
    Says.CIRCUMSTANCES: "It describes the circumstances of the failure",
    Says.UNACCEPTABLE: "It says that the failure is unacceptable",
    Says.LIABLE: "It says that he will be liable to be brought before a court if he fails again "
    "within the twelve months",
}


LACKS: Mapping[Says, str] = {
    Says.CIRCUMSTANCES: "the circumstances",
    Says.UNACCEPTABLE: "that it is unacceptable",
    Says.LIABLE: "that he will be liable to be brought before a court",
}


@dataclass(frozen=True)
class GivenWarning:
    """A warning as it was given."""

    on: date
    given: Given
    about: frozenset[str] = frozenset()
    requirement: str = ""
    """Another requirement of the same order, where it is about one."""
    posted_on: date | None = None
    delivered_on: date | None = None
    worded_as: OrderKind | None = None
    says: frozenset[Says] = field(default_factory=frozenset)

    @property
    def complete(self) -> bool:
        """Whether it says all that it must."""
        return self.says == frozenset(Says)


def warning_objections(
    warning: GivenWarning, *, made_on: date, today: date
) -> tuple[tuple[str, str], ...]:
    """What is wrong with a warning as recorded: the field and words for it."""
    found = list(_day_objections(warning.on, made_on, today))
    for name, day in (("posted_on", warning.posted_on), ("delivered_on", warning.delivered_on)):
        if day is not None:
            found += _day_objections(day, made_on, today, name)
    if warning.posted_on and warning.delivered_on and warning.delivered_on < warning.posted_on:
        found.append(("delivered_on", DELIVERED_FIRST))
    if not warning.about and not warning.requirement.strip():
        found.append(("about", WHAT))
    return tuple(found)


def _day_objections(
    on: date, made_on: date, today: date, name: str = "on"
) -> tuple[tuple[str, str], ...]:
    if on > today:
        return ((name, FUTURE),)
    return ((name, before_order(made_on)),) if on < made_on else ()


def draft(kind: OrderKind, missed: Collection[date]) -> str:
    """Words of a warning to copy, with the three things that it must say."""
    days = " and ".join(day_words(day) for day in sorted(missed)) or "[day]"
    within = {
        OrderKind.COMMUNITY: "within the 12 months beginning with the date of this warning",
        OrderKind.SUSPENDED: "within the next 12 months",
    }[kind]
    return (
        f"You did not attend the appointment that your order required on {days}. "
        "[Describe what happened.] You have given no reasonable excuse, and this failure is "
        f"unacceptable. If you fail to comply with a requirement of your order again {within}, "
        "without reasonable excuse, you will be liable to be brought before a court."
    )
