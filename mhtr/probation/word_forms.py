"""Forms of what probation tells the service, and of what the service does with it."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from mhtr.accounts.models import Staff
from mhtr.core import clock
from mhtr.core.working_days import WEEKDAYS
from mhtr.probation.word_models import ProbationWord
from mhtr.probation.word_rules import (
    DAY,
    FACT,
    NO_FIRST,
    SOURCE_WORDS,
    TIMES,
    WHY,
    WITH_WHY,
    Said,
    Source,
    Subject,
)
from mhtr.web.fields import (
    CheckboxField,
    DatePartsField,
    HiddenField,
    InFuture,
    RadioField,
    Required,
    SelectField,
    TextAreaField,
    TextField,
    TimeField,
)
from mhtr.web.forms import Form, VersionedForm
from sessions.availability.kinds import CannotReason
from sessions.availability.models import Site
from sessions.availability.weighing import WeighedForm
from sessions.availability.words import REASON_WORDS

ALL_READ = "Everybody of the service who works with him reads this"
CLINICIANS_READ = "Only clinicians of the service read this. Say nothing of why he was sentenced"
FACTS: Mapping[Subject, tuple[str, str]] = {
    Subject.RISK: ("What must whoever meets him know?", f"{ALL_READ}. Not why"),
    Subject.STAFF_SAFETY: (
        "How is he to be seen?",
        f"{ALL_READ}. For example: by two people, not alone in a room. Not why",
    ),
    Subject.NO_CONTACT: ("Whom must he not meet?", f"{ALL_READ}. The name, and not why"),
    Subject.KEEP_AWAY: ("Which place or area?", f"{ALL_READ}. Not why"),
    Subject.ADDRESS: ("His new address", ALL_READ),
    Subject.REQUIREMENT: (
        "Which requirement?",
        f"{ALL_READ}. For example: unpaid work, Building Better Relationships, a curfew",
    ),
}
WHYS: Mapping[Subject, str] = {
    Subject.RISK: "What is the concern?",
    Subject.STAFF_SAFETY: "Why?",
    Subject.NO_CONTACT: "Why, and what does the condition say?",
    Subject.KEEP_AWAY: "Why, and what does the condition say?",
}
REQUIREMENT_REASONS = (CannotReason.UNPAID_WORK, CannotReason.PROBATION, CannotReason.CURFEW)
REVIEW_IN = timedelta(days=90)


def needed(subject: Subject) -> Mapping[str, str]:
    """The fields without which nothing is told, and what is said where one is empty."""
    if subject is Subject.RISK:
        return {"why": WHY}
    if subject is Subject.REQUIREMENT:
        return {
            "fact": FACT,
            "weekday": DAY,
            "starts": TIMES,
            "ends": TIMES,
            "first_day": NO_FIRST,
        }
    return {"fact": FACT}


class TellForm(Form):
    """One thing that probation tells of a man."""

    fact = TextAreaField("", max_length=300, rows=2)
    postcode = TextField("Postcode", max_length=12, width=10)
    weekday = SelectField(
        "On which day of the week?",
        choices=[(str(number), name) for number, name in enumerate(WEEKDAYS)],
    )
    starts = TimeField("From")
    ends = TimeField("Until", hint="With the way there and back. Over midnight: the next morning")
    why = TextAreaField("", max_length=1500, rows=4, hint=CLINICIANS_READ)
    first_day = DatePartsField("Since which day?")
    last_day = DatePartsField("Until which day?", hint="Leave it empty where nobody knows")
    source = RadioField(
        "How do you know?",
        [Required("Select how you know")],
        choices=[(one.value, words) for one, words in SOURCE_WORDS.items()],
    )
    urgent = CheckboxField(
        "It is urgent",
        hint="Before he is seen next, or within the hour. If somebody is in danger now, ring 999 "
        "first",
    )

    def ask(self, subject: Subject) -> None:
        """Ask what belongs to a subject, and nothing else."""
        self.subject = subject
        self.fact.label.text, self.fact.hint = FACTS[subject]
        if subject in WITH_WHY:
            self.why.label.text = WHYS[subject]
        else:
            del self.why
        if subject is not Subject.ADDRESS:
            del self.postcode
        if subject is not Subject.REQUIREMENT:
            del self.weekday, self.starts, self.ends
        for name, words in needed(subject).items():
            validators: list[Any] = [Required(words), *self[name].validators]
            self[name].validators = validators

    def said(self) -> Said:
        """What a valid form says."""
        timed = "weekday" in self
        return Said(
            subject=self.subject,
            source=Source(self.source.data or ""),
            urgent=self.urgent.data,
            fact=self.fact.data,
            why=self.why.data if "why" in self else "",
            first_day=self.first_day.data,
            last_day=self.last_day.data,
            postcode=self.postcode.data if "postcode" in self else "",
            weekday=int(self.weekday.data) if timed and self.weekday.data else None,
            starts=self.starts.data if timed else None,
            ends=self.ends.data if timed else None,
        )


def told_data(row: ProbationWord) -> dict[str, object]:
    """What was told, as the form is filled in to tell it anew."""
    return {
        "fact": row.fact or "",
        "why": row.why or "",
        "postcode": row.postcode,
        "weekday": "" if row.weekday is None else str(row.weekday),
        "starts": row.starts,
        "ends": row.ends,
        "first_day": row.first_day,
        "last_day": row.last_day,
        "source": row.source.value,
        "urgent": row.urgent,
    }


class BackForm(Form):
    """What probation told is taken back."""

    why = TextAreaField(
        "Why is it taken back?",
        [Required("Say why it is taken back")],
        max_length=300,
        rows=2,
        hint="The service reads this too",
    )


class NothingForm(Form):
    """Nothing is changed by it."""

    why = TextAreaField(
        "Why is nothing changed by it?",
        [Required("Say why nothing is changed by it")],
        max_length=500,
        rows=3,
        hint="Read by the service. Probation reads that it was received and nothing changes",
    )


class WarnForm(VersionedForm):
    """A warning on his record, with what probation said taken over."""

    fact = TextField("", max_length=160)
    reason = TextAreaField("Reason", max_length=2000, rows=4, hint="Only clinicians see this")
    owner = SelectField("Who looks after it?", [Required()], error_name="who looks after it")
    review_on = DatePartsField(
        "When is it looked at again?",
        [Required(), InFuture(clock.today)],
        error_name="the review date",
    )

    def ask(self, subject: Subject, owners: Iterable[Staff], *, clinician: bool) -> None:
        """Ask what belongs to a subject; only a clinician writes and reads why."""
        self.fact.label.text = (
            "Whom must he not meet?"
            if subject is Subject.NO_CONTACT
            else "What everybody who meets him needs to know"
        )
        self.owner.set_choices([(str(one.ref), one.name) for one in owners])
        if not clinician:
            del self.reason


class BarForm(WeighedForm):
    """Which of the trust's places he may not go to."""

    site = SelectField("Which place of ours?", [Required("Select the place")])

    def offers(self, sites: list[Site]) -> None:
        """Let the places be chosen that are still used."""
        today = clock.today()
        used = [site for site in sites if site.closed_on is None or site.closed_on > today]
        self.site.set_choices([(str(site.ref), site.name) for site in used])


class BlockForm(WeighedForm):
    """The times that another requirement takes become times at which he cannot come."""

    reason = RadioField(
        "What is it?",
        [Required("Select what it is")],
        choices=[(one.value, REASON_WORDS[one]) for one in REQUIREMENT_REASONS],
    )


class AddressForm(VersionedForm):
    """His address, as probation told it."""

    address = TextAreaField("Address", [Required("Enter the address")], max_length=400, rows=4)
    postcode = TextField("Postcode", max_length=12, width=10)
    seen = HiddenField()
