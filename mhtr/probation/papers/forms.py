"""Forms of the papers of a referral: the shape of input only."""

from collections.abc import Sequence

from mhtr.core import clock
from mhtr.probation.papers.queries import Version
from mhtr.probation.papers.service import WHOM, WHY
from mhtr.web.fields import (
    DatePartsField,
    HiddenField,
    InPast,
    RadioField,
    Required,
    TextAreaField,
    TextField,
)
from mhtr.web.forms import OneOfSeveral, VersionedForm


class MakeForm(VersionedForm):
    """A version is made of what the page shows. `version`: how many there were then."""

    content_hash = HiddenField()
    """The fingerprint of what its page showed."""
    why = TextAreaField(
        "Why are they issued again?",
        [Required(WHY)],
        max_length=1000,
        rows=3,
        hint="Stands in the papers. For example: the record of 4 November was put right",
    )

    def offer(self, *, again: bool) -> None:
        """The first version needs no reason."""
        if not again:
            del self.why

    @property
    def reason(self) -> str:
        """Why they are issued again; empty for the first version."""
        return self.why.data if "why" in self else ""


class SentForm(OneOfSeveral):
    """A version was sent."""

    number = RadioField("Which version was sent?", [Required("Select which version was sent")])
    on = DatePartsField(
        "On which day was it sent?", [Required(), InPast(clock.today, or_today=True)]
    )
    to = TextField(
        "To whom?",
        [Required(WHOM)],
        max_length=120,
        hint="The enforcement officer or team, as your unit calls them",
    )

    def offer(self, versions: Sequence[Version]) -> None:
        """The versions that there are, the newest first."""
        self.number.set_choices(
            [(str(one.row.number), f"Version {one.row.number}") for one in versions]
        )
