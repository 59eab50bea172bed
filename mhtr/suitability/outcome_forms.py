"""What the PSR proposed and what the court did. Shape only."""

from datetime import date
from typing import Any

from mhtr.cases.facts import StageOfCase
from mhtr.cases.filing import Filing
from mhtr.core import clock
from mhtr.intake import filing_form
from mhtr.intake.filing_form import FilingFields
from mhtr.intake.other_trust_field import OtherTrustField
from mhtr.suitability.court_result import (
    CORRECTION_WORDS,
    RESULT_WORDS,
    Correction,
    Outcome,
    Result,
)
from mhtr.suitability.outcome_rules import Side
from mhtr.suitability.sentence_rules import WHY_WORDS, WhyThatDay
from mhtr.web.fields import (
    CheckboxField,
    Choice,
    DatePartsField,
    InFuture,
    InPast,
    OnlyWith,
    RadioField,
    RevealedBy,
    TextAreaField,
)
from mhtr.web.forms import VersionedForm

NOTE_HINTS = {
    Side.CLINICAL: "Read by clinicians of the case only. Nothing about the offence",
    Side.PROBATION: "Read by probation of the case only. Nothing about health",
}
SENTENCES = tuple(result.value for result in Result if result is not Result.ADJOURNED)


LEFT_OUT = "left_out"


class OutcomeForm(FilingFields, VersionedForm):
    """Either part may come alone: the proposal when the PSR is filed, the result after court."""

    proposed = RadioField(
        "Did the pre-sentence report propose the requirement?",
        error_name="whether it was proposed",
        choices=[("yes", "Yes, proposed"), ("no", "No, not proposed")],
    )
    asked_service = CheckboxField("I have asked the service, and it was proposed all the same")
    result = RadioField(
        "What did the court do?",
        error_name="what the court did",
        choices=[(result.value, words) for result, words in RESULT_WORDS.items()],
        hint="Leave empty if the hearing has not taken place",
    )
    sentenced_on = DatePartsField(
        "Date of sentence",
        [
            OnlyWith(
                "result",
                *SENTENCES,
                message="Enter the date of sentence",
                otherwise="Take out the date of sentence, or select a sentence above",
            ),
            InPast(clock.today, or_today=True),
        ],
        hint="Only if he was sentenced",
    )
    stage = RadioField(
        "How was he convicted?",
        [
            OnlyWith(
                "result",
                *SENTENCES,
                message="Select how he was convicted: no plea or finding is recorded",
                otherwise="Select “Leave this out” and record the plea or finding under "
                "“Hearing”, or select a sentence above",
                left_out=LEFT_OUT,
            )
        ],
        choices=[
            (StageOfCase.GUILTY_PLEA.value, "He pleaded guilty"),
            (StageOfCase.FOUND_GUILTY.value, "He was found guilty"),
        ],
        hint="No plea or finding is recorded yet. Only if he was sentenced",
    )
    convicted_on = DatePartsField(
        "Day of the plea or the finding",
        [
            OnlyWith(
                "result",
                *SENTENCES,
                message="Enter the day of the plea or the finding",
                otherwise="Take out the day of the plea or the finding, or select a sentence above",
            ),
            InPast(clock.today, or_today=True),
        ],
        hint="Only if he was sentenced",
    )
    day_is_right = CheckboxField("This is right")
    why_that_day = RadioField(
        "Why is it right?",
        [RevealedBy("day_is_right", message="Select why the date of sentence is right")],
        choices=[(why.value, words) for why, words in WHY_WORDS.items()],
    )
    next_hearing_on = DatePartsField(
        "New court date",
        [
            OnlyWith(
                "result",
                Result.ADJOURNED.value,
                required=False,
                otherwise="Take out the new court date, or select “No sentence yet: adjourned”",
            ),
            InFuture(clock.today, or_today=True),
        ],
        hint="Leave empty if the court has fixed none",
    )
    other_trust = OtherTrustField()
    correction = RadioField(
        "Why is what was recorded before wrong?",
        choices=[(why.value, words) for why, words in CORRECTION_WORDS.items()],
        optional=False,
        hint="Only if you change what is recorded. Everybody concerned is told",
    )
    note = TextAreaField("Note", max_length=1000, rows=3)

    hearing_before: date | None = None
    """The court date until now."""

    def __init__(
        self, *args: Any, side: Side | None, asks_plea: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.side = side
        self.asks_about_day = self.day_is_right.data
        self.asks_about_report = self.asked_service.data
        self.asks_plea = asks_plea
        if asks_plea and self.result.data and self.result.data not in SENTENCES:
            # A radio button cannot be taken back: without a sentence there is one that says so.
            self.stage.choices = [*self.stage.choices, Choice(LEFT_OUT, "Leave this out")]
        if not asks_plea:
            del self.stage
            del self.convicted_on
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
        return self._filing_fits() and valid

    def _filing_fits(self) -> bool:
        if self.result.data != Result.ADJOURNED.value:
            return True
        return filing_form.fits(self, self.hearing_before, self.next_hearing_on.data)

    def _stage(self) -> StageOfCase | None:
        said = self.stage.data if self.asks_plea else None
        return StageOfCase(said) if said and said != LEFT_OUT else None

    def _filing(self) -> Filing | None:
        adjourned = self.result.data == Result.ADJOURNED.value
        return filing_form.filing_of(self) if adjourned else None

    def ask_about_day(self, questions: tuple[str, ...]) -> None:
        """The day of sentence does not fit the record: show what does not, and ask."""
        self.asks_about_day = True
        words = "Correct it, or tick “This is right” below and say why."
        self.refuse(" ".join((*questions, words)), field="sentenced_on")

    def ask_about_report(self, mark: str) -> None:
        """The report may no longer stand: show it, and ask whether the service was asked."""
        self.asks_about_report = True
        words = "If you have asked, tick it below; otherwise leave the first question empty."
        self.refuse(f"{mark} {words}", field="proposed")

    def read_again(self, version: int) -> None:
        """Somebody recorded something meanwhile: what was typed stays, and may be sent again."""
        self.version.carry(version)
        self.refuse("Somebody recorded something meanwhile. Nothing of yours is saved yet.")

    def outcome(self) -> Outcome:
        """What a valid form says."""
        return Outcome(
            proposed=None if self.proposed.data is None else self.proposed.data == "yes",
            result=Result(self.result.data) if self.result.data else None,
            asked_service=bool(self.asked_service.data),
            sentenced_on=self.sentenced_on.data,
            next_hearing_on=self.next_hearing_on.data,
            filing=self._filing(),
            to_trust=self.other_trust.ticked,
            note=(self.note.data or "") if self.side else "",
            note_side=self.side,
            stage=self._stage(),
            convicted_on=self.convicted_on.data if self.asks_plea else None,
            correction=Correction(self.correction.data) if self.correction.data else None,
            why_that_day=WhyThatDay(self.why_that_day.data) if self.why_that_day.data else None,
        )
