"""The question whether a man already on record is the man being referred."""

import uuid
from collections.abc import Sequence

from wtforms import Field

from mhtr.intake.identity import SameMan
from mhtr.people.queries import Candidate
from mhtr.web.fields import Choice, RadioField, Required
from mhtr.web.forms import Form

CHOICES = [
    Choice(SameMan.SAME.value, "It is the same man"),
    Choice(SameMan.DIFFERENT.value, "It is a different man"),
    Choice(SameMan.NOT_SURE.value, "I am not sure", hint="The service looks into it."),
]
MOST = 3
"""Records asked about at once. The others become questions for the service."""


class SameManForm(Form):
    """One question a possible record, the strongest match first."""

    first = RadioField("Is he the man already on record?", [Required()], choices=CHOICES)
    second = RadioField("And the second record?", [Required()], choices=CHOICES)
    third = RadioField("And the third record?", [Required()], choices=CHOICES)

    def ask(self, candidates: Sequence[Candidate]) -> None:
        """Keep as many questions as there are records."""
        self.asked = list(candidates)
        for name in ("first", "second", "third")[len(candidates) :]:
            del self[name]

    def questions(self) -> list[tuple[Field, tuple[str, ...]]]:
        """Each question with the facts that agree or differ. Never a value of the other record."""
        fields = [self[name] for name in ("first", "second", "third") if name in self]
        return [(f, c.match.reasons) for f, c in zip(fields, self.asked, strict=False)]

    def answers(self) -> dict[uuid.UUID, SameMan]:
        """By record: what he said; "not sure" for those beyond what was asked."""
        said = [SameMan(str(field.data)) for field, _ in self.questions()]
        said += [SameMan.NOT_SURE] * (len(self.asked) - len(said))
        return {c.person_ref: answer for c, answer in zip(self.asked, said, strict=True)}
