"""The box that is ticked where something goes to another trust."""

from typing import Any

from mhtr.intake.other_trust import GoesElsewhere
from mhtr.web.fields import CheckboxesField


class OtherTrustField(CheckboxesField):
    """Asked only where it would go to another trust: `GoesElsewhere` says which and why.

    A tick names the trust it was put for: after a change to a third one it is asked anew.
    """

    UNSAID = "Tick that it goes there, or change your answer"

    def __init__(self, label: str = "Another trust", validators: Any = (), **kwargs: Any) -> None:
        super().__init__(label, validators, optional=False, **kwargs)

    def pre_validate(self, form: Any) -> None:
        """What was ticked is weighed by the service, which knows where it would go."""

    @property
    def ticked(self) -> int | None:
        """The trust whose box was ticked."""
        sent = [value for value in self.data if value.isdecimal()]
        return int(sent[0]) if sent else None

    def ask(self, asked: GoesElsewhere) -> None:
        """Show the box for this trust, not ticked."""
        self.set_choices([(str(asked.trust_id), " ".join(asked.reasons))])
        self.data, self.raw_data = [], None
        self.errors = [self.UNSAID]
