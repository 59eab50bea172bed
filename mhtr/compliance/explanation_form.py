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
    TOLD_FIRST,
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
    TextAreaField,
    TimeField,
)
from mhtr.web.forms import Form

OF_PAPER = "Only where he showed something"


class ExplanationForm(Form):
    """What he says of a session, and what he shows for it."""

    knew_readers = CheckboxField(
        "He knew who reads what before he answered", [Required(TOLD_FIRST)]
    )
    given_by = RadioField(
        "Who said it?", [Required("Select who said it")], choices=list(GIVEN_BY_WORDS.items())
    )
    way = RadioField("How?", [Required("Select how he said it")], choices=list(WAY_WORDS.items()))
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
    paper = RadioField(
        "What does he show for it?",
        [Required("Select what he shows for it")],
        choices=list(PAPER_WORDS.items()),
    )
    seen_by = RadioField("Who has seen it?", hint=OF_PAPER)
    bears_out = RadioField("What does it show?", choices=list(BEARS_WORDS.items()), hint=OF_PAPER)
    first_day = DatePartsField("Which day is the first that it covers?", hint=OF_PAPER)
    last_day = DatePartsField("Which day is the last that it covers?", hint=OF_PAPER)

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
        paper = Paper(self.paper.data or "")
        if "seen_by" in self:
            seen_by = SeenBy(self.seen_by.data) if self.seen_by.data else None
        else:
            seen_by = None if paper in NOT_SHOWN else SeenBy.PROBATION
        bears_out = BearsOut(self.bears_out.data) if self.bears_out.data else None
        return Shown(paper, seen_by, bears_out, self.first_day.data, self.last_day.data)
