"""The form of what a man says of a session he missed, for either side. Nothing is preselected."""

from datetime import datetime

from mhtr.compliance.attendance import ReasonGiven
from mhtr.compliance.contact_rules import WAY_WORDS, Way
from mhtr.compliance.explanations import (
    BEARS_WORDS,
    GIVEN_BY_WORDS,
    NOT_SHOWN,
    PAPER_WORDS,
    REASONS,
    SEEN_WORDS,
    SHOWS_WHAT,
    TOLD_FIRST,
    WHO_SAW,
    BearsOut,
    Explanation,
    GivenBy,
    Paper,
    SeenBy,
    Shown,
    Side,
    offered,
)
from mhtr.core import clock
from mhtr.web.fields import (
    CheckboxField,
    DatePartsField,
    InPast,
    RadioField,
    Required,
    RevealedBy,
    SelectField,
    TextAreaField,
    TimeField,
)
from mhtr.web.forms import Form

SHOWN = "shown"
WHAT_PAPER = "Select what it is"


class ExplanationForm(Form):
    """What he says of a session, and what he shows for it."""

    knew_readers = CheckboxField(
        "He knew who reads what before he answered", [Required(TOLD_FIRST)]
    )
    given_by = RadioField(
        "Who said it?", [Required("Select who said it")], choices=list(GIVEN_BY_WORDS.items())
    )
    way = SelectField("How?", [Required("Select how he said it")], choices=list(WAY_WORDS.items()))
    on = DatePartsField("On which day?", [Required(), InPast(clock.today, or_today=True)])
    at = TimeField("At what time?", [Required("Enter the time")])
    reason = RadioField(
        "Which kind of reason does he give?",
        [Required("Select which kind of reason he gives")],
        choices=list(REASONS.items()),
        hint="Go through these with him. Probation reads the kind",
    )
    for_probation = TextAreaField(
        "What he wants probation to know of it",
        max_length=1000,
        rows=3,
        hint="In his words, and only what he wants passed on. Probation reads this",
    )
    for_clinicians = TextAreaField(
        "What he wants his clinicians to know",
        max_length=2000,
        rows=3,
        hint="Read by clinicians only. Probation never sees it",
    )
    shows = RadioField(
        "Does he show anything for it?",
        [Required("Select whether he shows anything for it")],
        choices=[
            (Paper.PROMISED.value, PAPER_WORDS[Paper.PROMISED]),
            (Paper.NONE.value, PAPER_WORDS[Paper.NONE]),
            (SHOWN, "Yes"),
        ],
    )
    paper = SelectField(
        "What is it?",
        [RevealedBy("shows", SHOWN, message=WHAT_PAPER)],
        choices=[(kind, words) for kind, words in PAPER_WORDS.items() if kind not in NOT_SHOWN],
    )
    seen_by = RadioField("Who has seen it?", [RevealedBy("shows", SHOWN, message=WHO_SAW)])
    bears_out = RadioField(
        "What does it show?",
        [RevealedBy("shows", SHOWN, message=SHOWS_WHAT)],
        choices=list(BEARS_WORDS.items()),
    )
    first_day = DatePartsField(
        "Which day is the first that it covers?", [RevealedBy("shows", SHOWN, required=False)]
    )
    last_day = DatePartsField(
        "Which day is the last that it covers?", [RevealedBy("shows", SHOWN, required=False)]
    )

    def offer(self, *, clinician: bool, side: Side) -> None:
        """What the writer may say: detail by clinicians alone, a paper by who saw it."""
        if not clinician:
            del self.for_clinicians
        if side is Side.PROBATION:
            del self.seen_by
        else:
            seen = offered(clinician=clinician, side=side)
            self.seen_by.set_choices([(one.value, SEEN_WORDS[one]) for one in seen])

    def said(self) -> Explanation:
        """What a valid form says."""
        if self.on.data is None or self.at.data is None:
            raise ValueError("the form was not valid")
        return Explanation(
            at=clock.from_london(datetime.combine(self.on.data, self.at.data)),
            way=Way(self.way.data or ""),
            given_by=GivenBy(self.given_by.data or ""),
            reason=ReasonGiven(self.reason.data or ""),
            knew_readers=self.knew_readers.data,
            for_probation=self.for_probation.data,
            for_clinicians=self.for_clinicians.data if "for_clinicians" in self else "",
            shown=self._shown(),
        )

    def _shown(self) -> Shown:
        if self.shows.data != SHOWN:
            return Shown(Paper(self.shows.data or ""))
        seen_by = self.seen_by.data if "seen_by" in self else SeenBy.PROBATION
        return Shown(
            Paper(self.paper.data or ""),
            SeenBy(seen_by or ""),
            BearsOut(self.bears_out.data or ""),
            self.first_day.data,
            self.last_day.data,
        )
