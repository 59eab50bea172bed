"""What the PSR proposed and what the court did. Shape only."""

from typing import Any

from mhtr.core import clock
from mhtr.suitability.outcome_rules import Side
from mhtr.suitability.outcome_service import RESULT_WORDS, Outcome, Result
from mhtr.web.fields import (
    DatePartsField,
    InFuture,
    InPast,
    RadioField,
    RevealedBy,
    TextAreaField,
)
from mhtr.web.forms import Form

NOTE_HINTS = {
    Side.CLINICAL: "Read by clinicians of the case only. Nothing about the offence",
    Side.PROBATION: "Read by probation of the case only. Nothing about health",
}
SENTENCES = tuple(result.value for result in Result if result is not Result.ADJOURNED)


class OutcomeForm(Form):
    """Either part may come alone: the proposal when the PSR is filed, the result after court."""

    proposed = RadioField(
        "Did the pre-sentence report propose the requirement?",
        error_name="whether it was proposed",
        choices=[("yes", "Yes, proposed"), ("no", "No, not proposed")],
    )
    result = RadioField(
        "What did the court do?",
        error_name="what the court did",
        choices=[(result.value, words) for result, words in RESULT_WORDS.items()],
        hint="Leave empty if the hearing has not taken place",
    )
    sentenced_on = DatePartsField(
        "Date of sentence",
        [
            RevealedBy("result", *SENTENCES, message="Enter the date of sentence"),
            InPast(clock.today, or_today=True),
        ],
        hint="Only if he was sentenced",
    )
    next_hearing_on = DatePartsField(
        "New court date",
        [RevealedBy("result", "adjourned", required=False), InFuture(clock.today, or_today=True)],
        hint="Leave empty if the court has fixed none",
    )
    note = TextAreaField("Note", max_length=1000, rows=3)

    def __init__(self, *args: Any, side: Side | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.side = side
        if side is None:
            del self.note
        else:
            self.note.hint = NOTE_HINTS[side]

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: one of the two questions must be answered."""
        valid = super().validate(extra_validators)
        if self.proposed.data is None and self.result.data is None and not self.result.errors:
            self.result.errors = ["Answer at least one of the two questions"]
            return False
        return valid

    def outcome(self) -> Outcome:
        """What a valid form says."""
        return Outcome(
            proposed=None if self.proposed.data is None else self.proposed.data == "yes",
            result=Result(self.result.data) if self.result.data else None,
            sentenced_on=self.sentenced_on.data,
            next_hearing_on=self.next_hearing_on.data,
            note=(self.note.data or "") if self.side else "",
            note_side=self.side,
        )
