"""Forms of incident records."""

from typing import Any

from mhtr.core import clock
from mhtr.safeguarding import incident_rules as rules
from mhtr.safeguarding.incident_models import IncidentVersion
from mhtr.safeguarding.incident_rules import (
    CANDOUR_WORDS,
    HARM_WORDS,
    HARMED_WORDS,
    LONGEST,
    Candour,
    Happened,
    Harm,
    Harmed,
)
from mhtr.web.fields import (
    DatePartsField,
    HiddenField,
    InPast,
    RadioField,
    Required,
    RevealedBy,
    TextAreaField,
    TextField,
)
from mhtr.web.forms import Form

_HARMED = (Harm.LOW.value, Harm.MODERATE.value, Harm.SEVERE.value, Harm.FATAL.value)


class IncidentForm(Form):
    """What happened."""

    what = TextAreaField(
        "What happened?",
        [Required(rules.NO_WHAT)],
        max_length=LONGEST,
        rows=6,
        hint="Facts in their order: what was seen and said. No blame, and no guesses",
    )
    on = DatePartsField(
        "On which day?",
        [Required(rules.NO_DAY), InPast(clock.today, or_today=True, message=rules.NOT_YET)],
        error_name="the day",
    )
    at = TextField(
        "At what time?", max_length=40, optional=True, hint="As far as it is known: 14:30, or noon"
    )
    place = TextField("Where?", [Required(rules.NO_PLACE)], max_length=300)
    harmed = RadioField(
        "Who was harmed, or could have been?",
        [Required(rules.NO_HARMED)],
        choices=[(one.value, words) for one, words in HARMED_WORDS.items()],
    )
    harm = RadioField(
        "How badly?",
        [Required(rules.NO_HARM)],
        choices=[(one.value, words) for one, words in HARM_WORDS.items()],
    )
    harm_words = TextAreaField(
        "How were they harmed?",
        [RevealedBy("harm", *_HARMED, message=rules.NO_HARM_WORDS)],
        max_length=LONGEST,
        rows=3,
        hint="Only where somebody was",
    )
    done = TextAreaField(
        "What was done at once?", [Required(rules.NO_DONE)], max_length=LONGEST, rows=3
    )
    reported = TextAreaField(
        "To whom was it reported?",
        [Required(rules.NO_REPORTED)],
        max_length=LONGEST,
        rows=2,
        hint="For example: the trust’s incident system with its number, the police, an insurer",
    )
    candour = RadioField(
        "Duty of candour",
        [Required(rules.NO_CANDOUR)],
        choices=[(one.value, words) for one, words in CANDOUR_WORDS.items()],
        hint="It applies where he came to harm that is moderate or worse: he is told what "
        "happened, and apologised to",
    )
    candour_words = TextAreaField(
        "Who told him, when, and how was he apologised to?",
        [RevealedBy("candour", Candour.DONE.value, message=rules.NO_CANDOUR_WORDS)],
        max_length=LONGEST,
        rows=3,
        hint="Only where it was done",
    )

    def said(self) -> Happened:
        """What a valid form says.

        Raises:
            ValueError: no day was given.
        """
        if self.on.data is None:
            raise ValueError(self.on.name)
        return Happened(
            on=self.on.data,
            at=self.at.data or "",
            place=self.place.data or "",
            what=self.what.data,
            harmed=Harmed(self.harmed.data or ""),
            harm=Harm(self.harm.data or ""),
            harm_words=self.harm_words.data or "",
            done=self.done.data,
            reported=self.reported.data,
            candour=Candour(self.candour.data or ""),
            candour_words=self.candour_words.data or "",
        )


class IncidentCorrectForm(IncidentForm):
    """An incident record is put right."""

    seen = HiddenField()
    """What of it was there when it was read."""
    why = TextAreaField("Why is it put right?", [Required(rules.NO_WHY)], max_length=1000, rows=2)


class ReviewForm(Form):
    """A clinical lead closes an incident, or opens it again."""

    seen = HiddenField()
    words = TextAreaField(
        "What was learned, and what changes?",
        [Required(rules.NO_LEARNING)],
        max_length=LONGEST,
        rows=4,
    )

    def asks_why_again(self) -> None:
        """Of one that is closed there is nothing to learn, but to say why it is opened again."""
        self.words.label.text = "Why is it opened again?"


def typed_from(row: IncidentVersion) -> dict[str, Any]:
    """What a form begins with, of a version that is put right."""
    return {
        "what": row.what,
        "on": row.on,
        "at": row.at,
        "place": row.place,
        "harmed": row.harmed.value,
        "harm": row.harm.value,
        "harm_words": row.harm_words,
        "done": row.done,
        "reported": row.reported,
        "candour": row.candour.value,
        "candour_words": row.candour_words,
    }
