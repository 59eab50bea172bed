"""Forms of an addendum. Shape only."""

from collections.abc import Sequence
from typing import Any, Self

from mhtr.suitability.addendum_asked import NOTHING_WORDS
from mhtr.suitability.addendum_service import CameBack
from mhtr.suitability.figures import Figures
from mhtr.suitability.release_checks import ReleaseWarning
from mhtr.suitability.release_forms import ANSWERS
from mhtr.suitability.sections import PATHWAYS, Pathway
from mhtr.web.fields import (
    HiddenField,
    IntegerField,
    RadioField,
    Required,
    SelectField,
    TextAreaField,
)
from mhtr.web.forms import Form, OneOfSeveral

_PLACES = ("Treatment, in order", "Then", "And then")
_FIGURES = ("sessions", "requirement_months", *(f"pathway_{n}" for n in range(len(PATHWAYS))))


class AddendumForm(Form):
    """What is added, which figures it corrects, what he says to it, and who signs."""

    text = TextAreaField(
        "What the addendum says",
        [Required("Write what the addendum says")],
        rows=6,
        hint="It goes to the same readers as the report. No address and no other person’s name.",
    )
    answer = RadioField(
        "What does he say to it?", [Required("Select what he says")], choices=ANSWERS
    )
    words = TextAreaField("His words, or what was tried", rows=3, max_length=2000, optional=False)
    sessions = IntegerField("Sessions", minimum=1, maximum=120)
    requirement_months = IntegerField(
        "Length of the requirement, in months", minimum=1, maximum=120
    )
    lead = SelectField("Clinical lead", prompt="Any clinical lead", optional=False)
    looked_at = HiddenField()
    before: CameBack | None = None
    corrects = False
    """Whether its fields begin with a figure that is other than now."""

    @classmethod
    def about(cls, now: Figures | None, before: CameBack | None = None, **given: Any) -> Self:
        """With what is proposed now in its fields; without them where nothing is proposed.

        Args:
            before: one that came back: its text and its figures stand in the fields instead.
        """
        data: dict[str, Any] = {"text": before.text} if before else {}
        if now is None:
            form = cls(data=data, **given)
            form.before = before
            for name in _FIGURES:
                del form[name]
            return form
        shown = before.figures if before and before.figures else now
        data |= {"sessions": shown.sessions, "requirement_months": shown.requirement_months}
        data |= {f"pathway_{n}": pathway.value for n, pathway in enumerate(shown.pathways)}
        form = cls(data=data, **given)
        form.before, form.corrects = before, shown != now
        return form

    def figures(self, now: Figures | None) -> Figures | None:
        """What is proposed from now on, as a valid form says it; what is left empty stays."""
        if now is None:
            return None
        picked = [self[f"pathway_{n}"].data for n in range(len(PATHWAYS))]
        pathways = tuple(Pathway(key) for key in dict.fromkeys(picked) if key)
        return Figures(
            pathways or now.pathways,
            self.sessions.data or now.sessions,
            self.requirement_months.data or now.requirement_months,
        )

    def first_look(self, warnings: Sequence[ReleaseWarning]) -> bool:
        """Whether these prompts were not on the page that was sent; the next one carries them."""
        keys = " ".join(warning.key for warning in warnings)
        new = bool(keys) and keys != self.looked_at.data
        self.looked_at.carry(keys)
        return new


for _n in range(len(PATHWAYS)):
    setattr(
        AddendumForm,
        f"pathway_{_n}",
        SelectField(
            _PLACES[min(_n, len(_PLACES) - 1)],
            choices=PATHWAYS,
            prompt="None",
        ),
    )


class TakeBackForm(OneOfSeveral):
    """An addendum is taken back before it goes out."""


class NothingForm(OneOfSeveral):
    """Why nothing is added to the report."""

    why = RadioField(
        "Why is nothing added?",
        [Required("Select why nothing is added")],
        choices=[(why.value, words) for why, words in NOTHING_WORDS.items()],
        hint="Probation is told",
    )
