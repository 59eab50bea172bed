"""Forms about a change of a man's therapist. Shape only."""

from typing import Any

from mhtr.web.fields import DatePartsField, RadioField, Required, TextAreaField
from mhtr.web.forms import Form
from sessions.therapists.kinds import (
    ASKED_HOW,
    BOOKED_WORDS,
    HOW_WORDS,
    WHY_WORDS,
    Booked,
    How,
    Why,
)
from sessions.therapists.service import LONGEST, Proposed, Said

YES, NO = "yes", "no"
CLINICIANS = "Read by clinicians of his case only. Probation never sees it"


class ProposeForm(Form):
    """Another therapist is proposed."""

    therapist = RadioField("Who would see him?", [Required("Select who would see him")])
    why = RadioField(
        "Why?", [Required("Select why")], choices=list(WHY_WORDS.items()), hint=CLINICIANS
    )
    words = TextAreaField(
        "Say more about why", [Required("Say why")], max_length=LONGEST, rows=3, hint=CLINICIANS
    )
    starts_on = DatePartsField(
        "From when?", [Required("Enter from when")], hint="Today, or a day in the next half year"
    )
    booked = RadioField(
        "What becomes of the sessions that are booked with his therapist from that day on?",
        [Required("Select what becomes of the booked sessions")],
        choices=list(BOOKED_WORDS.items()),
        default=Booked.MOVE.value,
    )

    def proposed(self, known: dict[str, int]) -> Proposed:
        """What a valid form says."""
        assert self.starts_on.data is not None  # noqa: S101  (required)
        return Proposed(
            to_id=known[self.therapist.data or ""],
            why=Why(self.why.data or ""),
            words=self.words.data,
            starts_on=self.starts_on.data,
            booked=Booked(self.booked.data or ""),
        )


class AnswerForm(Form):
    """His therapist, or a clinical lead, answers."""

    agrees = RadioField(
        "Do you agree?",
        [Required("Select whether you agree")],
        choices=[(YES, "Yes, I agree"), (NO, "No. This ends the proposal")],
    )
    words = TextAreaField(
        "Why, or on what understanding",
        max_length=LONGEST,
        rows=3,
        hint=f"Needed where you do not agree. {CLINICIANS}",
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Also: a refusal has its reason."""
        valid = super().validate(extra_validators)
        if self.agrees.data == NO and not self.words.data.strip():
            self.words.errors = ["Say why you do not agree"]
            return False
        return valid

    def said(self) -> Said:
        """What a valid form says."""
        return Said(self.agrees.data == YES, self.words.data)


class HisAnswerForm(Form):
    """A clinician asked him, and records what he said."""

    how = RadioField(
        "How was he asked?",
        [Required("Select how he was asked")],
        choices=[(how.value, HOW_WORDS[how].capitalize()) for how in ASKED_HOW],
    )
    asked_on = DatePartsField("When was he asked?", [Required("Enter when he was asked")])
    agrees = RadioField(
        "Does he agree to the new therapist?",
        [Required("Select whether he agrees")],
        choices=[(YES, "Yes, he agrees"), (NO, "No, he refuses. This ends the proposal")],
    )
    words = TextAreaField(
        "What did he say?",
        [Required("Write what he said")],
        max_length=LONGEST,
        rows=3,
        hint="In his words where you can. Read by clinicians of his case only",
    )

    def said(self) -> Said:
        """What a valid form says."""
        return Said(
            self.agrees.data == YES, self.words.data, How(self.how.data or ""), self.asked_on.data
        )


class WithdrawForm(Form):
    """A proposal is taken back."""

    reason = TextAreaField(
        "Why is it withdrawn?", [Required("Say why")], max_length=LONGEST, rows=3, hint=CLINICIANS
    )
