"""Forms of a report on treatment. Nothing in them is preselected."""

from collections.abc import Sequence
from typing import Any

from mhtr.ending.application_rules import STEP_WORDS, StepKind
from mhtr.ending.report_grounds import (
    WILLING_WORDS,
    DatedFact,
    Draft,
    Ground,
    Willing,
    ground_words,
)
from mhtr.ending.report_service import prompt_words
from mhtr.orders.terms import OrderKind
from mhtr.suitability.release_checks import ReleaseWarning
from mhtr.web.fields import (
    CheckboxesField,
    CheckboxField,
    DatePartsField,
    HiddenField,
    RadioField,
    Required,
    TextAreaField,
)
from mhtr.web.forms import Form, VersionedForm

FACTS = 4
"""Dated facts that a report can have."""
BOTH = "Enter the day and what happened on it, or leave both empty"


class ReportForm(VersionedForm):
    """What a report says. It can be left unfinished and taken up again."""

    ground = RadioField(
        "On which ground?", optional=True, hint="It can be left open, and is needed to sign"
    )
    on_1 = DatePartsField("Day of the first fact", optional=True)
    fact_1 = TextAreaField("What happened on it", rows=2, max_length=600)
    on_2 = DatePartsField("Day of the second fact", optional=True)
    fact_2 = TextAreaField("What happened on it", rows=2, max_length=600)
    on_3 = DatePartsField("Day of the third fact", optional=True)
    fact_3 = TextAreaField("What happened on it", rows=2, max_length=600)
    on_4 = DatePartsField("Day of the fourth fact", optional=True)
    fact_4 = TextAreaField("What happened on it", rows=2, max_length=600)
    opinion = TextAreaField(
        "Why?",
        rows=6,
        max_length=4000,
        optional=False,
        hint="Your opinion and what it rests on, no more than the court needs. Nothing of what he "
        "told in therapy, no scores, nobody else by name",
    )
    proposed = TextAreaField(
        "What is the court asked for?",
        rows=3,
        max_length=2000,
        hint="Where treatment should go on longer or be another: until when, or by whom or where. "
        "An order does not name the kind of therapy",
    )
    willing = RadioField(
        "What does he say to the requirement as it would be?",
        choices=list(WILLING_WORDS.items()),
        optional=True,
        hint="Where the court is asked for another requirement",
    )
    willing_on = DatePartsField("On which day did he say so?", optional=True)
    willing_said = TextAreaField("His words, or why he has not been asked", rows=3, max_length=1000)
    why_again = TextAreaField(
        "Why is it issued anew?",
        rows=3,
        max_length=1000,
        hint="It stands on the new version, and whoever got the earlier one is told",
    )

    def offer(self, kind: OrderKind, *, again: bool) -> None:
        """The grounds in the words that hold for this order; why anew only where it is so."""
        self.ground.set_choices([(one.value, ground_words(one, kind)) for one in Ground])
        if not again:
            del self.why_again

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: a fact has its day, and a day its fact."""
        valid: bool = super().validate(extra_validators)
        for number in range(1, FACTS + 1):
            day, words = self[f"on_{number}"], self[f"fact_{number}"]
            if bool(day.data) != bool(words.data) and not day.errors and not words.errors:
                (words if day.data else day).errors = [BOTH]
                valid = False
        return valid

    def said(self) -> Draft:
        """What a valid form says."""
        pairs = [(self[f"on_{n}"].data, self[f"fact_{n}"].data) for n in range(1, FACTS + 1)]
        return Draft(
            ground=Ground(self.ground.data) if self.ground.data else None,
            facts=tuple(DatedFact(on, words) for on, words in pairs if on and words),
            opinion=self.opinion.data,
            proposed=self.proposed.data,
            willing=Willing(self.willing.data) if self.willing.data else None,
            willing_on=self.willing_on.data,
            willing_said=self.willing_said.data,
            why_again=self.why_again.data if "why_again" in self else "",
        )


def typed_from(draft: Draft) -> dict[str, Any]:
    """The fields of the form with what is written so far."""
    given: dict[str, Any] = {
        "ground": draft.ground.value if draft.ground else None,
        "opinion": draft.opinion,
        "proposed": draft.proposed,
        "willing": draft.willing.value if draft.willing else None,
        "willing_on": draft.willing_on,
        "willing_said": draft.willing_said,
        "why_again": draft.why_again,
    }
    for number, fact in enumerate(draft.facts, 1):
        given |= {f"on_{number}": fact.on, f"fact_{number}": fact.words}
    return given


class SignForm(VersionedForm):
    """The signature: carries the hash of what was read."""

    content_hash = HiddenField()
    looked_at = CheckboxesField(
        "Look at these before you sign",
        optional=False,
        hint="Each looks as if it should not be in a report to probation. Tick it if you looked "
        "and it may stay; otherwise change the wording. It is recorded who ticked",
    )
    mine = CheckboxField(
        "I treat him or direct his treatment, and this is my own opinion",
        [Required("Tick that this is your own opinion")],
    )

    def offer(self, warnings: Sequence[ReleaseWarning]) -> None:
        """One box for each prompt."""
        self.looked_at.set_choices([(one.key, prompt_words(one)) for one in warnings])
        if not warnings:
            del self.looked_at

    @property
    def seen(self) -> list[str]:
        """Keys of the prompts that were ticked."""
        return list(self.looked_at.data or ()) if "looked_at" in self else []


class ApplicationForm(Form):
    """What became of a report before the court."""

    kind = RadioField(
        "What happened?",
        [Required("Select what happened")],
        choices=list(STEP_WORDS.items()),
    )
    on = DatePartsField("On which day?", [Required()])

    @property
    def what(self) -> StepKind:
        """What a valid form says."""
        return StepKind(self.kind.data or "")
