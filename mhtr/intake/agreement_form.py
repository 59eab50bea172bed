"""The page of his agreement to the referral, and of how to reach him."""

from typing import ClassVar

from wtforms.validators import ValidationError

from mhtr.core import clock
from mhtr.core.codes import lists
from mhtr.intake.form_base import StepForm, choices_of
from mhtr.intake.referral_values import ANSWER_WORDS, Answer, HowAgreed
from mhtr.intake.rules import Willingness
from mhtr.web.fields import DatePartsField, RadioField, SelectField, TelField

_SAID = (Willingness.WILLING, Willingness.NOT_WILLING)


class AgreementForm(StepForm):
    """His agreement, and how to reach him."""

    FIELDS: ClassVar[tuple[str, ...]] = (
        "willing",
        "agreed_how",
        "agreed_on",
        "able_to_agree",
        "phone",
        "safe_to_text",
        "language",
        "interpreter",
    )
    willing = RadioField(
        "Does he agree to this referral?",
        choices=choices_of(Willingness),
        hint="He is asked again before the assessment, and may change his mind.",
        optional=False,
    )
    agreed_how = RadioField(
        "How did he say so?", choices=choices_of(HowAgreed), inline=True, optional=False
    )
    agreed_on = DatePartsField("Day, if not today")
    able_to_agree = RadioField(
        "Was he able to decide this then?",
        choices=choices_of(Answer, ANSWER_WORDS),
        hint="Able to understand, remember and weigh it up, and to say what he wants.",
        inline=True,
        optional=False,
    )
    phone = TelField("His telephone number", width=20)
    safe_to_text = RadioField(
        "Is it safe to send a text to it?",
        choices=choices_of(Answer, ANSWER_WORDS),
        hint="Nobody else reads his messages.",
        inline=True,
        optional=False,
    )
    language = SelectField("Language, if not English", prompt="English or not known")
    interpreter = RadioField(
        "Does he need an interpreter?",
        choices=choices_of(Answer, ANSWER_WORDS),
        inline=True,
        optional=False,
    )

    def offer(self) -> None:
        """Fill the list of languages, those common in London first."""
        entries = lists.load("languages").current(clock.today())
        first = sorted(entries, key=lambda e: e.extras.get("common_in_london") != "true")
        self.language.set_choices([(e.code, e.label) for e in first if e.code != "en"])

    def validate_agreed_on(self, field: DatePartsField) -> None:
        """Today is never put into what he said earlier: there the day is asked for."""
        if field.data is not None or self.willing.data not in _SAID:
            return
        if self.held.get("agreed_on") or (self._answered_anew and not self.new_today):
            raise ValidationError("Enter the day he said so")

    @property
    def _answered_anew(self) -> bool:
        return self.willing.data != self.held.get("willing")

    def given(self) -> dict[str, str]:
        found = super().given()
        # An earlier answer without a day, from a file or another system, stays without one.
        if found["willing"] in _SAID and self._answered_anew and self.new_today:
            found["agreed_on"] = found["agreed_on"] or clock.today().isoformat()
        return found
